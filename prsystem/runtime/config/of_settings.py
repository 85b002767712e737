"""The settings that aren't at their default, as a section."""

import json
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prsystem.core.errors import InvalidInput, Missing

from ..registry import Kind, setting_of
from ..selectors import settings_changed
from ..services import setting_reset, setting_set
from .sections import EXTRA, REMOVED, UPDATED, Change, Item, Run
from .values import BETWEEN, NO, YES


class SettingsSection:
    """Items are pairs of key and value."""

    code, position, in_file, in_sheet = "settings", 0, True, True
    label = gettext_lazy("Settings")

    def export(self) -> list[Item]:
        return [{"key": key, "value": value} for key, value in settings_changed().items()]

    def apply(self, items: list[Item], run: Run) -> None:
        left_over = settings_changed()
        for item in items:
            key = str(item.get("key", ""))
            left_over.pop(key, None)
            try:
                self._note(run, key, setting_set(actor=run.actor, key=key, value=item.get("value")))
            except Missing as error:
                run.reject(f"{self.code}[{key}]", [str(error)])
            except InvalidInput as error:
                run.reject_all(f"{self.code}[{key}]", error)
        for key in left_over:
            if run.prune:
                self._note(run, key, setting_reset(actor=run.actor, key=key), REMOVED)
            else:
                run.changes.append(Change(self.code, key, EXTRA))

    def _note(self, run: Run, key: str, change: Any, action: str = UPDATED) -> None:
        if change is not None:
            fields = {"value": {"antes": change.before, "despues": change.after}}
            run.changes.append(Change(self.code, key, action, fields))

    def columns(self) -> list[str]:
        return ["key", "value"]

    def from_row(self, row: dict[str, str]) -> Item:
        """Values by the kind of their setting."""
        key, text = row["key"].strip(), row.get("value", "").strip()
        try:
            kind = setting_of(key).kind
            if kind == Kind.BOOLEAN:
                return {"key": key, "value": self._boolean(text)}
            if kind == Kind.LINES:
                return {"key": key, "value": [part.strip() for part in text.split(BETWEEN.strip()) if part.strip()]}
            if kind in (Kind.INTEGER, Kind.DECIMAL):
                return {"key": key, "value": json.loads(text)}
        except Missing as error:
            raise InvalidInput.field("key", str(error)) from error
        except ValueError:
            raise InvalidInput.field("value", _("It can't be read.")) from None
        return {"key": key, "value": text}

    def _boolean(self, text: str) -> bool:
        if text.casefold() not in YES | NO:
            raise ValueError(text)
        return text.casefold() in YES
