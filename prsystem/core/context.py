"""Who acts and within which request: carried explicitly into services, implicitly into logs and audit entries."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """Who acts. `kind`: user, api_key, system or anonymous; `user_id` is None unless kind is user."""

    kind: str
    label: str
    user_id: int | None = None


SYSTEM = Actor(kind="system", label="pr-system")
ANONYMOUS = Actor(kind="anonymous", label="anonymous")


@dataclass(frozen=True)
class RequestContext:
    """`request_id` of the request or job under way, `ip` of the client as the trusted proxies report it."""

    request_id: str = ""
    ip: str | None = None


current: ContextVar[RequestContext] = ContextVar("request_context", default=RequestContext())
