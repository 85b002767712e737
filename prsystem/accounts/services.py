"""Changes to accounts and areas."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from audit.services import changes, record
from prsystem.core.context import Actor
from prsystem.core.errors import InvalidInput

from .models import Area, User


@transaction.atomic
def preferences_set(*, actor: Actor, user_id: int, language: str = "", theme: str = "") -> User:
    """Keep the language (`es`, `en`) and the theme (`auto`, `light`, `dark`); an empty value leaves it as it is."""
    user = User.objects.select_for_update().get(pk=user_id)
    before = {"language": user.language, "theme": user.theme}
    after = {"language": language or user.language, "theme": theme or user.theme}
    if before == after:
        return user
    user.language, user.theme = after["language"], after["theme"]
    user.save(update_fields=["language", "theme"])
    record(actor, "user.preferences_changed", f"usuario:{user.pk}", changes(before, after))
    return user


@transaction.atomic
def password_change(*, actor: Actor, user_id: int, password: str) -> User:
    """Set a new password that the policy accepts; InvalidInput names what it lacks."""
    user = User.objects.select_for_update().get(pk=user_id)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput(errors={"new_password1": list(error.messages)}) from error
    user.set_password(password)
    user.save(update_fields=["password"])
    record(actor, "user.password_changed", f"usuario:{user.pk}")
    return user


@transaction.atomic
def area_create(*, actor: Actor, code: str, name: str) -> Area:
    """A new area; InvalidInput when the code or the name isn't valid or is taken."""
    area = Area(code=code, name=name)
    try:
        area.full_clean()
    except ValidationError as error:
        raise InvalidInput(errors={"area": list(error.messages)}) from error
    area.save(force_insert=True)
    record(actor, "area.created", f"area:{area.pk}", changes({}, {"code": code, "name": name}))
    return area
