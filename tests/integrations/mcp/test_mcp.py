"""The MCP server, called by the official SDK's client and by hand: tools by scope, areas, audit, bad messages."""

import json
from typing import Any

import anyio
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from rest_framework.test import APIClient

from audit.models import AuditEntry
from incidents.models import Incident
from knowledge.services.indexing import passages_rebuild
from prsystem.accounts.models import Area
from tests.incidents.makers import make_article
from tests.integrations.api_keys.makers import make_key

ALL = ("mcp", "incidencias:read", "incidencias:write", "conocimiento:read")
PROTOCOL = "2025-06-18"


def rpc(key: Any, method: str, params: dict[str, Any] | None = None, **headers: str) -> Any:
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params or {}}
    return send(key, json.dumps(message).encode(), **headers)


def send(key: Any, body: bytes, **headers: str) -> Any:
    given = {"HTTP_AUTHORIZATION": f"Bearer {key.text}"} if key else {}
    given |= {"HTTP_ACCEPT": "application/json, text/event-stream", "HTTP_MCP_PROTOCOL_VERSION": PROTOCOL, **headers}
    return APIClient(raise_request_exception=False).post("/mcp", body, content_type="application/json", **given)


def tool_names(key: Any) -> set[str]:
    return {tool["name"] for tool in rpc(key, "tools/list").json()["result"]["tools"]}


def call(key: Any, name: str, **arguments: Any) -> dict[str, Any]:
    answer = rpc(key, "tools/call", {"name": name, "arguments": arguments})
    assert answer.status_code == 200, answer.content
    return answer.json()["result"]


@pytest.fixture
def cal(db: None) -> Area:
    return Area.objects.create(code="CAL", name="Calidad")


@pytest.fixture
def key(db: None, prod: Area) -> Any:
    return make_key(*ALL, areas=[prod])


def test_an_assistant_finds_its_way_with_the_official_client(
    transactional_db: None, live_server: Any, prod: Area
) -> None:
    key = make_key(*ALL, areas=[prod])

    async def visit() -> tuple[Any, Any, Any]:
        headers = {"Authorization": f"Bearer {key.text}"}
        async with httpx2.AsyncClient(headers=headers) as http:
            transport = streamable_http_client(f"{live_server.url}/mcp", http_client=http)
            async with Client(transport) as client:
                tools = await client.list_tools()
                given = {"titulo": "Horno 2 apagado", "descripcion": "No enciende", "area": "PROD"}
                made = await client.call_tool("reportar_incidencia", given)
                listed = await client.call_tool("listar_incidencias", {})
                return tools, made, listed

    tools, made, listed = anyio.run(visit)
    kinds = {tool.name: tool.annotations.read_only_hint for tool in tools.tools}
    assert kinds == {
        "buscar_conocimiento": True,
        "listar_incidencias": True,
        "leer_incidencia": True,
        "reportar_incidencia": False,
    }
    assert made.structured_content["nueva"] is True
    incident = Incident.objects.get()
    assert (incident.source, incident.title) == ("mcp", "Horno 2 apagado")
    assert listed.structured_content["resultados"][0]["url"] == f"{live_server.url}{incident.get_absolute_url()}"


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        (("mcp",), set()),
        (("mcp", "conocimiento:read"), {"buscar_conocimiento"}),
        (("mcp", "incidencias:read"), {"listar_incidencias", "leer_incidencia"}),
        (("mcp", "incidencias:write"), {"reportar_incidencia"}),
    ],
)
def test_a_key_sees_the_tools_of_its_scopes_alone(prod: Area, scopes: tuple[str, ...], expected: set[str]) -> None:
    assert tool_names(make_key(*scopes, areas=[prod])) == expected


def test_a_tool_without_its_scope_does_nothing(db: None, prod: Area) -> None:
    key = make_key("mcp", "incidencias:read", areas=[prod])
    result = call(key, "reportar_incidencia", titulo="x", descripcion="x", area="PROD")
    assert result["isError"] is True
    assert not Incident.objects.exists()


def test_a_report_is_audited_as_the_key(key: Any) -> None:
    call(key, "reportar_incidencia", titulo="Fuga", descripcion="Aceite", area="PROD", referencia_externa="A-1")
    again = call(key, "reportar_incidencia", titulo="Fuga", descripcion="Aceite", area="PROD", referencia_externa="A-1")
    assert again["structuredContent"]["nueva"] is False
    entry = AuditEntry.objects.get(accion="incident.reported")
    assert (entry.actor_kind, entry.actor) == ("api_key", str(key.api_key))


