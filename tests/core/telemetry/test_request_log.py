"""One line a request: what an operator needs, with the id of the answer, and nothing of what people wrote or sent."""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from prsystem.accounts.models import Area, User
from tests.people import PASSWORD, api

pytestmark = pytest.mark.django_db
FIELDS = {"method", "route", "status", "ms", "actor", "account", "request_id", "event", "level", "logger", "timestamp"}


class Log:
    """What goes to the console, as the product is configured."""

    def __init__(self) -> None:
        self.stream = StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    def requests(self) -> list[dict[str, Any]]:
        return [line for line in self.lines() if line["event"] == "request"]


@pytest.fixture
def log() -> Iterator[Log]:
    found = Log()
    console = next(
        one for one in logging.root.handlers if getattr(one, "formatter", None) and one.get_name() == "console"
    )
    before = console.setStream(found.stream)  # type: ignore[attr-defined]
    yield found
    console.setStream(before)  # type: ignore[attr-defined]


def nobody() -> Client:
    return Client(raise_request_exception=False)


def test_a_request_is_one_line_with_the_id_of_its_answer(ana: User, log: Log) -> None:
    answer = api(ana).get("/api/incidencias", {"q": "palabra-secreta"}, HTTP_X_REQUEST_ID="pedido-0001")
    [line] = log.requests()
    assert set(line) == FIELDS
    told = {"method": "GET", "route": "/api/incidencias", "status": 200, "actor": "user", "account": ana.pk}
    assert told.items() <= line.items()
    assert line["request_id"] == answer.headers["X-Request-ID"] == "pedido-0001"
    assert line["ms"] >= 0
    assert "palabra-secreta" not in log.text and "ana" not in json.dumps(line)


def test_refusals_of_every_kind_are_lines_with_their_reason(ana: User, prod: Area, log: Log) -> None:
    asked = {
        "no_encontrado": lambda: api(ana).get("/api/incidencias/999999"),
        "no_autenticado": lambda: api().get("/api/incidencias"),
        "datos_invalidos": lambda: api(ana).post("/api/incidencias", {"titulo": ""}, format="json"),
        "csrf": lambda: Client(enforce_csrf_checks=True).post("/entrar", {"username": "ana"}),
        "host": lambda: nobody().get("/entrar", HTTP_HOST="evil.example"),
    }
    for reason, ask in asked.items():
        before = len(log.requests())
        answer = ask()
        [line] = log.requests()[before:]
        assert (line["reason"], line["status"], line["request_id"]) == (
            reason,
            answer.status_code,
            answer.headers["X-Request-ID"],
        )
        if answer.headers["Content-Type"] == "application/problem+json":
            assert answer.json()["request_id"] == line["request_id"]
    assert "evil.example" not in log.text


def test_what_nobody_expected_is_an_error_line_without_the_address(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: Any, **_named: Any) -> None:
        raise RuntimeError("inesperado")

    monkeypatch.setattr("prsystem.accounts.sign_in.first_administrator._usable", broken)
    answer = nobody().get("/primera-cuenta/token-que-no-se-anota")
    assert answer.status_code == 500
    assert "token-que-no-se-anota" not in log.text
    [told, line] = log.lines()
    assert (told["logger"], told["event"], told["level"]) == ("django.request", "Internal Server Error", "error")
    assert "RuntimeError: inesperado" in told["exception"]
    assert (line["route"], line["level"]) == ("/primera-cuenta/<str:token>", "error")
    assert line["request_id"] == told["request_id"] == answer.headers["X-Request-ID"]


def test_probes_scrapes_and_static_files_are_left_out_while_they_go_well(log: Log) -> None:
    for path in ("/api/health", "/api/health/ready", "/metrics", "/static/prs/app.css"):
        assert nobody().get(path).status_code == 200
    assert log.requests() == []
    assert nobody().get("/static/no.css").status_code == 404
    assert nobody().get("/metrics", REMOTE_ADDR="192.0.2.1").status_code == 403
    assert [line["status"] for line in log.requests()] == [404, 403]


def test_refused_sign_ins_are_told_once_and_without_names(ana: User, log: Log) -> None:
    for _each in range(settings.AXES_FAILURE_LIMIT + 1):
        api().post("/api/auth/login", {"username": "ana", "password": "no-es-esta"}, format="json")
    assert {line["logger"] for line in log.lines()} <= {"prsystem.requests", "audit.refusals"}
    assert len(log.requests()) == settings.AXES_FAILURE_LIMIT + 1
    assert "no-es-esta" not in log.text and '"ana"' not in log.text and "AXES" not in log.text


def test_a_session_is_read_as_an_operator_would(ana: User, prod: Area, log: Log) -> None:
    """From the sign-in to a report: lines of requests alone, and nothing that she typed."""
    person = Client()
    person.post("/entrar", {"username": "ana", "password": PASSWORD})
    for path in ("/", "/incidencias/nueva", "/no/existe?codigo=privado-1"):
        person.get(path)
    person.post("/incidencias/nueva", {"titulo": "privado-2", "descripcion": "privado-3", "area": prod.pk})
    assert {line["logger"] for line in log.lines()} == {"prsystem.requests"}
    assert "privado" not in log.text and PASSWORD not in log.text
