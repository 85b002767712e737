"""`/metrics`: every name of the contract, by route and never by path, the same told by every process."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily

from incidents.metrics import open_families
from incidents.models import Incident
from incidents.suggestions.metrics import suggestion_count, suggestion_families
from integrations.backups.metrics import BackupCollector
from integrations.backups.models import BackupRun
from knowledge.metrics import families as knowledge_families
from prsystem.accounts.models import Area, User
from prsystem.core.health import checks
from prsystem.core.jobs.heartbeats import heard_at, heartbeat
from prsystem.core.models import Job
from prsystem.core.telemetry.background import families as background_families
from prsystem.core.telemetry.background import waiting_families
from prsystem.core.telemetry.metrics import Reading
from prsystem.core.telemetry.parts import connection_families, part_families
from prsystem.core.telemetry.tally import tallies, tally_add
from tests.incidents.makers import make_article, make_incident
from tests.people import api, browser

pytestmark = pytest.mark.django_db
CONTRACT = {
    *("pr_requests_total", "pr_request_duration_seconds", "pr_incidencias_activas", "pr_rag_documents_total"),
    *("pr_ollama_healthy", "pr_sla_incidencias", "pr_sugerencias_total", "pr_sugerencia_duration_seconds"),
    *("pr_ollama_inflight", "pr_outbox_pending", "pr_outbox_oldest_seconds", "pr_webhook_deliveries_total"),
    *("pr_audit_unsealed_seconds", "pr_backup_last_success_timestamp_seconds"),
    *("pr_backup_verified_timestamp_seconds", "pr_login_failures_total"),
}  # `pr_replica_lag_seconds` is there with a replica: tests/core/replica


def scrape() -> str:
    return api().get("/metrics").content.decode()


def value(text: str, series: str) -> float:
    """0 for a series that isn't there yet."""
    return next((float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(series + " ")), 0.0)


def test_every_name_of_the_contract_is_there() -> None:
    named = {line.split()[2] for line in scrape().splitlines() if line.startswith("# TYPE ")}
    assert {name for name in CONTRACT if name not in named and name.removesuffix("_total") not in named} == set()


def test_a_request_counts_one_by_its_route(ana: User) -> None:
    incident = make_incident(ana)
    series = 'pr_requests_total{endpoint="/api/incidencias/<str:id>",method="GET",status="200"}'
    before = value(scrape(), series)
    assert api(ana).get(f"/api/incidencias/{incident.pk}").status_code == 200
    text = scrape()
    assert value(text, series) == before + 1
    assert f"/api/incidencias/{incident.pk}" not in text
    assert 'pr_request_duration_seconds_bucket{endpoint="/api/incidencias/<str:id>",le="0.15"}' in text


def test_addresses_that_do_not_exist_are_one_series(ana: User) -> None:
    for path in ("/no/existe", "/tampoco?x=1", "/incidencias/INC-1/nada/de/nada"):
        browser(ana).get(path)
    browser(ana).generic("PROPFIND", "/no/existe")
    text = scrape()
    assert "tampoco" not in text
    assert "PROPFIND" not in text.replace("django_", "").split("pr_requests_total")[1]
    assert value(text, 'pr_requests_total{endpoint="sin_ruta",method="GET",status="404"}') >= 3


