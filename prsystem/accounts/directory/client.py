"""Talks to the directory: the service account's bind, escaped searches, nested groups. Knows no models.

Every conversation runs in a thread of its own with one deadline for all of it, since a server that drips would
otherwise add up its timeouts. After a failure the directory is left alone for a moment: one that hangs slows down one
sign-in and not all the threads of the site.
"""

import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from types import SimpleNamespace
from typing import Any, TypeVar

import ldap
import structlog
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_auth_ldap.config import LDAPSearch, NestedMemberDNGroupType
from ldap.controls import SimplePagedResultsControl
from ldap.filter import escape_filter_chars

from prsystem.accounts.names import canonical_dn
from prsystem.core.errors import Unavailable

from .people import ATTRIBUTES, Person, email_of, full_name_of, identity_of, is_disabled, username_of

log = structlog.get_logger(__name__)
T = TypeVar("T")
NETWORK_SECONDS = 3.0
DEADLINE_SECONDS = 3.2
PAUSE_SECONDS = 5.0
SURVEY_PEOPLE = 200
# Active Directory's own names stay in a branch of their own: a directory that doesn't know one of them calls it
# undefined, and `!` or `&` around it would hide everybody. 805306368 is a person's account; a computer's is another.
PEOPLE = "(|(&(objectClass=person)(uid=%(user)s)(!(uid=*$)))(&(sAMAccountType=805306368)(sAMAccountName=%(user)s)))"
GROUPS = "(|(objectClass=group)(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))"
# What a bind answers about the person and not about the server.
REFUSALS = (
    *(ldap.INVALID_CREDENTIALS, ldap.INAPPROPRIATE_AUTH, ldap.UNWILLING_TO_PERFORM, ldap.CONSTRAINT_VIOLATION),
    *(ldap.INVALID_DN_SYNTAX, ldap.NO_SUCH_OBJECT, ldap.INSUFFICIENT_ACCESS),
)
_pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="directory")
_silent_until = 0.0


class DirectoryDown(Unavailable):
    """The directory doesn't answer, or not as it should: nothing is known of the password."""

    code = "directorio_no_disponible"
    message = _(
        "The company directory does not answer right now, so your password could not be checked. Try again soon."
    )


@dataclass(frozen=True)
class Gone:
    """No such person any more, or one whose account is disabled."""

    reason: str


def converse(talk: Callable[[], T], seconds: float = DEADLINE_SECONDS) -> T:
    """The result of `talk`; DirectoryDown when it fails or isn't done in time. Any other failure of it is raised."""
    global _silent_until
    if monotonic() < _silent_until:
        raise DirectoryDown(retry_after=int(PAUSE_SECONDS))
    try:
        return _pool.submit(talk).result(timeout=seconds)
    except Late as error:
        reason: Exception = error
    except ldap.LDAPError as error:
        reason = error
    _silent_until = monotonic() + PAUSE_SECONDS
    log.warning("directory.down", reason=type(reason).__name__)
    raise DirectoryDown(retry_after=int(PAUSE_SECONDS)) from reason


def options() -> dict[int, Any]:
    """libldap's options of a connection. The last one makes the others of TLS count."""
    found = {
        ldap.OPT_PROTOCOL_VERSION: ldap.VERSION3,
        ldap.OPT_REFERRALS: 0,
        ldap.OPT_NETWORK_TIMEOUT: NETWORK_SECONDS / max(len(settings.LDAP_SERVERS), 1),
        ldap.OPT_TIMEOUT: NETWORK_SECONDS,
        ldap.OPT_X_TLS_REQUIRE_CERT: ldap.OPT_X_TLS_DEMAND,
    }
    if settings.LDAP_CA_FILE:
        found[ldap.OPT_X_TLS_CACERTFILE] = settings.LDAP_CA_FILE
    return {**found, ldap.OPT_X_TLS_NEWCTX: 0}


