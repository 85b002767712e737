"""The way into the audit trail, which is above this app: the app that keeps the trail registers it."""

from collections.abc import Callable
from typing import Any

from prsystem.core.context import Actor

Recorder = Callable[[Actor, str, str, dict[str, Any]], object]
_recorders: list[Recorder] = []


def register(recorder: Recorder) -> None:
    """Called once from the `ready()` of the app that keeps the trail."""
    _recorders[:] = [recorder]


def record(actor: Actor, action: str, resource: str, details: dict[str, Any]) -> None:
    """An audit entry in the caller's transaction. Without a trail there is no change: IndexError."""
    _recorders[0](actor, action, resource, details)
