"""Who calls the API: a bearer token, or the session of a signed-in browser (with CSRF check)."""

from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication


class TokenAuthentication(JWTAuthentication):
    """Access tokens of `POST /api/auth/login`; the user's state is read again with every request."""

    def authenticate(self, request: Request):
        found = super().authenticate(request)
        if found:
            request._request.actor = found[0].as_actor()
        return found


class SessionCookieAuthentication(SessionAuthentication):
    """The browser's session, for the pages' own calls and the interactive API page."""
