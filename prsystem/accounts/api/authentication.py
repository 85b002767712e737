"""Who calls the API: a bearer token, or the session of a signed-in browser (with CSRF check)."""

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from prsystem.accounts.models import User
from prsystem.accounts.sessions.tokens import TokenRefused, holder_of
from prsystem.core.web.step_up import PROVED_AT


class TokenAuthentication(BaseAuthentication):
    """Access tokens of `POST /api/auth/login`; the user's state is read again with every request.
    What is refused leaves an entry (audit.middleware)."""

    def authenticate(self, request: Request) -> tuple[User, str] | None:
        kind, _blank, raw = get_authorization_header(request).decode("latin-1").partition(" ")
        if kind.lower() != "bearer":
            return None
        try:
            holder = holder_of(raw.strip())
        except TokenRefused as error:
            raise AuthenticationFailed(_("The access token isn't valid or has expired.")) from error
        request._request.actor = holder.user.as_actor()
        setattr(request._request, PROVED_AT, holder.proved_at)
        return holder.user, raw

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class SessionCookieAuthentication(SessionAuthentication):
    """The browser's session, for the pages' own calls and the interactive API page."""
