"""Who acts and within which request: carried explicitly into services, implicitly into logs and audit entries."""

import re
import uuid
from contextvars import ContextVar
from dataclasses import dataclass, field

from .rights import Rights, Role


@dataclass(frozen=True)
class Actor:
    """Who acts, with which rights. `kind`: user, api_key, system or anonymous; `user_id` only for a user, `scopes`
    only for a key."""

    kind: str
    label: str
    user_id: int | None = None
    rights: Rights = field(default_factory=lambda: Rights(None))
    scopes: frozenset[str] = frozenset()


SYSTEM = Actor(kind="system", label="pr-system", rights=Rights.from_grants(None, [(Role.ADMIN, None)]))
ANONYMOUS = Actor(kind="anonymous", label="anonymous")


@dataclass(frozen=True)
class RequestContext:
    """`request_id` of the request or job under way, `ip` of the client as the trusted proxies report it."""

    request_id: str = ""
    ip: str | None = None


_VALID_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def request_id_from(given: str) -> str:
    """The id that a proxy gave to a request; a new one where that can't be used."""
    return given if _VALID_ID.fullmatch(given) else uuid.uuid4().hex


_NO_REQUEST = RequestContext()
current: ContextVar[RequestContext] = ContextVar("request_context", default=_NO_REQUEST)
