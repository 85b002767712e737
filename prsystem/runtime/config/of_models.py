"""A section whose items are the rows of a model."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from prsystem.core.errors import InvalidInput

from .. import trail
from . import values
from .sections import CREATED, EXTRA, REMOVED, UPDATED, Change, Item, Run

Identity = tuple[Any, ...]


@dataclass(frozen=True)
class Children:
    """Rows that belong to an item and are replaced as a whole; `name` is the relation's."""

    name: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class ModelSection:
    """Rows of `model` (`app.Model`), found by `key`; several with one key are told apart by their order.

    `entity` and `kind` name audit entries as the console's admin does. A row that the file lacks is deleted by a run
    that prunes; with `switch` that field is set to `switched_off` instead. `exclusive` is a mark that one row holds.
    `prepare` is a dotted path called with each row to be made, `after` one called once when anything changed.
    """

    code: str
    position: int
    label: Any
    model: str
    key: tuple[str, ...]
    fields: tuple[str, ...]
    entity: str
    kind: str = ""
    children: tuple[Children, ...] = ()
    only: dict[str, Any] = field(default_factory=dict)
    switch: str = ""
    switched_off: Any = False
    exclusive: str = ""
    prepare: str = ""
    after: str = ""
    in_file: bool = True
    in_sheet: bool = False

    @property
    def _model(self) -> Any:
        return apps.get_model(self.model)

    def _rows(self) -> list[models.Model]:
        return list(self._model._default_manager.filter(**self.only).order_by(*self.key, "pk"))

    def columns(self) -> list[str]:
        return [*self.key, *self.fields]

    def from_row(self, row: dict[str, str]) -> Item:
        return {name: values.from_text(self._model, name, text) for name, text in row.items()}

    # --- reading

    def export(self) -> list[Item]:
        return [self._item(row) for row in self._rows()]

    def _item(self, row: models.Model) -> Item:
        item = {name: values.plain(row, name) for name in self.columns()}
        for child in self.children:
            item[child.name] = self._children_of(row, child)
        return item

    def _children_of(self, row: models.Model, child: Children) -> list[Item]:
        if row.pk is None:
            return []
        found = [{name: values.plain(one, name) for name in child.fields} for one in getattr(row, child.name).all()]
        return sorted(found, key=lambda one: [str(one[name]) for name in child.fields])

    # --- writing

    def apply(self, items: list[Item], run: Run) -> None:
        before = len([change for change in run.changes if change.action != EXTRA])
        known = dict(_identified((self._key_of(row), row) for row in self._rows()))
        given = _identified((self._key_in(item), item) for item in items)
        for identity, item in given:
            self._one(known.pop(identity, None), item, run)
        for row in known.values():
            self._left_over(row, run)
        if self.after and len([change for change in run.changes if change.action != EXTRA]) > before:
            import_string(self.after)()

    def _key_of(self, row: models.Model) -> Identity:
        return tuple(_named(values.plain(row, name)) for name in self.key)

    def _key_in(self, item: Item) -> Identity:
        return tuple(_named(item.get(name)) for name in self.key)

    def _one(self, row: models.Model | None, item: Item, run: Run) -> None:
        name = "/".join(self._key_in(item))
        place = f"{self.code}[{name}]"
        if unknown := sorted(set(item) - set(self.columns()) - {child.name for child in self.children}):
            run.reject(place, [_("Unknown names: %(names)s.") % {"names": ", ".join(map(str, unknown))}])
            return
        try:
            with transaction.atomic():
                self._keep(row, item, name, run)
        except IntegrityError as error:
            run.reject(place, [_("The database refuses it: %(reason)s") % {"reason": str(error).splitlines()[0]}])
        except InvalidInput as error:
            run.reject_all(place, error)
        except ValidationError as error:
            run.reject_all(
                place, InvalidInput(errors={name: list(found) for name, found in error.message_dict.items()})
            )

    def _keep(self, row: models.Model | None, item: Item, name: str, run: Run) -> None:
        before = self._item(row) if row is not None else {}
        row = row if row is not None else self._new()
        many = self._fill(row, item)
        row.full_clean(exclude=[found.name for found in row._meta.concrete_fields if not found.editable])
        if self.exclusive and getattr(row, self.exclusive):
            others = self._model._default_manager.filter(**{self.exclusive: True}).exclude(pk=row.pk)
            others.update(**{self.exclusive: False})
        row.save()
        for field_name, rows in many.items():
            getattr(row, field_name).set(rows)
        for child in self.children:
            if child.name in item and item[child.name] != self._children_of(row, child):
                self._replace(row, child, item[child.name])
        self._noted(before, row, name, run)

    def _new(self) -> models.Model:
        row: models.Model = self._model(**self.only)
        if self.prepare:
            import_string(self.prepare)(row)
        return row

    def _fill(self, row: models.Model, item: Item) -> dict[str, Any]:
        """Set what can be set before saving; the rest, by field."""
        many = {}
        for name in (name for name in self.columns() if name in item):
            value = values.value_from(self._model, name, item[name])
            if isinstance(self._model._meta.get_field(name), models.ManyToManyField):
                many[name] = value
            else:
                setattr(row, name, value)
        return many

    def _replace(self, row: models.Model, child: Children, items: Any) -> None:
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise InvalidInput.field(child.name, _("A list is expected."))
        relation = getattr(row, child.name)
        relation.all().delete()
        for item in items:
            one = relation.model(**{relation.field.name: row})
            for name in child.fields:
                if name in item:
                    setattr(one, name, values.value_from(relation.model, name, item[name]))
            one.full_clean()
            one.save()

    def _noted(self, before: Item, row: models.Model, name: str, run: Run) -> None:
        row.refresh_from_db()
        after = self._item(row)
        fields = {
            key: {"antes": before.get(key), "despues": after[key]} for key in after if before.get(key) != after[key]
        }
        if not fields:
            return
        action = UPDATED if before else CREATED
        run.changes.append(Change(self.code, name, action, fields))
        trail.record(run.actor, f"{self.entity}.{action}", self._resource(row), self._told(fields))

    def _left_over(self, row: models.Model, run: Run) -> None:
        name = "/".join(map(str, self._key_of(row)))
        is_off = bool(self.switch) and getattr(row, self.switch) == self.switched_off
        if is_off:
            return
        if not run.prune:
            run.changes.append(Change(self.code, name, EXTRA))
            return
        self._remove(row, name, run)

    def _remove(self, row: models.Model, name: str, run: Run) -> None:
        fields = {key: {"antes": value, "despues": None} for key, value in self._item(row).items()}
        trail.record(run.actor, f"{self.entity}.deleted", self._resource(row), self._told(fields))
        run.changes.append(Change(self.code, name, REMOVED, fields))
        if self.switch:
            setattr(row, self.switch, self.switched_off)
            row.save(update_fields=[self.switch])
            return
        try:
            row.delete()
        except models.ProtectedError:
            run.reject(f"{self.code}[{name}]", [_("It can't be removed: something still refers to it.")])

    def _told(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The changes as the audit trail keeps them."""
        return {
            name: {side: self._in_trail(name, value) for side, value in pair.items()} for name, pair in fields.items()
        }

    def _in_trail(self, name: str, value: Any) -> Any:
        return values.person_in_trail(value) if values.is_person(self._model, name) else value

    def _resource(self, row: models.Model) -> str:
        return f"{self.kind or self.entity}:{row.pk}"


def _named(value: Any) -> str:
    """Part of an item's name; no area and no text are the same."""
    return "" if value is None else str(value)


def _identified(pairs: Iterable[tuple[Identity, Any]]) -> list[tuple[Identity, Any]]:
    """Keys made unique by counting the repeats."""
    seen: dict[Identity, int] = {}
    found = []
    for key, value in pairs:
        seen[key] = seen.get(key, 0) + 1
        found.append(((*key, seen[key]), value))
    return found
