"""Addresses of later pages: one that wasn't made here is told, whatever is in it."""

import base64
import json
from typing import Any

import pytest

from prsystem.accounts.models import User
from tests.people import api, browser

pytestmark = pytest.mark.django_db
PAGES = ("/conocimiento/", "/glosario/", "/incidencias/", "/avisos/")
LISTS = ("/api/conocimiento", "/api/conocimiento/glosario", "/api/incidencias", "/api/avisos")
FORGED: list[list[Any]] = [
    ["s", "x", "y"],
    ["s", {"t": "2026-01-01"}, "y"],
    ["s", 1, {"t": 3}],
    ["a", "x", "12"],
    ["s", "y"],
    ["s", {"t": "2026-01-01"}],
    ["s"],
    [1, 2, 3],
    ["x", "a", 1],
]


def cursor(values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize("values", [*FORGED, "[" * 3000, {}])
def test_a_forged_cursor_is_a_bad_request_and_no_fault(luis: User, values: object) -> None:
    page, client = browser(luis), api(luis)
    for path in PAGES:
        assert page.get(path, {"cursor": cursor(values)}).status_code in (200, 400), path
    for path in LISTS:
        assert client.get(path, {"cursor": cursor(values)}).status_code in (200, 400), path


def test_one_that_can_not_be_is_told(luis: User) -> None:
    assert browser(luis).get("/glosario/", {"cursor": cursor(["s", "a", "b"])}).status_code == 400
    assert api(luis).get("/api/conocimiento/glosario", {"cursor": cursor(["s", "a", "b"])}).status_code == 400
