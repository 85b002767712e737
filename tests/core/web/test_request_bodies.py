"""Bodies of the API that readers could take in two ways, or that aren't JSON at all: a clear 400, nothing done."""

import json
from typing import Any

import pytest

from incidents.models import Incident
from prsystem.accounts.models import Area, User
from prsystem.core.api.parsers import MAX_DEPTH
from tests.integrations.api_keys.makers import client, make_key
from tests.people import api

pytestmark = pytest.mark.django_db
EXTERNAL, OWN = "/api/v1/external/incidencias", "/api/incidencias"
RIGHT = {"titulo": "Prensa 4", "descripcion": "Alarma 731", "area": "PROD", "origen": "mes"}


def post(caller: Any, path: str, body: bytes) -> Any:
    return caller.generic("POST", path, body, content_type="application/json")


@pytest.mark.parametrize("path", [EXTERNAL, OWN])
@pytest.mark.parametrize(
    "extra", ['"area": "MANT"', '"titulo": "Prensa 4"', '"\\u0061rea": "MANT"', '"x": {"a": 1, "a": 1}']
)
def test_a_key_that_comes_twice_is_refused_by_its_name(path: str, extra: str, luis: User, prod: Area) -> None:
    caller = client(make_key("incidencias:write", areas=[prod])) if path == EXTERNAL else api(luis)
    answer = post(caller, path, (json.dumps(RIGHT)[:-1] + f", {extra}}}").encode())
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert "«" in answer.json()["detail"]
    assert not Incident.objects.exists()


DEEP = b'{"titulo": "a", "descripcion": "b", "area": "PROD", "x": %s}' % (b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)


@pytest.mark.parametrize(
    "body",
    [b"{", b'{"a": NaN}', b'{"a": Infinity}', b"\xff\xfe{}", b"[]", b'"x"', b"null", b"[" * 20_000, b"{}{}", DEEP],
)
def test_what_is_no_json_object_is_refused(body: bytes, prod: Area) -> None:
    answer = post(client(make_key("incidencias:write", areas=[prod])), EXTERNAL, body)
    assert (answer.status_code, answer.json()["codigo"]) == (400, "peticion_invalida")
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"a": 1,\n b}', "error en la línea 2, columna 2."),
        (b"\xff\xfe{}", "no es UTF-8."),
        (b'{"a": NaN}', "contiene un número que JSON no admite."),
        (b'{"a": ' + b"9" * 5000 + b"}", "contiene un número que JSON no admite."),
    ],
)
def test_why_it_is_no_json_is_told_in_spanish(body: bytes, reason: str, prod: Area) -> None:
    answer = post(client(make_key("incidencias:write", areas=[prod])), EXTERNAL, body)
    assert answer.json()["detail"] == f"El cuerpo no es JSON válido: {reason}"


def test_very_many_keys_with_one_twice_are_read_in_one_pass(prod: Area) -> None:
    names = ", ".join(f'"k{number}": 1' for number in range(100_000))
    answer = post(client(make_key("incidencias:write", areas=[prod])), EXTERNAL, f'{{{names}, "k99999": 1}}'.encode())
    assert "k99999" in answer.json()["detail"]
