"""Does the directory work as configured? Says what it found, step by step; for `preflight`."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prsystem.accounts.models import DirectoryGroup

if TYPE_CHECKING:
    from .client import Survey


@dataclass(frozen=True)
class Finding:
    """One step: `bind`, `search`, `identity` or `groups`; whether it is right, and a line for people."""

    step: str
    is_ok: bool
    text: str


def directory_probe() -> list[Finding]:
    """Bind as the service account, search people, look for the mapped groups. Empty without LDAP_SERVER.

    Never raises: a step that fails is the last finding. No password and no person's name is in any line.
    """
    if not settings.LDAP_SERVERS:
        return []
    from .client import DirectoryDown, converse, survey

    mapped = list(DirectoryGroup.objects.order_by("dn").values_list("dn", flat=True).distinct())
    try:
        found = converse(partial(survey, mapped))
    except DirectoryDown as error:
        return [Finding("bind", False, _("The directory does not answer as it should: %s.") % _why(error.__cause__))]
    return [_bind(), _people(found), _identity(found), *_groups(found, mapped)]


def _why(cause: BaseException | None) -> str:
    """What the server or the library says, such as `Can't contact LDAP server`."""
    told = cause.args[0] if cause is not None and cause.args else ""
    if not isinstance(told, dict):
        return type(cause).__name__ if cause is not None else _("it was left alone after a failure a moment ago")
    return " · ".join(str(told[name]) for name in ("desc", "info") if told.get(name))


def _bind() -> Finding:
    is_safe = settings.LDAP_START_TLS or all(
        server.startswith(("ldaps:", "ldapi:")) for server in settings.LDAP_SERVERS
    )
    if is_safe:
        return Finding("bind", True, _("Bound as the service account, encrypted."))
    return Finding("bind", True, _("Bound as the service account, without encryption."))


def _people(found: "Survey") -> Finding:
    count = len(found.identities)
    if found.has_more:
        return Finding("search", True, _("More than %(n)d people found.") % {"n": count})
    return Finding("search", count > 0, ngettext("%(n)d person found.", "%(n)d people found.", count) % {"n": count})


def _identity(found: "Survey") -> Finding:
    without = found.identities.count("")
    if without:
        text = ngettext(
            "%(n)d person has no entryUUID or objectGUID that the service account may read.",
            "%(n)d people have no entryUUID or objectGUID that the service account may read.",
            without,
        )
        return Finding("identity", False, text % {"n": without})
    names = sorted({identity.partition(":")[0] for identity in found.identities})
    return Finding("identity", True, _("Identity by %s.") % (", ".join(names) or "-"))


def _groups(found: "Survey", mapped: list[str]) -> list[Finding]:
    if not mapped:
        return [Finding("groups", False, _("No group gives a role yet: nobody of the directory may do anything."))]
    missing = [dn for dn in mapped if dn not in found.groups]
    text = ngettext("%(n)d group with a role found.", "%(n)d groups with a role found.", len(mapped) - len(missing))
    return [
        Finding("groups", not missing, text % {"n": len(mapped) - len(missing)}),
        *(Finding("groups", False, _("Group not found: %s.") % dn) for dn in missing),
    ]
