"""Changes to accounts and areas."""

from collections.abc import Iterable
from dataclasses import dataclass

from axes.utils import reset
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from audit.services import changes, record
from prsystem.accounts.sign_in.throttle import LIMIT, TooManyAttempts, hits_count
from prsystem.core.context import Actor
from prsystem.core.errors import Conflict, InvalidInput

from .models import Area, RoleGrant, User
from .names import canonical_username
from .selectors import has_administrator

_LOCK = 0x70725F61646D  # whether an administrator remains: any constant does that nothing else uses


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


def present_password_check(*, user: User, given: str) -> bool:
    """Whether this is the password of the person who wants another one: a session left open, or stolen, isn't enough.

    False as well where there is none here, as the directory's is not ours to change. Attempts are counted before they
    are checked; TooManyAttempts beyond five a minute.
    """
    attempts, seconds = hits_count(f"step-up|{user.pk}", 60)
    if attempts > LIMIT:
        raise TooManyAttempts(retry_after=max(seconds, 1))
    return user.has_usable_password() and user.check_password(given)


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


@dataclass(frozen=True)
class NewUser:
    """Somebody to be. Without a password there is no signing in until one is set; `grants` are (role, area id) pairs,
    None for every area."""

    username: str
    full_name: str = ""
    email: str = ""
    password: str = ""
    grants: tuple[tuple[str, int | None], ...] = ()


@transaction.atomic
def user_create(*, actor: Actor, new: NewUser) -> User:
    """A new account with its roles; InvalidInput names every bad field."""
    user = User(username=canonical_username(new.username), full_name=new.full_name, email=new.email)
    if new.password:
        user.set_password(new.password)
    else:
        user.set_unusable_password()
    _require_valid(user, new.password)
    user.save(force_insert=True)
    RoleGrant.objects.bulk_create([RoleGrant(user=user, role=role, area_id=area) for role, area in new.grants])
    details = {"username": user.username, "full_name": user.full_name, "roles": _shown(new.grants)}
    record(actor, "user.created", f"usuario:{user.pk}", changes({}, details))
    return user


def erased_refuse(user: User) -> None:
    """Conflict for the account of an erased person, who gets another one on coming back: the trail tells them apart."""
    if user.is_erased:
        raise Conflict(_("This person was erased: make another account."))


def _require_valid(user: User, password: str) -> None:
    errors: dict[str, list[object]] = {}
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        errors |= {name: list(found) for name, found in error.message_dict.items()}
    try:
        if password:
            validate_password(password, user)
    except ValidationError as error:
        errors["password"] = list(error.messages)
    if errors:
        raise InvalidInput(errors=errors)


def _shown(grants: Iterable[tuple[str, int | None]]) -> list[str]:
    return sorted(f"{role} ({area or '*'})" for role, area in grants)


@transaction.atomic
def user_update(
    *, actor: Actor, user_id: int, full_name: str, email: str, grants: Iterable[tuple[str, int | None]]
) -> bool:
    """Name, address and roles as given, those of the directory left alone; whether anything changed."""
    user = User.objects.select_for_update().get(pk=user_id)
    of_directory = set(user.grants.filter(from_directory=True).values_list("role", "area_id"))
    wanted = set(grants) - of_directory
    held = set(user.grants.filter(from_directory=False).values_list("role", "area_id"))
    before = {"full_name": user.full_name, "email": user.email, "roles": _shown(held)}
    after = {"full_name": full_name, "email": email, "roles": _shown(wanted)}
    if before == after:
        return False
    erased_refuse(user)
    user.full_name, user.email = full_name, email
    _require_valid(user, "")
    user.save(update_fields=["full_name", "email"])
    for role, area in sorted(held - wanted, key=str):
        user.grants.filter(role=role, area_id=area, from_directory=False).delete()
    RoleGrant.objects.bulk_create([RoleGrant(user=user, role=role, area_id=area) for role, area in wanted - held])
    administrator_must_remain()
    record(actor, "user.updated", f"usuario:{user.pk}", changes(before, after))
    return True


@transaction.atomic
def user_set_active(*, actor: Actor, user_id: int, is_active: bool) -> bool:
    """Let somebody in or keep him out, at once and through every door; False when it was so already.

    Conflict when it would be one's own account, the last administrator's, or that of an erased person.
    """
    if user_id == actor.user_id and not is_active:
        raise Conflict(_("Nobody switches off the own account."))
    if is_active:
        erased_refuse(User.objects.get(pk=user_id))
    if not User.objects.filter(pk=user_id, is_active=not is_active).update(
        is_active=is_active, left_directory_at=None, session_epoch=F("session_epoch") + (0 if is_active else 1)
    ):
        return False
    administrator_must_remain()
    record(actor, "user.activated" if is_active else "user.deactivated", f"usuario:{user_id}")
    return True


@transaction.atomic
def user_unlock(*, actor: Actor, user_id: int) -> bool:
    """Forget the failed sign-ins of an account, from every address; False when there were none."""
    user = User.objects.get(pk=user_id)
    count = reset(username=user.username)
    if count:
        record(actor, "user.unlocked", f"usuario:{user_id}", {"intentos": count})
    return bool(count)


def administrator_must_remain() -> None:
    """Conflict unless somebody active still administers every area; the caller's transaction is then undone.

    Of two changes at once the second one waits here for the end of the first, and sees what it has left.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if not has_administrator():
        raise Conflict(_("At least one active administrator of every area must remain."))
