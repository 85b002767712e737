"""The health page of the console: what it says of each part, what to do, failed work tried again."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import AuditEntry
from prsystem.accounts.models import User
from prsystem.core.health import checks
from prsystem.core.health import panels as health
from prsystem.core.jobs.heartbeats import SWEEP, heard_at
from prsystem.core.jobs.sweeping import sweep
from prsystem.core.models import Heartbeat, Job, OutboxEvent
from tests.people import browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """States of the parts as the test wants them."""
    found = dict.fromkeys(checks.NAMES, "ok")
    monkeypatch.setattr(checks, "states", lambda: found)
    return found


def rows(panel: health.Panel) -> dict[str, health.Row]:
    return {str(row.label): row for row in panel.rows}


def test_every_known_part_has_words(parts: dict[str, str]) -> None:
    assert set(checks.NAMES) <= set(health.PARTS)
    parts["redis"] = "error"
    row = rows(health.parts_panel())["Redis (timbre)"]
    assert (row.state, bool(row.advice)) == ("error", True)


def test_the_page_names_the_worst_state_and_what_to_do(eva: User, parts: dict[str, str]) -> None:
    Heartbeat.objects.create(name=SWEEP)
    parts["storage"] = "error"
    answer = browser(eva).get("/admin/salud/")
    assert answer.status_code == 200
    assert answer.context["worst"] == "error"
    assert str(health.PARTS["storage"][1]) in answer.content.decode()


def test_a_clock_that_stands_still_is_seen() -> None:
    assert rows(health.work_panel())["Última ronda del reloj"].state == "error"
    sweep()
    assert rows(health.work_panel())["Última ronda del reloj"].state == "ok"
    Heartbeat.objects.update(at=timezone.now() - timedelta(minutes=5))
    assert rows(health.work_panel())["Última ronda del reloj"].state == "error"
    sweep()
    heard = heard_at(SWEEP)
    assert heard and timezone.now() - heard < timedelta(minutes=1)


@pytest.mark.parametrize(("minutes", "state"), [(1, "ok"), (5, "warning"), (30, "error")])
def test_jobs_and_events_that_wait_long_are_seen(minutes: int, state: str) -> None:
    since = timezone.now() - timedelta(minutes=minutes)
    Job.objects.create(kind="article.index", run_at=since)
    OutboxEvent.objects.create(event="prueba", resource="x:1")
    OutboxEvent.objects.update(created_at=since)
    assert rows(health.work_panel())["Trabajos que esperan o corren"].state == state
    assert health.outbox_panel().rows[0].state == state


def test_failed_jobs_are_tried_again_with_one_entry_each(eva: User) -> None:
    for number in range(3):
        Job.objects.create(kind=f"k{number}", state=Job.State.PARKED, attempts=5, run_at=timezone.now())
    page = browser(eva)
    assert page.get("/admin/salud/reintentar/").status_code == 405
    for _twice in range(2):
        assert page.post("/admin/salud/reintentar/").status_code == 302
    assert Job.objects.filter(state=Job.State.PENDING, attempts=0).count() == 3
    assert AuditEntry.objects.filter(accion="job.retried").count() == 3


def test_versions_and_disk_are_told() -> None:
    found = rows(health.versions_panel())
    assert {"PR-System", "Python", "Django", "PostgreSQL"} <= set(found)
    assert health.disk_panel().rows[0].value


def test_webhooks_and_nodes_have_panels(eva: User) -> None:
    titles = [str(panel.title) for panel in health.panels()]
    assert {"Webhooks", "Nodos de modelos", "Bandeja de salida", "Versiones"} <= set(titles)


@pytest.mark.parametrize("path", ["/admin/salud/", "/admin/salud/reintentar/"])
def test_the_pages_are_for_administrators(path: str, luis: User, client: Client) -> None:
    Job.objects.create(kind="k", state=Job.State.PARKED, attempts=5, run_at=timezone.now())
    for visitor in (browser(luis), client):
        assert visitor.get(path).status_code in (302, 403)
        assert visitor.post(path).status_code in (302, 403)
    assert Job.objects.get().state == Job.State.PARKED
