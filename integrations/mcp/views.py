"""`/mcp`: the MCP server. The API key comes as a bearer token, as MCP clients send it, or in `X-API-Key`."""

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.views import APIView

from prsystem.core.api.requests import caller

from ..api_keys.authentication import ApiKeyAuthentication, HasScope
from ..api_keys.models import Scope
from .registry import Caller

PASSED_ON = {"content-type", "content-length", "accept", "origin"}
_HOP_BY_HOP = {"content-length", "connection", "transfer-encoding"}


class BearerKeyAuthentication(ApiKeyAuthentication):
    def key_of(self, request: Request) -> str:
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        return super().key_of(request) or (token.strip() if scheme.casefold() == "bearer" else "")

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="mcp"'


class McpView(APIView):
    """One JSON-RPC message in, one out. There are no sessions, so GET and DELETE aren't offered."""

    authentication_classes = [BearerKeyAuthentication]
    permission_classes = [HasScope]
    schema = None
    scope = Scope.MCP

    def post(self, request: Request) -> HttpResponse:
        from .serving import Call, mcp_answer

        sent = request._request
        site = f"{sent.scheme}://{sent.get_host()}"
        headers = [(name, value) for name, value in sent.headers.items() if _is_passed_on(name)]
        found = mcp_answer(Call(Caller(caller(request), site), "POST", headers, sent.body, sent.get_host()))
        answer = HttpResponse(found.body, status=found.status)
        for name, value in found.headers:
            if name.lower() not in _HOP_BY_HOP:
                answer[name] = value
        return answer


def _is_passed_on(name: str) -> bool:
    return name.lower() in PASSED_ON or name.lower().startswith("mcp-")
