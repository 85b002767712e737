"""Which server a query goes to: the replica only within views marked with `may_be_stale`."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from django.db import Error, connections, models
from django.http import HttpRequest, HttpResponse

from prsystem.core.context import Actor
from prsystem.core.web.middleware import actor_of

from . import tokens, watching

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")
# Lists of these apps may be some seconds old. Authorisation, idempotency, outbox, audit, sessions never are.
APPS_THAT_MAY_BE_STALE = frozenset({"incidents", "knowledge"})
View = TypeVar("View", bound=Callable[..., Any])


@dataclass
class _Reading:
    from_replica: bool = False
    has_written: bool = False


_reading: ContextVar[_Reading | None] = ContextVar("reading", default=None)


class Router:
    """Django's database router. A write within a marked view takes the rest of it to the primary."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str:
        reading = _reading.get()
        if reading is not None and reading.from_replica and model._meta.app_label in APPS_THAT_MAY_BE_STALE:
            return watching.ALIAS
        return "default"

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:
        reading = _reading.get()
        if reading is not None:
            reading.from_replica, reading.has_written = False, True
        return "default"

    def allow_relation(self, one: models.Model, other: models.Model, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db != watching.ALIAS


def may_be_stale(view: View) -> View:
    """Marks a view that only reads, a list or a board, whose rows may be some seconds old: it is read from the replica
    when that has what the reader wrote, from the primary otherwise, and once more from the primary when the replica
    fails within. For a method of a class: `method_decorator(may_be_stale)`."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not _replica_serves(actor_of(request)):
            return view(request, *args, **kwargs)
        reading = _Reading(from_replica=True)
        token = _reading.set(reading)
        try:
            return view(request, *args, **kwargs)
        except Error as error:
            if reading.has_written:
                raise
            watching.leave_alone(type(error).__name__)
            connections[watching.ALIAS].close_if_unusable_or_obsolete()
        finally:
            _reading.reset(token)
        return view(request, *args, **kwargs)

    return cast(View, inner)


def _replica_serves(actor: Actor) -> bool:
    return watching.is_configured() and watching.may_serve(tokens.required_by(actor))


class OwnWritesMiddleware:
    """Notes the position of the log after every request that may have written, for the reader's next list."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not watching.is_configured():
            return self.get_response(request)
        reading = _Reading()
        token = _reading.set(reading)
        try:
            response = self.get_response(request)
        finally:
            _reading.reset(token)
        if reading.has_written or request.method not in SAFE_METHODS:
            tokens.remember(actor_of(request), tokens.position_after_write())
        return response
