"""Line ends, escape sequences and NUL in whatever people and machines send: logs keep one encoded line for each event,
and no answer gets a header of the sender's."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.conf import settings
from django.test import Client

from prsystem.accounts.models import User
from tests.incidents.makers import make_incident
from tests.people import api, browser

pytestmark = pytest.mark.django_db
HOSTILE = (
    'x\r\nSet-Cookie: intruso=1\r\n\r\n<b>{"event": "falso", "level": "info"}',
    "x\n2026-11-24 INFO todo bien",
    "x\r\x1b[2J\x1b[31mrojo\x07",
    "x\0y",
    "x\u2028y\u2029z\x85w\x0b\x0c",
    "\u202ex\u2066y",
    "%s%n${jndi:ldap://x}{0}",
)


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """The lines of the log, as the product's own formatter writes them."""
    made = settings.LOGGING["formatters"]["json"]
    formatter = made["()"](**{name: value for name, value in made.items() if name != "()"})
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    found: list[str] = []
    yield found
    root.removeHandler(handler)
    root.setLevel(level)
    found += stream.getvalue().splitlines(keepends=True)
    for line in found:
        assert line.endswith("\n")
        assert not [char for char in line[:-1] if ord(char) < 32 or ord(char) > 126], line
        assert json.loads(line)["level"]


def is_clean(response: Any) -> bool:
    headers = str(sorted(response.headers.items()))
    return response.status_code < 500 and "intruso" not in headers and "\\r" not in headers and "\\n" not in headers


@pytest.mark.parametrize("text", HOSTILE)
def test_the_log_itself_encodes_every_value(text: str, lines: list[str]) -> None:
    structlog.get_logger("prueba").warning("prueba", valor=text, **{"clave\nmala": text})
    logging.getLogger("ajena").error("mensaje %s", text)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", ["titulo", "descripcion", "area", "prioridad", "referencia_externa"])
def test_the_fields_of_a_report(field: str, text: str, ana: User, lines: list[str]) -> None:
    body = {"titulo": "Bomba", "descripcion": "No gira", "area": "PROD", field: text}
    assert is_clean(api(ana).post("/api/incidencias", body))


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("comentarios", "cuerpo"),
        ("resolver", "solucion"),
        ("escalar", "motivo"),
        ("esperar", "motivo"),
        ("asignar", "asignado_a"),
        ("fusionar", "en"),
    ],
)
def test_the_fields_of_the_moves(path: str, field: str, text: str, ana: User, luis: User, lines: list[str]) -> None:
    incident = make_incident(ana)
    assert is_clean(api(luis).post(f"/api/incidencias/{incident.pk}/{path}", {field: text}))


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "path",
    ["/buscar?q=", "/incidencias/?q=", "/conocimiento/?q=", "/api/incidencias?q=", "/api/conocimiento/buscar?query="],
)
def test_the_words_of_a_search(path: str, text: str, luis: User, lines: list[str]) -> None:
    name = path.rpartition("?")[2].rstrip("=")
    client = api(luis) if path.startswith("/api/") else browser(luis)
    assert is_clean(client.get(path.partition("?")[0], {name: text}))


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("header", ["X-Request-ID", "User-Agent", "Idempotency-Key", "X-API-Key", "Accept-Language"])
def test_headers(header: str, text: str, ana: User, lines: list[str]) -> None:
    body = {"titulo": "Bomba", "descripcion": "No gira", "area": "PROD"}
    response = api(ana).post("/api/incidencias", body, headers={header: text})
    assert is_clean(response)
    assert text not in response.headers["X-Request-ID"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_sign_in(text: str, lines: list[str]) -> None:
    assert is_clean(Client().post("/entrar", {"username": text, "password": text}))
    assert is_clean(api().post("/api/auth/login", {"username": text, "password": text}))