def samples(families: list[Any], name: str) -> dict[tuple[str, ...], float]:
    return {
        tuple(sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
        if sample.name == name
    }


def test_open_incidents_by_level_area_and_risk(ana: User) -> None:
    incidents = [make_incident(ana, f"Falla {n}") for n in range(4)]
    late, warned, closed, _ok = (incident.pk for incident in incidents)
    now = incidents[0].created_at
    Incident.objects.filter(pk=late).update(response_due_at=now)
    Incident.objects.filter(pk=warned).update(response_warn_at=now)
    Incident.objects.filter(pk=closed).update(state="cerrado")
    families = open_families()
    assert samples(families, "pr_incidencias_activas") == {("L1", "PROD"): 3}
    assert samples(families, "pr_sla_incidencias") == {("L1", "vencido"): 1, ("L1", "en_riesgo"): 1, ("L1", "ok"): 1}


def test_answers_by_rung_and_duration() -> None:
    for rung, seconds in (("modelo", 0.2), ("modelo", 4.0), ("extractiva", 400.0)):
        suggestion_count(rung, seconds)
    families = suggestion_families()
    assert samples(families, "pr_sugerencias_total") == {("modelo",): 2, ("extractiva",): 1}
    buckets = samples(families, "pr_sugerencia_duration_seconds_bucket")
    assert (buckets[("0.25",)], buckets[("5",)], buckets[("120",)], buckets[("+Inf",)]) == (1, 2, 2, 3)
    assert samples(families, "pr_sugerencia_duration_seconds_sum") == {(): pytest.approx(404.2)}


def test_published_articles(prod: Area) -> None:
    make_article(prod)
    make_article(prod, "Borrador", publish=False)
    assert samples(knowledge_families(), "pr_rag_documents_total") == {(): 1}


def test_a_refused_sign_in_counts_by_its_reason(ana: User) -> None:
    series = 'pr_login_failures_total{reason="contraseña"}'
    before = value(scrape(), series)
    api().post("/api/auth/login", {"username": "ana", "password": "no"}, format="json")
    assert value(scrape(), series) == before + 1


def test_tallies_add_up() -> None:
    tally_add("x", {"a": 1, "b": 2})
    tally_add("x", {"b": 0.5})
    assert tallies("x") == {"a": 1, "b": 2.5}


def test_a_reading_is_kept_for_a_while_and_silent_without_a_database() -> None:
    asked: list[int] = []

    def read() -> list[Any]:
        asked.append(1)
        if len(asked) == 2:
            raise OperationalError
        return [GaugeMetricFamily("x", "x", value=1)]

    kept = Reading(("x",), read, seconds=60)
    assert len(list(kept.collect())) == len(list(kept.collect())) == len(asked) == 1
    assert list(Reading(("x",), read).collect()) == []


def test_processes_of_one_server_count_together(tmp_path: Path) -> None:
    """Two processes count, a third tells the sum: as the workers of `prsystem.web` do."""
    code = "from prsystem.core.telemetry.metrics import LOGIN_FAILURES; LOGIN_FAILURES.labels('bloqueado').inc()"
    told = (
        "import django; django.setup(); from prometheus_client import generate_latest;"
        "from prsystem.core.telemetry.exposition import _counted; print(generate_latest(_counted()).decode())"
    )
    environment = {
        **os.environ,
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "prsystem.settings",
    }
    for part in (code, code, told):
        done = subprocess.run(
            [sys.executable, "-c", part],
            env=environment,
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=True,
        )
    assert 'pr_login_failures_total{reason="bloqueado"} 2.0' in done.stdout


def test_signs_of_life_parked_jobs_and_dead_letters() -> None:
    assert samples(background_families(), "pr_jobs_parked") == {(): 0}
    Job.objects.create(kind="x", state=Job.State.PARKED, run_at=timezone.now())
    heartbeat("sweep")
    found = background_families()
    assert samples(found, "pr_jobs_parked") == {(): 1}
    assert samples(found, "pr_heartbeat_timestamp_seconds")["sweep",] == heard_at("sweep").timestamp()
    assert value(scrape(), "pr_webhook_dead_letters") == 0
    assert "# TYPE pr_webhook_dead_letters gauge" in scrape()


def make_job(kind: str, queue: str, minutes: float, **fields: Any) -> Job:
    return Job.objects.create(kind=kind, queue=queue, run_at=timezone.now() - timedelta(minutes=minutes), **fields)


def test_jobs_that_wait_by_kind_and_urgency_with_the_age_of_the_oldest() -> None:
    assert [sample for family in waiting_families() for sample in family.samples] == []
    make_job("mail.send", "normal", 3)
    make_job("mail.send", "normal", 10)
    make_job("report.process", "urgent", 1)
    make_job("mail.send", "normal", 90, state=Job.State.DONE)
    make_job("mail.send", "normal", 90, state=Job.State.PARKED)
    make_job("mail.send", "normal", -5)  # for later
    make_job("mail.send", "normal", 90, leased_until=timezone.now() + timedelta(minutes=1))  # in hand
    found = waiting_families()
    assert samples(found, "pr_jobs_waiting") == {("mail.send", "normal"): 2, ("report.process", "urgent"): 1}
    oldest = samples(found, "pr_jobs_oldest_seconds")
    assert 600 <= oldest["mail.send", "normal"] < 3600
    assert 60 <= oldest["report.process", "urgent"] < 600


def test_parts_that_answer_those_that_do_not_and_those_not_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"redis": lambda: "ok", "chromadb": lambda: 1 / 0, "embedder": lambda: "off"}
    monkeypatch.setattr("prsystem.core.health.checks._checks", given)
    assert samples(part_families(), "pr_part_up") == {("redis",): 1, ("chromadb",): 0}


def test_every_watched_part_has_its_check() -> None:
    assert set(checks.WATCHED) <= set(checks._checks)


def test_connections_of_the_database_and_of_the_pool(ana: User) -> None:
    found = connection_families()
    used, most = samples(found, "pr_database_connections")[()], samples(found, "pr_database_connections_max")[()]
    assert 1 <= used <= most
    api(ana).get("/api/yo")
    text = scrape()
    assert value(text, 'pr_database_pool{state="size"}') >= 1
    assert value(text, 'pr_database_pool{state="waiting"}') == 0


def test_how_far_the_archive_is_behind() -> None:
    [_success, _verified, lag] = BackupCollector().collect()
    assert lag.samples == []
    until = timezone.now() - timedelta(minutes=7)
    made = {"tier": BackupRun.Tier.HOURLY, "requested_by": "x"}
    BackupRun.objects.create(copy_id="a", state=BackupRun.State.DONE, taken_at=until - timedelta(hours=1), **made)
    BackupRun.objects.create(copy_id="b", state=BackupRun.State.FAILED, taken_at=until, **made)
    BackupRun.objects.create(copy_id="c", state=BackupRun.State.FAILED, **made)
    [_success, _verified, lag] = BackupCollector().collect()
    assert 420 <= lag.samples[0].value < 3600


def test_without_a_database_what_is_counted_in_memory_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prsystem.core.health.checks._checks", {"database": lambda: 1 / 0})
    text = scrape()
    assert "pr_requests_total" in text
    assert "pr_outbox_pending" not in text
