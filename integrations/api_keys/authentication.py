"""`X-API-Key` for REST framework: who calls, and whether the key has the scope of the endpoint."""

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from prsystem.core.web.middleware import actor_of, client_ip

from .checking import KeyHolder, key_check, scope_require

HEADER = "X-API-Key"


class ApiKeyAuthentication(BaseAuthentication):
    """No key: another class may know the caller, else 401. A key that isn't accepted: 403."""

    def authenticate(self, request: Request) -> tuple[KeyHolder, str] | None:
        text = self.key_of(request)
        if not text:
            return None
        holder = key_check(text, client_ip(request._request))
        request._request.actor = holder.actor
        return holder, holder.api_key.prefix

    def key_of(self, request: Request) -> str:
        return request.headers.get(HEADER, "").strip()

    def authenticate_header(self, request: Request) -> str:
        return 'ApiKey realm="api"'


class HasScope(BasePermission):
    """The key needs the `scope` that the view names. Who sent none is asked to (401)."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.user, KeyHolder):
            return False
        scope_require(actor_of(request._request), view.scope)
        return True