def test_another_area_is_neither_listed_nor_read_nor_written(key: Any, cal: Area) -> None:
    other = make_key(*ALL, areas=[cal])
    call(other, "reportar_incidencia", titulo="Canario secreto", descripcion="x", area="CAL")
    hidden = Incident.objects.get()
    listed = call(key, "listar_incidencias")["structuredContent"]["resultados"]
    read = call(key, "leer_incidencia", numero=hidden.number)
    written = call(key, "reportar_incidencia", titulo="x", descripcion="x", area="CAL")
    assert listed == []
    assert read["isError"] is written["isError"] is True
    assert "Canario" not in json.dumps(read)
    assert Incident.objects.count() == 1


def test_knowledge_is_found_with_article_and_version(key: Any, prod: Area) -> None:
    version = make_article(prod, "Prensa sin presión")
    passages_rebuild(version.article_id)
    found = call(key, "buscar_conocimiento", consulta="prensa sin presión")["structuredContent"]
    hit = found["resultados"][0]
    assert (hit["articulo"], hit["version"]) == (version.article.slug, version.number)


@pytest.mark.parametrize(
    "arguments",
    [
        {"numero": "no-existe"},
        {"numero": "x" * 400},
        {"numero": None},
        {"numero": {"a": 1}},
        {},
        {"numero": "INC-000001", "otro": 1, "caller": "yo"},
        {"numero": "INC\x00-1"},
    ],
)
def test_bad_arguments_are_told_and_hide_what_is_inside(key: Any, arguments: dict[str, Any]) -> None:
    result = call(key, "leer_incidencia", **arguments)
    assert result["isError"] is True
    assert "Traceback" not in json.dumps(result)


@pytest.mark.parametrize(
    ("name", "arguments", "text"),
    [
        ("leer_incidencia", {}, "Los argumentos no sirven. numero: Este campo es obligatorio."),
        ("leer_incidencia", {"numero": 5}, "Los argumentos no sirven. numero: Se espera un texto."),
        ("leer_incidencia", {"numero": "x" * 21}, "Los argumentos no sirven. numero: Como máximo 20 caracteres."),
        ("leer_incidencia", {"numero": "no-existe"}, "No existe o no tiene permiso para verlo."),
        ("buscar_conocimiento", {"consulta": ""}, "Los argumentos no sirven. consulta: Está vacío."),
        (
            "listar_incidencias",
            {"estado": "roto", "limite": 51},
            "Los argumentos no sirven. estado: Uno de: nuevo, en_progreso, en_espera, resuelto, cerrado. "
            "limite: Como máximo 50.",
        ),
        ("listar_incidencias", {"limite": 0}, "Los argumentos no sirven. limite: Como mínimo 1."),
        ("listar_incidencias", {"limite": "x"}, "Los argumentos no sirven. limite: Se espera un número entero."),
        ("otra", {}, "Esta clave no tiene una herramienta con ese nombre."),
    ],
)
def test_failures_are_told_in_spanish(key: Any, name: str, arguments: dict[str, Any], text: str) -> None:
    result = call(key, name, **arguments)
    assert result["isError"] is True
    assert [part["text"] for part in result["content"]] == [text]


def test_a_crash_tells_nothing_of_its_cause(key: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("secreto interno")

    monkeypatch.setattr("incidents.intake.mcp.incident_of_areas", broken)
    result = call(key, "leer_incidencia", numero="INC-000001")
    assert result["isError"] is True
    assert result["content"][0]["text"] == "La herramienta falló; la causa está en el registro del servidor."


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b'{"jsonrpc":"1.0"}', b'{"jsonrpc":"2.0","id":1,"method":"x"}',
     b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[]}', b"[" * 5000],
)  # fmt: skip
def test_bad_messages_are_refused_and_never_a_server_error(key: Any, body: bytes) -> None:
    answer = send(key, body)
    assert answer.status_code in {200, 202, 400}
    assert answer.status_code != 200 or "error" in answer.json()


def test_who_may_come_in(key: Any, prod: Area) -> None:
    assert rpc(None, "tools/list").status_code == 401
    assert rpc(None, "tools/list").headers["WWW-Authenticate"].startswith("Bearer")
    assert rpc(None, "tools/list", HTTP_AUTHORIZATION="Bearer prs_no_vale").status_code == 403
    assert rpc(make_key("incidencias:read", areas=[prod]), "tools/list").status_code == 403
    assert rpc(None, "tools/list", HTTP_X_API_KEY=key.text).status_code == 200
    assert APIClient().get("/mcp", HTTP_AUTHORIZATION=f"Bearer {key.text}").status_code == 405


def test_a_page_of_another_site_is_refused(key: Any) -> None:
    assert rpc(key, "tools/list", HTTP_ORIGIN="https://evil.example").status_code == 403
    assert rpc(key, "tools/list", HTTP_ORIGIN="http://testserver").status_code == 200
