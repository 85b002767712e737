"""Areas by the labels that a file of another system uses for them."""

import re
import unicodedata
from collections.abc import Collection

from django.utils.translation import gettext as _

from prsystem.accounts.models import Area
from prsystem.accounts.services import area_create
from prsystem.core.context import Actor
from prsystem.core.errors import InvalidInput
from prsystem.core.text.cleaning import shorten
from prsystem.core.text.fields import checked_line

CODE_LENGTH, NAME_LENGTH = 12, 80


def area_code_from(label: str, taken: Collection[str]) -> str:
    """A free code that `Area` accepts, made of the label: `Línea 2` -> `LINEA-2`, the next one `LINEA-2-2`."""
    bare = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().upper()
    base = re.sub(r"[^A-Z0-9]+", "-", bare).strip("-")
    if len(base) < 2 or not base[0].isalpha():
        base = f"AREA-{base}".rstrip("-")
    code, number = base[:CODE_LENGTH].rstrip("-"), 1
    while code in taken:
        number += 1
        suffix = f"-{number}"
        code = base[: CODE_LENGTH - len(suffix)].rstrip("-") + suffix
    return code


class AreaBook:
    """Finds areas by code or name in any case; with `create`, an unknown label becomes a new area once it is used."""

    def __init__(self, *, default: str = "", create: bool = False) -> None:
        areas = list(Area.objects.all())
        self._create = create
        self._areas = {area.code: area for area in areas}
        self._codes = {name.casefold(): area.code for area in areas for name in (area.name, area.code)}
        self._new: dict[str, str] = {}
        self.created: list[Area] = []
        self.default = self.code_of(default) if default else ""

    def code_of(self, label: str) -> str:
        """The code for a label, the default for an empty one; InvalidInput when there is no such active area."""
        label = checked_line("area", label, NAME_LENGTH, required=False)
        if not label:
            return self._default_code()
        code = self._known(label)
        if code is None and self._create:
            return self._planned(label)
        if code is None or (code in self._areas and not self._areas[code].is_active):
            raise InvalidInput.field("area", _("Unknown area «%(label)s».") % {"label": shorten(label, 40)})
        return code

    def area(self, code: str, actor: Actor) -> Area:
        """The area with a code that `code_of` gave, made now if it is new."""
        if code not in self._areas:
            self._areas[code] = area_create(actor=actor, code=code, name=self._new[code])
            self.created.append(self._areas[code])
        return self._areas[code]

    def _known(self, label: str) -> str | None:
        """Of a label that is a path (GLPI: `Producción > Prensas`, Zammad: `TI::Redes`), the last known part."""
        parts = [label, *reversed(re.split(r"\s+>\s+|::", label))]
        return next((code for part in parts if (code := self._codes.get(part.strip().casefold()))), None)

    def _default_code(self) -> str:
        if not self.default:
            raise InvalidInput.field("area", _("This field is required."))
        return self.default

    def _planned(self, label: str) -> str:
        code = area_code_from(label, self._areas.keys() | self._new.keys())
        self._codes[label.casefold()] = code
        self._new[code] = label
        return code