@contextmanager
def bound() -> Iterator[Any]:
    """A connection bound as the service account, closed at the end."""
    connection = ldap.initialize(" ".join(settings.LDAP_SERVERS), bytes_mode=False)
    try:
        for option, value in options().items():
            connection.set_option(option, value)
        if settings.LDAP_START_TLS:
            connection.start_tls_s()
        connection.simple_bind_s(settings.LDAP_BIND_DN, settings.LDAP_BIND_PASSWORD)
        yield connection
    finally:
        connection.unbind_s()


def people_search() -> LDAPSearch:
    return LDAPSearch(settings.LDAP_BASE_DN, ldap.SCOPE_SUBTREE, PEOPLE, list(ATTRIBUTES))


def group_search() -> LDAPSearch:
    return LDAPSearch(settings.LDAP_BASE_DN, ldap.SCOPE_SUBTREE, GROUPS, ["cn"])


class NestedGroups(NestedMemberDNGroupType):
    """Groups of people and of groups, whichever of the two usual attributes names their members."""

    def __init__(self) -> None:
        super().__init__("member")

    def find_groups_with_any_member(self, member_dn_set: set[str], group_search: LDAPSearch, connection: Any) -> Any:
        names = [escape_filter_chars(dn) for dn in sorted(member_dn_set)]
        terms = "".join(f"(member={name})(uniqueMember={name})" for name in names)
        return group_search.search_with_additional_term_string(f"(|{terms})").execute(connection)


def groups_of(connection: Any, dn: str) -> frozenset[str]:
    """Canonical names of all groups that an entry belongs to, through other groups too."""
    found = NestedGroups().user_groups(SimpleNamespace(dn=dn, connection=connection), group_search())
    return frozenset(canonical_dn(group_dn) for group_dn, _attributes in found)


def person_of(connection: Any, dn: str, attributes: Any) -> Person | Gone:
    """What the directory says of an entry; Gone when it may not be used."""
    identity, username = identity_of(attributes), username_of(attributes)
    if not identity or not username:
        return Gone("no identity")
    if is_disabled(attributes, timezone.now()):
        return Gone("disabled")
    groups = groups_of(connection, dn)
    return Person(identity, username, full_name_of(attributes), email_of(attributes), groups)


def person_by_identity(connection: Any, identity: str) -> Person | Gone:
    """The entry with this identity wherever it is by now."""
    name, _colon, value = identity.partition(":")
    term = "".join(f"\\{byte:02x}" for byte in bytes.fromhex(value)) if name == "objectGUID" else value
    search = LDAPSearch(settings.LDAP_BASE_DN, ldap.SCOPE_SUBTREE, f"({name}={term})", list(ATTRIBUTES))
    found = search.execute(connection)
    return person_of(connection, *found[0]) if found else Gone("missing")


def decoy_bind(connection: Any, password: str) -> None:
    """The work of checking a password, for a name that isn't there."""
    try:
        connection.simple_bind_s(f"cn={secrets.token_hex(8)},{settings.LDAP_BASE_DN}", password)
    except REFUSALS:
        return


@dataclass(frozen=True)
class Survey:
    """What the service account sees: identities of the first people, and which of the asked groups there are."""

    identities: list[str]
    has_more: bool
    groups: set[str]


def survey(mapped: list[str]) -> Survey:
    """A first page of people, and every mapped group by its name."""
    page = SimplePagedResultsControl(False, size=SURVEY_PEOPLE, cookie="")
    with bound() as connection:
        message = connection.search_ext(
            settings.LDAP_BASE_DN, ldap.SCOPE_SUBTREE, PEOPLE % {"user": "*"}, list(ATTRIBUTES), serverctrls=[page]
        )
        _kind, rows, _message, controls = connection.result3(message)
        groups = {dn for dn in mapped if _exists(connection, dn)}
    has_more = any(isinstance(control, SimplePagedResultsControl) and control.cookie for control in controls)
    return Survey([identity_of(attributes) for dn, attributes in rows if dn], has_more, groups)


def _exists(connection: Any, dn: str) -> bool:
    try:
        return bool(LDAPSearch(dn, ldap.SCOPE_BASE, GROUPS, ["cn"]).execute(connection))
    except (ldap.NO_SUCH_OBJECT, ldap.INVALID_DN_SYNTAX):
        return False
