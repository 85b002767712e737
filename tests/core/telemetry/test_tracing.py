"""Traces reach a collector: one per report, through the queue and on to other servers, and nothing private in them."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.db import connection
from django.test import Client

from prsystem.accounts.models import User
from prsystem.core.jobs import queue
from prsystem.core.models import Job
from prsystem.core.outgoing import http
from prsystem.core.telemetry import tracing
from tests.core.test_settings_environment import ROOT
from tests.jobs import job_run
from tests.people import api, browser
from tests.standins.backends import Backend
from tests.standins.otlp_collector import Collector

pytestmark = pytest.mark.django_db
GIVEN = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
CANARY = "canario-7f3a"


@pytest.fixture
def collector(settings: Any) -> Iterator[Collector]:
    """What has been sent is complete after `sent`."""
    with Collector() as found:
        settings.TRACES_ENDPOINT = found.url
        settings.TRACES_HEADERS = {"authorization": "Bearer del-colector"}
        provider = tracing.start()
        assert provider is not None
        tracing.follow_queries(connection)
        found.flush = provider.force_flush  # type: ignore[attr-defined]
        try:
            yield found
        finally:
            tracing.stop(provider)


def sent(collector: Collector) -> list[Any]:
    collector.flush()  # type: ignore[attr-defined]
    return collector.spans()


def values(span: Any) -> dict[str, Any]:
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}


def report(user: User, **headers: str) -> Any:
    body = {"titulo": f"La banda no arranca {CANARY}", "descripcion": f"Marca {CANARY} y se detiene", "area": "PROD"}
    return api(user).post(f"/api/incidencias?nota={CANARY}", body, headers={"traceparent": GIVEN, **headers})


def test_a_report_is_one_trace_with_its_queries(collector: Collector, ana: User) -> None:
    answer = report(ana, **{"X-Request-ID": "peticion-0001"})
    spans = sent(collector)
    [server] = [span for span in spans if span.name == "POST /api/incidencias"]
    assert answer.status_code == 201
    assert values(server) == {
        "http.request.method": "POST",
        "url.scheme": "http",
        "http.route": "/api/incidencias",
        "http.response.status_code": 201,
        "prs.request_id": "peticion-0001",
    }
    assert {span.trace_id.hex() for span in spans} == {GIVEN.split("-")[1]}
    assert server.parent_span_id.hex() == GIVEN.split("-")[2]
    assert "INSERT incidents_incident" in {span.name for span in spans if span.parent_span_id == server.span_id}
    assert collector.paths[0] == "/v1/traces"
    assert collector.headers[0]["authorization"] == "Bearer del-colector"


def test_nothing_private_is_sent(collector: Collector, ana: User) -> None:
    report(ana, Authorization=f"Bearer {CANARY}", Cookie=f"sessionid={CANARY}")
    report(ana)
    api().post("/api/auth/login", {"username": CANARY, "password": CANARY})
    browser(ana).get(f"/incidencias/?q={CANARY}")
    Client().get(f"/{CANARY}/{CANARY}")
    assert "GET sin_ruta" in {span.name for span in sent(collector)}
    assert CANARY.encode() not in b"".join(collector.bodies)


def do(fails: bool, port: int) -> None:
    if fails:
        raise ValueError(CANARY)
    http.json_client(f"http://127.0.0.1:{port}").get(f"/?clave={CANARY}")


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(queue._handlers, "tracing.test", f"{__name__}.do")
    return "tracing.test"


def test_a_job_goes_on_with_the_trace_and_tells_it_to_the_server_it_calls(collector: Collector, kind: str) -> None:
    with Backend() as backend, tracing.job("made.here", 1, GIVEN):
        queue.enqueue(kind, payload={"fails": False, "port": backend.port})
        job = Job.objects.get()
        assert job.trace_parent.split("-")[1] == GIVEN.split("-")[1]
        job_run(job.pk)
        told = http.json_client(f"http://127.0.0.1:{backend.port}").get("/").json()["headers"]
    spans = {span.name: span for span in sent(collector)}
    work, call = spans[f"job {kind}"], spans["GET"]
    assert values(work) == {"prs.job.kind": kind, "prs.job.id": job.pk}
    assert work.parent_span_id.hex() == job.trace_parent.split("-")[2]
    assert {"server.address": "127.0.0.1", "http.response.status_code": 200}.items() <= values(call).items()
    [header] = [value for name, value in told if name == "traceparent"]
    assert header.split("-")[1] == work.trace_id.hex() == call.trace_id.hex()
    assert CANARY.encode() not in b"".join(collector.bodies)


def test_a_failed_job_is_told_by_the_type_of_its_error(collector: Collector, kind: str) -> None:
    queue.enqueue(kind, payload={"fails": True, "port": 0})
    job_run(Job.objects.get().pk)
    [span] = [span for span in sent(collector) if span.name == f"job {kind}"]
    assert (span.status.code, span.status.message, values(span)["error.type"]) == (2, "", "ValueError")
    assert CANARY.encode() not in b"".join(collector.bodies)


def test_a_line_of_the_log_names_its_trace_and_its_request(collector: Collector, kind: str) -> None:
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=structlog.processors.JSONRenderer()))
    logging.getLogger().addHandler(handler)
    try:
        job = queue.build_job(kind, payload={"fails": True, "port": 0})
        job.request_id, job.trace_parent = "peticion-0002", GIVEN
        job.save()
        job_run(job.pk)
    finally:
        logging.getLogger().removeHandler(handler)
    [line] = [json.loads(text) for text in lines.getvalue().splitlines() if "job.failed" in text]
    assert (line["request_id"], line["trace_id"]) == ("peticion-0002", GIVEN.split("-")[1])


def test_probes_are_not_traced(collector: Collector) -> None:
    api().get("/api/health")
    api().get("/metrics")
    assert sent(collector) == []


def test_a_collector_that_is_away_disturbs_nobody(settings: Any, ana: User) -> None:
    settings.TRACES_ENDPOINT, settings.TRACES_TIMEOUT_SECONDS = "http://127.0.0.1:9", 0.2
    provider = tracing.start()
    assert provider is not None
    try:
        assert report(ana).status_code == 201
    finally:
        tracing.stop(provider)


def test_without_a_collector_nothing_is_loaded_or_kept(kind: str) -> None:
    assert tracing.start() is None
    queue.enqueue(kind, payload={"fails": False, "port": 0})
    assert Job.objects.get().trace_parent == ""
    code = (  # the API itself is loaded by redis-py
        "import django; django.setup(); import sys; from django.test import Client; Client().get('/api/health');"
        "print(sorted({'opentelemetry.exporter', 'opentelemetry.sdk.trace'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip() == "[]"
