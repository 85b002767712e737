"""Values of model fields as plain ones (text, numbers, lists) and back. Rows of other models go by a natural key."""

from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext as _

from prsystem.core.errors import InvalidInput

NATURAL = ("code", "username", "slug", "name")
YES = {"true", "1", "yes", "si", "sí", "x", "verdadero"}
NO = {"false", "0", "no", "", "falso"}
BETWEEN = " | "
_MOMENTS = (models.DateField, models.TimeField)


def natural_of(model: type[models.Model]) -> str:
    """The field by which rows of a model are named: the first of NATURAL that it has."""
    names = {found.name for found in model._meta.concrete_fields}
    return next(name for name in NATURAL if name in names)


def plain(obj: models.Model, name: str) -> Any:
    """The value of a field as it stands in a file."""
    found = obj._meta.get_field(name)
    if isinstance(found, models.ManyToManyField):
        natural = natural_of(found.related_model)
        return sorted(getattr(obj, name).values_list(natural, flat=True)) if obj.pk else []
    if isinstance(found, models.ForeignKey):
        other = getattr(obj, name)
        return None if other is None else getattr(other, natural_of(found.related_model))
    return _plain(getattr(obj, name))


def _plain(value: Any) -> Any:
    if isinstance(value, time):
        return value.isoformat("seconds" if value.second else "minutes")
    if isinstance(value, date | datetime):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | list | dict):
        return value
    return str(value)


def value_from(model: type[models.Model], name: str, given: Any) -> Any:
    """A plain value as the field takes it; rows for a many-to-many field. InvalidInput under the field's name."""
    found = model._meta.get_field(name)
    if isinstance(found, models.ManyToManyField):
        return [_row(found.related_model, name, one) for one in _list(name, given)]
    if isinstance(found, models.ForeignKey):
        return None if given in (None, "") else _row(found.related_model, name, given)
    if isinstance(found, ArrayField):
        return _list(name, given)
    if isinstance(found, models.JSONField):
        return given
    if isinstance(found, models.BooleanField) and not isinstance(given, bool):
        raise InvalidInput.field(name, _("Yes or no is expected."))
    if isinstance(found, models.CharField | models.TextField) and not isinstance(given, str):
        raise InvalidInput.field(name, _("Text is expected, in quotes where it looks like something else."))
    if isinstance(found, models.TimeField) and isinstance(given, int):
        return time(given // 60 % 24, given % 60)  # YAML reads 10:30 without quotes as a number of base 60
    if isinstance(given, list | dict) or (isinstance(found, _MOMENTS) and isinstance(given, int | float)):
        raise InvalidInput.field(name, _("A single value is expected."))
    return given


def _list(name: str, given: Any) -> list[Any]:
    if not isinstance(given, list):
        raise InvalidInput.field(name, _("A list is expected."))
    return given


def _row(model: type[models.Model], name: str, natural: Any) -> models.Model:
    row = model._default_manager.filter(**{natural_of(model): str(natural)}).first()
    if row is None:
        raise InvalidInput.field(name, _("There is no «%(name)s».") % {"name": str(natural)[:80]})
    return row


def is_person(model: type[models.Model], name: str) -> bool:
    """Whether a name of an item stands for an account. Children of a row have none."""
    found = {field.name: field for field in model._meta.concrete_fields}.get(name)
    return isinstance(found, models.ForeignKey) and found.related_model._meta.label == settings.AUTH_USER_MODEL


def person_in_trail(username: str | None) -> str | None:
    """How the audit trail names somebody: by a number that tells nothing once the account is erased."""
    found = get_user_model()._default_manager.filter(username=username).values_list("pk", flat=True).first()
    return f"usuario:{found}" if found else username


def from_text(model: type[models.Model], name: str, text: str) -> Any:
    """A plain value out of a cell of a table; InvalidInput under the field's name."""
    found, text = model._meta.get_field(name), text.strip()
    if isinstance(found, models.BooleanField):
        if text.casefold() not in YES | NO:
            raise InvalidInput.field(name, _("Yes or no is expected."))
        return text.casefold() in YES
    if isinstance(found, models.ManyToManyField | ArrayField):
        return [part.strip() for part in text.split("|") if part.strip()]
    if isinstance(found, models.IntegerField):
        return _integer(name, text)
    if not text and found.null:
        return None
    return text


def _integer(name: str, text: str) -> int:
    try:
        return int(float(text)) if float(text).is_integer() else int(text)
    except (ValueError, OverflowError):
        raise InvalidInput.field(name, _("A whole number is expected.")) from None


def to_text(value: Any) -> str:
    """A plain value as a cell."""
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, list):
        return BETWEEN.join(map(str, value))
    return "" if value is None else str(value)
