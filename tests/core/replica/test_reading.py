"""Which server a query goes to, without any server."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError, router
from django.test import RequestFactory

from audit.models import AuditEntry
from incidents.models import Incident
from knowledge.models import Article
from prsystem.accounts.models import Area, RoleGrant, User
from prsystem.core.models import IdempotencyRecord, Job, OutboxEvent
from prsystem.core.replica import reading, tokens, watching


@pytest.fixture
def near(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A replica that has everything; what was said of it when it failed."""
    said: list[str] = []
    monkeypatch.setattr(watching, "is_configured", lambda: True)
    monkeypatch.setattr(watching, "may_serve", lambda required: True)
    monkeypatch.setattr(watching, "leave_alone", said.append)
    monkeypatch.setattr(tokens, "required_by", lambda actor: 0)
    monkeypatch.setattr(
        reading, "connections", {"replica": SimpleNamespace(close_if_unusable_or_obsolete=lambda: None)}
    )
    yield said


def ask(view: Any) -> Any:
    return reading.may_be_stale(view)(RequestFactory().get("/"))


def test_only_marked_views_and_only_rows_that_may_be_stale(near: list[str]) -> None:
    assert router.db_for_read(Incident) == "default"
    aliases = ask(lambda request: [router.db_for_read(model) for model in (Incident, Article)])
    assert aliases == ["replica", "replica"]
    always = (User, RoleGrant, Area, AuditEntry, IdempotencyRecord, Job, OutboxEvent)
    assert ask(lambda request: {router.db_for_read(model) for model in always}) == {"default"}
    assert router.db_for_read(Incident) == "default", "the mark ends with the view"


def test_a_write_takes_the_rest_of_the_view_to_the_primary(near: list[str]) -> None:
    aliases = ask(lambda request: [router.db_for_write(Job), router.db_for_read(Incident)])
    assert aliases == ["default", "default"]


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, ProgrammingError])
def test_a_failing_replica_is_asked_for_nothing_more(near: list[str], error: type[Exception]) -> None:
    def view(request: object) -> str:
        if router.db_for_read(Incident) == "replica":
            raise error("gone")
        return "from the primary"

    assert ask(view) == "from the primary"
    assert near == [error.__name__]


def test_a_view_that_wrote_is_not_run_twice(near: list[str]) -> None:
    runs = []

    def view(request: object) -> None:
        runs.append(router.db_for_write(Job))
        raise OperationalError("gone")

    with pytest.raises(OperationalError):
        ask(view)
    assert runs == ["default"]


def test_the_schema_is_never_changed_through_the_replica() -> None:
    assert not router.allow_migrate("replica", "incidents")
    assert router.allow_migrate("default", "incidents")


def test_a_replica_that_was_not_seen_lately_serves_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[float] = []
    monkeypatch.setattr(watching, "_look_soon", looks.append)
    now = [1000.0]
    monkeypatch.setattr(watching, "monotonic", lambda: now[0])
    monkeypatch.setattr(watching, "_sight", watching.Sight(position=50, lag_seconds=0.0, seen_at=1000.0))
    assert watching.may_serve(50)
    assert not watching.may_serve(51), "it has not got there"
    assert not looks
    now[0] += 0.1
    assert not watching.may_serve(51)
    assert len(looks) == 1, "somebody waits for what he wrote: look again soon"
    now[0] += watching.BELIEVED_SECONDS
    assert not watching.may_serve(0), "it hangs or nobody has looked"
    monkeypatch.setattr(watching, "_sight", watching.Sight(position=50, lag_seconds=10.5, seen_at=now[0]))
    assert not watching.may_serve(0), "too far behind"
