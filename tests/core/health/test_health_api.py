from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection

from prsystem.accounts.models import User
from prsystem.core.health import checks
from tests.people import api

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    checks._ready = (0.0, False)
    yield
    checks._ready = (0.0, False)


def broken() -> str:
    raise OperationalError("host=secreto password=secreto")


def test_the_process_lives_whatever_else_is_broken(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        for path in ("/api/health", "/api/health/"):
            answer = api().get(path, HTTP_AUTHORIZATION="Bearer roto")
            assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert api().post("/api/health", {}).status_code == 405


def test_ready_with_a_writable_and_migrated_database() -> None:
    answer = api().get("/api/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_not_ready_without_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_takes_writes", broken)
    answer = api().get("/api/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"status": "error"})
    monkeypatch.undo()
    assert api().get("/api/health/ready").status_code == 503, "kept for two seconds"


def test_not_ready_before_the_migrations_of_this_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_migrations_needed", lambda: {("incidents", "0999_later")})
    assert api().get("/api/health/ready").status_code == 503


def test_not_ready_on_a_database_that_takes_no_writes() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
        try:
            cursor.execute("SET LOCAL transaction_read_only = on")
            assert checks._takes_writes() == "error"
        finally:
            cursor.execute("SET default_transaction_read_only = off")


def test_details_are_for_administrators(ana: User, luis: User, eva: User) -> None:
    assert api().get("/api/health/detailed").status_code == 401
    for user in (ana, luis):
        assert api(user).get("/api/health/detailed").status_code == 403
    body = api(eva).get("/api/health/detailed").json()
    assert set(body) == {"status", "checks", "timestamp"}
    assert list(body["checks"]) == list(checks.NAMES)
    assert body["checks"]["database"] == body["checks"]["redis"] == body["checks"]["storage"] == {"status": "ok"}
    assert body["checks"]["replica"] == body["checks"]["ollama"] == {"status": "off"}


def test_a_failing_and_a_hanging_part_are_errors_without_words(eva: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from threading import Event

    release = Event()
    monkeypatch.setattr(checks, "DEADLINE_SECONDS", 0.3)
    monkeypatch.setitem(checks._checks, "storage", broken)
    monkeypatch.setitem(checks._checks, "workers", lambda: "ok" if release.wait(20) else "error")
    answer = api(eva).get("/api/health/detailed")
    release.set()
    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["checks"]["storage"] == answer.json()["checks"]["workers"] == {"status": "error"}
    assert "secreto" not in answer.content.decode()


def test_all_well_is_healthy(eva: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_checks", {"database": lambda: "ok", "ollama": lambda: "off"})
    assert api(eva).get("/api/health/detailed").json()["status"] == "healthy"


def test_only_known_names_are_registered() -> None:
    with pytest.raises(KeyError):
        checks.register("otra", broken)


def test_metrics_are_for_the_networks_named(settings: Any) -> None:
    answer = api().get("/metrics")
    assert answer.status_code == 200
    assert b"django_http_requests_total" in answer.content
    assert api().get("/metrics", REMOTE_ADDR="203.0.113.7").status_code == 403
    assert api().get("/metrics", REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_FOR="127.0.0.1").status_code == 403
    assert api().post("/metrics").status_code == 405
