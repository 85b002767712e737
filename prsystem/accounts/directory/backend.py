"""Signing in with the directory's password, by django-auth-ldap. Loaded only where LDAP_SERVER is set."""

from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest
from django_auth_ldap.backend import LDAPBackend, _LDAPUser, ldap_error
from django_auth_ldap.config import LDAPSettings

from audit.services import Outcome, record
from prsystem.accounts.models import User
from prsystem.accounts.names import canonical_username
from prsystem.core.context import ANONYMOUS
from prsystem.core.telemetry.metrics import LOGIN_FAILURES

from . import client
from .client import DirectoryDown, Gone, converse
from .people import LONGEST_NAME, Person, username_of
from .services import person_keep


class DirectoryBackend(LDAPBackend):
    """The library talks to the directory, with no database behind it; the person is kept by `person_keep`."""

    @property
    def settings(self) -> LDAPSettings:
        """Read when needed: they follow the site's settings."""
        return LDAPSettings(
            self.settings_prefix,
            {
                "SERVER_URI": " ".join(settings.LDAP_SERVERS),
                "BIND_DN": settings.LDAP_BIND_DN,
                "BIND_PASSWORD": settings.LDAP_BIND_PASSWORD,
                "START_TLS": settings.LDAP_START_TLS,
                "CONNECTION_OPTIONS": client.options(),
                "USER_SEARCH": client.people_search(),
                "GROUP_SEARCH": client.group_search(),
                "GROUP_TYPE": client.NestedGroups(),
                "ALWAYS_UPDATE_USER": False,
            },
        )

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """The person with this name and password, or None; DirectoryDown when nobody can tell.

        Names that can't be in the directory aren't asked for: NUL, longer than any, none at all.
        """
        name = canonical_username(username or "")
        if not name or len(name) > LONGEST_NAME or "\x00" in name + (password or ""):
            return None
        try:
            return super().authenticate(request, username=name, password=password)
        except DirectoryDown:
            LOGIN_FAILURES.labels("directorio_caido").inc()
            record(ANONYMOUS, "session.directory_down", "usuario:desconocido", outcome=Outcome.FAILED)
            if User.objects.filter(username=name, directory_id=None).exists():
                # The password of a local account was checked before, and was wrong. The answer stays the same as for
                # all others; the lockout counts it.
                user_login_failed.send(sender=__name__, credentials={"username": name}, request=request)
                if request is not None:
                    request.axes_locked_out = False  # type: ignore[attr-defined]  # the one at the limit too
            raise

    def authenticate_ldap_user(self, ldap_user: _LDAPUser, password: str) -> User | None:
        person = converse(lambda: _person(ldap_user, password))
        return person_keep(person=person) if isinstance(person, Person) else None

    def get_or_build_user(self, username: str, ldap_user: _LDAPUser) -> tuple[User, bool]:
        """Not saved: the conversation runs in a thread that has no business with the database."""
        return User(username=username), False

    def get_user(self, user_id: int) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()


def _person(ldap_user: _LDAPUser, password: str) -> Person | Gone | None:
    """Search, bind, groups. The library's own search forgives accents, hyphens and blanks that our names tell apart:
    only the exact name counts, or one person would have many lockout counters."""
    if ldap_user.dn is None or username_of(ldap_user.attrs) != ldap_user._username:
        client.decoy_bind(ldap_user.connection, password)
        return None
    if ldap_user.authenticate(password) is None:
        return None
    return client.person_of(ldap_user.connection, ldap_user.dn, ldap_user.attrs)


def _raise(*, context: str, exception: Exception, **kwargs: object) -> None:
    """The library would take an outage for a wrong password."""
    if not (context == "authenticate" and isinstance(exception, client.REFUSALS)):
        raise exception


ldap_error.connect(_raise, dispatch_uid="accounts.directory")
