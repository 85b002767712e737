"""People of the directory become accounts here, with the roles of their groups; leavers are shut out."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from audit.services import Outcome, changes, record
from prsystem.accounts.models import DirectoryGroup, RoleGrant, User
from prsystem.core.context import SYSTEM

from .people import Person


@transaction.atomic
def person_keep(*, person: Person) -> User | None:
    """The account of somebody in the directory, made or brought up to date with name, mail and roles.

    None when another account has the name, or an administrator has deactivated this one.
    """
    user = _account_of(person)
    if user is None:
        record(SYSTEM, "directory.name_taken", "usuario:desconocido", outcome=Outcome.DENIED)
        return None
    if not user.is_active and user.left_directory_at is None:
        return None
    _user_update(user, person)
    grants_replace(user, person.groups)
    return user


def _account_of(person: Person) -> User | None:
    """The locked account of this identity; a new one where there is none and the name is free."""
    accounts = User.objects.select_for_update()
    user = accounts.filter(directory_id=person.identity).first()
    _name_free(person.username, user)
    if user is not None:
        is_taken = User.objects.filter(username=person.username).exclude(pk=user.pk).exists()
        return None if is_taken else user
    new = User(username=person.username, directory_id=person.identity)
    new.set_unusable_password()
    # Somebody's first sign-in may come twice at once.
    User.objects.bulk_create([new], ignore_conflicts=True)
    user = accounts.filter(directory_id=person.identity).first()
    if user is not None and not user.full_name:
        record(SYSTEM, "user.created", f"usuario:{user.pk}", {"origen": "directorio", "username": person.username})
    return user


def _name_free(username: str, wanted_by: User | None) -> None:
    """A name goes over from somebody who left the directory to whom it belongs now, never the account."""
    holder = User.objects.filter(username=username, left_directory_at__isnull=False).first()
    if holder is not None and holder != wanted_by:
        User.objects.filter(pk=holder.pk).update(username=f"{username[:130]}~{holder.pk}")
        record(SYSTEM, "user.renamed", f"usuario:{holder.pk}", {"username": {"antes": username}})


def _user_update(user: User, person: Person) -> None:
    after = {
        "username": person.username,
        "full_name": person.full_name,
        "email": person.email,
        "is_active": True,
        "left_directory_at": None,
    }
    before = {name: getattr(user, name) for name in after}
    if before == after:
        return
    for name, value in after.items():
        setattr(user, name, value)
    user.save(update_fields=list(after))
    record(SYSTEM, "user.updated", f"usuario:{user.pk}", changes({**before, "left_directory_at": None}, after))


def grants_replace(user: User, groups: frozenset[str]) -> None:
    """The roles that the person's groups give, in place of those that they gave before; others stay as they are."""
    wanted = _grants_of(groups)
    held = {(grant.role, grant.area_id): grant for grant in user.grants.all()}
    lost = [grant for key, grant in held.items() if grant.from_directory and key not in wanted]
    won = [RoleGrant(user=user, role=role, area_id=area, from_directory=True) for role, area in wanted - set(held)]
    if not (lost or won):
        return
    RoleGrant.objects.filter(pk__in=[grant.pk for grant in lost]).delete()
    RoleGrant.objects.bulk_create(won)
    details = {"quitados": sorted(map(str, lost)), "dados": sorted(map(str, won))}
    record(SYSTEM, "user.roles_from_directory", f"usuario:{user.pk}", details)


def _grants_of(groups: frozenset[str]) -> set[tuple[str, int | None]]:
    mapped = DirectoryGroup.objects.filter(dn__in=groups).values_list("role", "areas")
    return set(mapped)


@transaction.atomic
def person_leave(*, user_id: int, reason: str) -> bool:
    """Shut somebody out at once: inactive, which refuses keys and tokens, and every session void for good."""
    left = User.objects.filter(pk=user_id, is_active=True).update(
        is_active=False, left_directory_at=timezone.now(), session_epoch=F("session_epoch") + 1
    )
    if left:
        record(SYSTEM, "user.left_directory", f"usuario:{user_id}", {"motivo": reason})
    return bool(left)
