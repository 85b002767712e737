"""No change of the API breaks those who use the last released one (docs/openapi-base.yaml)."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command

from prsystem.core.api.compatibility import breaks
from prsystem.core.management.commands import openapi

FIELDS = {
    "titulo": {"type": "string", "maxLength": 100, "minLength": 2},
    "area": {"enum": ["a", "b"], "type": "string"},
}
ANSWER = {"numero": {"type": "string"}, "fecha": {"type": "string", "format": "date-time"}, "n": {"type": "integer"}}
BASE: dict[str, Any] = {
    "paths": {
        "/cosas": {
            "get": {
                "parameters": [{"in": "query", "name": "limit", "schema": {"type": "integer", "maximum": 100}}],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Cosas"}}}}
                },
            },
            "post": {
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Nueva"}}}},
                "responses": {"201": {}, "409": {}},
            },
        },
        "/otras": {"get": {"responses": {"200": {}}}},
    },
    "components": {
        "schemas": {
            "Nueva": {"type": "object", "properties": FIELDS, "required": ["titulo"]},
            "Cosas": {"type": "array", "items": {"$ref": "#/components/schemas/Cosa"}},
            "Cosa": {"type": "object", "properties": ANSWER, "required": ["numero"]},
        }
    },
}
Change = Callable[[dict[str, Any]], object]


def _changed(change: Change) -> list[str]:
    new = copy.deepcopy(BASE)
    change(new)
    return breaks(BASE, new)


def _sent(document: dict[str, Any]) -> dict[str, Any]:
    return document["components"]["schemas"]["Nueva"]


def _received(document: dict[str, Any]) -> dict[str, Any]:
    return document["components"]["schemas"]["Cosa"]


def _get(document: dict[str, Any]) -> dict[str, Any]:
    return document["paths"]["/cosas"]["get"]


BREAKING: dict[str, Change] = {
    "/otras: path removed": lambda new: new["paths"].pop("/otras"),
    "POST /cosas: method removed": lambda new: new["paths"]["/cosas"].pop("post"),
    "POST /cosas 409: status removed": lambda new: new["paths"]["/cosas"]["post"]["responses"].pop("409"),
    "POST /cosas: body removed": lambda new: new["paths"]["/cosas"]["post"].pop("requestBody"),
    "POST /cosas: a body is required now": lambda new: new["paths"]["/cosas"]["post"]["requestBody"].update(
        required=True
    ),
    "GET /cosas 200: application/json removed": lambda new: _get(new)["responses"]["200"].pop("content"),
    "GET /cosas limit: parameter removed": lambda new: _get(new)["parameters"].clear(),
    "GET /cosas q: parameter is required now": lambda new: _get(new)["parameters"].append(
        {"in": "query", "name": "q", "required": True, "schema": {"type": "string"}}
    ),
    "GET /cosas limit: maximum 100 became 50": lambda new: _get(new)["parameters"][0]["schema"].update(maximum=50),
    "GET /cosas 200[].n: field removed": lambda new: _received(new)["properties"].pop("n"),
    "GET /cosas 200[].n: type integer became string": lambda new: _received(new)["properties"].update(
        n={"type": "string"}
    ),
    "GET /cosas 200[].n: type integer became integer/null": lambda new: _received(new)["properties"].update(
        n={"type": ["integer", "null"]}
    ),
    "GET /cosas 200[].fecha: format date-time became date": lambda new: _received(new)["properties"]["fecha"].update(
        format="date"
    ),
    "GET /cosas 200[].numero: field may be missing now": lambda new: _received(new)["required"].clear(),
    "POST /cosas body.area: field is required now": lambda new: _sent(new)["required"].append("area"),
    "POST /cosas body.area: field removed": lambda new: _sent(new)["properties"].pop("area"),
    "POST /cosas body.area: value 'b' is no longer taken": lambda new: _sent(new)["properties"]["area"]["enum"].remove(
        "b"
    ),
    "POST /cosas body.titulo: only some values are taken now": lambda new: _sent(new)["properties"]["titulo"].update(
        enum=["x"]
    ),
    "POST /cosas body.titulo: maxLength 100 became 50": lambda new: _sent(new)["properties"]["titulo"].update(
        maxLength=50
    ),
    "POST /cosas body.titulo: minLength 2 became 3": lambda new: _sent(new)["properties"]["titulo"].update(minLength=3),
    "POST /cosas body.titulo: another pattern": lambda new: _sent(new)["properties"]["titulo"].update(pattern="^a"),
    "POST /cosas body.titulo: type string became integer": lambda new: _sent(new)["properties"]["titulo"].update(
        type="integer"
    ),
}
ADDITIONS: dict[str, Change] = {
    "path": lambda new: new["paths"].update({"/nuevas": {"get": {"responses": {"200": {}}}}}),
    "method": lambda new: new["paths"]["/otras"].update(post={"responses": {"201": {}}}),
    "status": lambda new: new["paths"]["/otras"]["get"]["responses"].update({"429": {}}),
    "parameter": lambda new: _get(new)["parameters"].append({"in": "query", "name": "q", "schema": {"type": "string"}}),
    "field sent": lambda new: _sent(new)["properties"].update(mas={"type": "string"}),
    "field received": lambda new: _received(new)["properties"].update(mas={"type": "string"}),
    "value taken": lambda new: _sent(new)["properties"]["area"]["enum"].append("c"),
    "freer limit": lambda new: _sent(new)["properties"]["titulo"].update(maxLength=200, minLength=1),
    "null taken": lambda new: _sent(new)["properties"]["titulo"].update(type=["string", "null"]),
    "field no longer required": lambda new: _sent(new)["required"].clear(),
}


@pytest.mark.parametrize("line", BREAKING)
def test_a_change_that_breaks_is_one_line(line: str) -> None:
    assert _changed(BREAKING[line]) == [line]


@pytest.mark.parametrize("kind", ADDITIONS)
def test_an_addition_breaks_nothing(kind: str) -> None:
    assert _changed(ADDITIONS[kind]) == []


def test_a_schema_that_contains_itself_ends() -> None:
    new = copy.deepcopy(BASE)
    for document in (base := copy.deepcopy(BASE), new):
        _received(document)["properties"]["hija"] = {"$ref": "#/components/schemas/Cosa"}
    assert breaks(base, new) == []


def test_the_api_breaks_nothing_that_was_promised() -> None:
    promised, now = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in (openapi.BASELINE, openapi.DOCUMENT))
    assert not breaks(promised, now), "on purpose? `manage.py openapi --baseline` promises the new API"


def test_the_baseline_is_renewed_only_on_purpose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openapi.settings, "BASE_DIR", tmp_path)
    monkeypatch.setattr(openapi, "DOCUMENT", tmp_path / "openapi.yaml")
    monkeypatch.setattr(openapi, "BASELINE", tmp_path / "openapi-base.yaml")
    call_command("openapi")
    assert [path.name for path in tmp_path.iterdir()] == ["openapi.yaml"]
    call_command("openapi", "--baseline")
    assert (tmp_path / "openapi-base.yaml").read_text() == (tmp_path / "openapi.yaml").read_text()
