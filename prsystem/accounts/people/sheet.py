"""People with their roles as a table: `l1@PROD` is L1 in PROD, `editor@*` everywhere. Never part of the file."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prsystem.accounts.models import Area, User
from prsystem.accounts.names import canonical_username
from prsystem.accounts.services import NewUser, user_create, user_set_active, user_update
from prsystem.core.errors import Conflict, InvalidInput
from prsystem.core.rights import Role
from prsystem.runtime.config.sections import CREATED, UPDATED, Change, Item, Run
from prsystem.runtime.config.values import BETWEEN, NO, YES

EVERYWHERE = "*"
_TEXTS = ("username", "full_name", "email", "password")
GIVEN = ("full_name", "email", "is_active", "roles")


class PeopleSheet:
    """A password in the table counts for people who are new; they can change it."""

    code, position, in_file, in_sheet = "people", 70, False, True
    label = gettext_lazy("People and roles")

    def columns(self) -> list[str]:
        return ["username", "full_name", "email", "is_active", "roles", "password"]

    def export(self) -> list[Item]:
        found = User.objects.prefetch_related("grants__area").order_by("username")
        return [
            {
                "username": user.username,
                "full_name": user.full_name,
                "email": user.email,
                "is_active": user.is_active,
                "roles": roles_of(user),
                "password": "",
            }
            for user in found
        ]

    def from_row(self, row: dict[str, str]) -> Item:
        item: Item = {name: text.strip() for name, text in row.items()}
        item["username"] = canonical_username(item["username"])
        if "is_active" in item:
            if item["is_active"].casefold() not in YES | NO:
                raise InvalidInput.field("is_active", _("Yes or no is expected."))
            item["is_active"] = item["is_active"].casefold() in YES
        if "roles" in item:
            item["roles"] = [part.strip() for part in item["roles"].split(BETWEEN.strip()) if part.strip()]
        return item

    def apply(self, items: list[Item], run: Run) -> None:
        areas = dict(Area.objects.values_list("code", "pk"))
        users = {user.username: user for user in User.objects.prefetch_related("grants__area")}
        for item in items:
            name = str(item.get("username", ""))
            try:
                self._one(users.get(name), item, areas, run)
            except InvalidInput as error:
                run.reject_all(f"{self.code}[{name}]", error)
            except Conflict as error:
                run.reject(f"{self.code}[{name}]", [str(error)])

    def _one(self, user: User | None, item: Item, areas: dict[str, int], run: Run) -> None:
        _require_types(item)
        before = _shown(user) if user else {}
        after = {**before, **{name: item[name] for name in GIVEN if name in item}}
        grants = tuple(_grant(text, areas) for text in after.get("roles", []))
        if user is None:
            new = NewUser(
                item["username"], after.get("full_name", ""), after.get("email", ""), item.get("password", ""), grants
            )
            user = user_create(actor=run.actor, new=new)
        else:
            names = {"full_name": after["full_name"], "email": after["email"]}
            user_update(actor=run.actor, user_id=user.pk, grants=grants, **names)
        user_set_active(actor=run.actor, user_id=user.pk, is_active=after.get("is_active", True))
        _note(run, self.code, before, _shown(User.objects.get(pk=user.pk)))


def _require_types(item: Item) -> None:
    """A table gives texts and lists by itself; a caller of the API may send anything."""
    kinds: dict[str, type] = {"roles": list, "is_active": bool}
    for name, value in item.items():
        if name not in (*_TEXTS, *kinds):
            raise InvalidInput.field(name, _("There is no such column."))
        if not isinstance(value, kinds.get(name, str)):
            raise InvalidInput.field(name, _("A value of another type is expected."))
    if not all(isinstance(role, str) for role in item.get("roles", [])):
        raise InvalidInput.field("roles", _("A list is expected."))
    if not item.get("username"):
        raise InvalidInput.field("username", _("This column is missing."))


def _note(run: Run, code: str, before: Item, after: Item) -> None:
    fields: dict[str, Any] = {
        name: {"antes": before.get(name), "despues": after[name]} for name in after if before.get(name) != after[name]
    }
    if fields:
        run.changes.append(Change(code, after["username"], UPDATED if before else CREATED, fields))


def _shown(user: User) -> Item:
    return {
        "username": user.username,
        "full_name": user.full_name,
        "email": user.email,
        "is_active": user.is_active,
        "roles": roles_of(user),
    }


def roles_of(user: User, *, from_directory: bool = False) -> list[str]:
    """Those given here, or the directory's, which come and go with its groups."""
    own = [grant for grant in user.grants.all() if grant.from_directory == from_directory]
    return sorted(f"{grant.role}@{grant.area.code if grant.area else EVERYWHERE}" for grant in own)


def _grant(text: str, areas: dict[str, int]) -> tuple[str, int | None]:
    role, _at, area = text.partition("@")
    if role not in Role.values:
        raise InvalidInput.field("roles", _("There is no «%(name)s».") % {"name": text[:60]})
    if area in ("", EVERYWHERE):
        return role, None
    if area not in areas:
        raise InvalidInput.field("roles", _("There is no «%(name)s».") % {"name": text[:60]})
    return role, areas[area]
