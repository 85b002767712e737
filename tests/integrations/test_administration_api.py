"""Webhooks, API keys and settings through the API: what administrators do in the console."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
import yaml
from django.utils import timezone

from audit.models import AuditEntry
from integrations.api_keys.models import ApiKey
from integrations.webhooks.models import Delivery, Endpoint
from integrations.webhooks.sealing import opened
from prsystem.accounts.models import Area, User
from prsystem.core.models import IdempotencyRecord
from prsystem.core.text.cleaning import SECRET_NAME
from prsystem.core.web.step_up import RECENT_SECONDS
from prsystem.runner.program import PROJECT
from prsystem.runtime.selectors import get_setting
from tests.people import api

pytestmark = pytest.mark.django_db
ERP = {"nombre": "erp", "url": "https://erp.example/hook?x=1", "eventos": ["incidencia.creada"]}
KEY = {"nombre": "MES", "scopes": ["incidencias:write"], "areas": ["PROD"], "redes": ["10.1.2.3"]}
GRAVE = ("/api/webhooks", ERP), ("/api/claves", KEY)


def made(client: Any, path: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
    answer = client.post(path, body, **headers)
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("accion", flat=True))


def test_an_endpoint_is_made_changed_tested_and_resent(eva: User) -> None:
    client = api(eva)
    endpoint = made(client, "/api/webhooks", ERP)
    assert endpoint["secreto"].startswith("whsec_")
    path = f"/api/webhooks/{endpoint['id']}"
    changed = client.patch(path, {"en_orden": True, "eventos": []}).json()
    assert (changed["en_orden"], changed["eventos"], changed["url"]) == (True, [], ERP["url"])
    assert "secreto" not in client.get(path).json()

    delivery = client.post(f"{path}/probar")
    assert (delivery.status_code, delivery.json()["evento"], delivery.json()["estado"]) == (202, "prueba", "pending")
    one = f"/api/webhooks/entregas/{delivery.json()['id']}"
    Delivery.objects.update(state="dead", finished_at=timezone.now())
    assert [row["estado"] for row in client.get("/api/webhooks/entregas?estado=dead&destino=erp").json()["resultados"]]
    assert client.get("/api/webhooks/entregas?destino=otro").json()["resultados"] == []
    assert client.post(f"{one}/reenviar").json()["estado"] == "pending"
    assert client.get(one).json()["registro"] == []
    now = timezone.now()
    range_ = {"desde": (now - timedelta(days=1)).isoformat(), "hasta": now.isoformat()}
    assert client.post(f"{path}/reenviar", range_).json() == {"eventos": 0}
    backwards = client.post(f"{path}/reenviar", {"desde": range_["hasta"], "hasta": range_["desde"]})
    assert backwards.json()["errores"].keys() == {"hasta"}
    assert client.post(f"{path}/desactivar").json()["estado"] == "disabled"
    assert client.post(f"{path}/activar").json()["estado"] == "active"
    assert {"webhook.created", "webhook.updated", "webhook.tested", "webhook.resent"} <= set(actions())


def test_the_address_of_a_chat_is_a_secret(eva: User) -> None:
    chat = {"nombre": "chat", "url": "https://chat.example/secreto", "formato": "slack"}
    assert made(api(eva), "/api/webhooks", chat)["url"] == "https://chat.example/…"
    assert "secreto" not in str(AuditEntry.objects.get(accion="webhook.created").detalles)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": "ftp://erp.example"}, "url"),
        ({"eventos": ["nada.de_eso"]}, "eventos"),
        ({"formato": "fax"}, "formato"),
        ({"nombre": "con espacio"}, "nombre"),
    ],
)
def test_a_bad_endpoint_names_its_field(eva: User, body: dict[str, Any], field: str) -> None:
    answer = api(eva).post("/api/webhooks", ERP | body)
    assert answer.status_code == 400
    assert answer.json()["errores"].keys() == {field}
    assert not Endpoint.objects.exists()


def test_two_endpoints_have_no_name_in_common(eva: User) -> None:
    made(api(eva), "/api/webhooks", ERP)
    assert api(eva).post("/api/webhooks", ERP).status_code == 409


def test_secrets_are_told_once_and_kept_nowhere(eva: User, prod: Area) -> None:
    client, repeat = api(eva), {"HTTP_IDEMPOTENCY_KEY": "k1"}
    first = made(client, "/api/webhooks", ERP, **repeat)
    again = client.post("/api/webhooks", ERP, **repeat)
    assert (again.headers["Idempotent-Replayed"], again.json()) == ("true", {**first, "secreto": None})
    rotated = client.post(f"/api/webhooks/{first['id']}/rotar").json()["secreto"]
    assert opened(Endpoint.objects.get().sealed_secret) == rotated != first["secreto"]

    key = made(client, "/api/claves", KEY, HTTP_IDEMPOTENCY_KEY="k2")["clave"]
    kept = "".join(str(row) for row in IdempotencyRecord.objects.values_list("body", flat=True))
    assert first["secreto"] not in kept
    assert key not in kept


def test_of_a_repeated_write_no_secret_and_no_fast_hash_is_kept(eva: User) -> None:
    """Who reads the database can neither read a password nor try one out; anything else still tells bodies apart."""
    body = {"usuario": "nueva", "nombre": "Nueva", "contrasena": "Corral-de-nubes-7"}
    first = api(eva).post("/api/personas", body, headers={"Idempotency-Key": "una"})
    record = IdempotencyRecord.objects.get()
    again = api(eva).post("/api/personas", {**body, "contrasena": "Otra-mala-77"}, headers={"Idempotency-Key": "una"})
    other = api(eva).post("/api/personas", {**body, "nombre": "Otra"}, headers={"Idempotency-Key": "una"})
    assert [answer.status_code for answer in (first, again, other)] == [201, 201, 422]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert User.objects.get(username="nueva").check_password("Corral-de-nubes-7")
    for sent in (body, {"usuario": "nueva", "nombre": "Nueva"}):
        text = json.dumps(["POST", "/api/personas", sent, []], sort_keys=True)
        assert record.fingerprint not in (hashlib.sha256(text.encode()).hexdigest(), text)
    nested = {"elementos": [{"username": "x", "password": "Corral-de-nubes-7"}], "ensayo": True}
    api(eva).put("/api/configuracion/people", nested, headers={"Idempotency-Key": "dos"})
    nested["elementos"][0]["password"] = "Otra-mala-77"
    answer = api(eva).put("/api/configuracion/people", nested, headers={"Idempotency-Key": "dos"})
    assert answer.headers.get("Idempotent-Replayed") == "true", answer.json()
    assert "Corral" not in str(list(IdempotencyRecord.objects.values()))


def test_no_answer_with_a_secret_is_kept() -> None:
    """By the document: an operation that takes a key and answers something secret hides it when it is kept."""
    document = yaml.safe_load((PROJECT / "docs" / "openapi.yaml").read_text())
    schemas, found = document["components"]["schemas"], set()
    for methods in document["paths"].values():
        for operation in methods.values():
            if not any(given.get("name") == "Idempotency-Key" for given in operation.get("parameters", [])):
                continue
            for answer in operation["responses"].values():
                shown = answer.get("content", {}).get("application/json", {}).get("schema", {})
                fields = schemas.get(str(shown.get("$ref", "")).rpartition("/")[2], {}).get("properties", {})
                found |= {(operation["operationId"], name) for name in fields if SECRET_NAME.search(name)}
    names_of_settings = {("ajustes_fijar", "clave"), ("ajustes_restablecer", "clave")}
    assert found - names_of_settings == {
        *(("claves_crear", "clave"), ("claves_rotar", "clave")),
        *(("webhooks_crear", "secreto"), ("webhooks_rotar", "secreto")),
    }


def test_a_key_is_made_changed_rotated_and_revoked(eva: User, prod: Area) -> None:
    client = api(eva)
    key = made(client, "/api/claves", KEY)
    report = {"titulo": "Paro", "descripcion": "Se paró", "area": "PROD", "origen": "mes", "referencia_externa": "1"}
    with_key = api()
    with_key.credentials(HTTP_X_API_KEY=key["clave"])
    path = f"/api/claves/{key['prefijo']}"
    assert with_key.post("/api/v1/external/incidencias", report).status_code == 403  # another network
    changed = client.patch(path, {"redes": [], "por_minuto": 50, "responsable": "eva"}).json()
    assert (changed["redes"], changed["por_minuto"], changed["responsable"]) == ([], 50, "eva")
    assert changed["scopes"] == KEY["scopes"]
    assert with_key.post("/api/v1/external/incidencias", report).status_code == 201
    assert client.patch(path, {"nombre": "MES planta 2"}).json()["nombre"] == "MES planta 2"
    told = AuditEntry.objects.filter(accion="api_key.updated").latest("id").detalles
    assert told == {"nombre": {"antes": "MES", "despues": "MES planta 2"}}
    rotated = client.post(f"{path}/rotar", {"dias": 0}).json()["clave"]
    assert rotated != key["clave"]
    assert client.post(f"{path}/revocar").json()["revocada_en"]
    assert client.post(f"{path}/rotar", {}).status_code == 409
    listed = client.get("/api/claves").json()["resultados"]
    assert [row["prefijo"] for row in listed] == [key["prefijo"]]
    assert "clave" not in listed[0]
    assert client.get("/api/claves/nada").status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"areas": ["NADA"]}, "areas"),
        ({"responsable": "nadie"}, "responsable"),
        ({"scopes": []}, "scopes"),
        ({"redes": ["planta"]}, "redes"),
        ({"por_minuto": 0}, "por_minuto"),
    ],
)
def test_a_bad_key_names_its_field(eva: User, prod: Area, body: dict[str, Any], field: str) -> None:
    answer = api(eva).post("/api/claves", KEY | body)
    assert answer.status_code == 400
    assert answer.json()["errores"].keys() == {field}
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize(("path", "body"), GRAVE)
def test_grave_writes_want_a_sign_in_of_the_last_minutes(
    eva: User, path: str, body: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, now = api(eva), timezone.now().timestamp()
    monkeypatch.setattr("prsystem.core.web.step_up.time", lambda: now + RECENT_SECONDS + 60)
    refused = client.post(path, body)
    assert (refused.status_code, refused.json()["codigo"]) == (403, "step_up_requerido")
    assert client.get(path).status_code == 200


def test_settings_are_read_set_and_put_back(eva: User) -> None:
    client, path = api(eva), "/api/ajustes/site.name"
    before = client.get(path).json()
    assert (before["valor"], before["tipo"], before["cambio"]) == ("PR-System", "text", 0)
    after = client.put(path, {"valor": "Planta Norte", "cambio": 0}).json()
    assert (after["valor"], get_setting("site.name")) == ("Planta Norte", "Planta Norte")
    assert client.put(path, {"valor": "Otra", "cambio": 0}).status_code == 409
    assert client.put(path, {"valor": 7}).json()["errores"].keys() == {"valor"}
    assert client.delete(path).json()["valor"] == "PR-System"
    assert "site.name" in [row["clave"] for row in client.get("/api/ajustes").json()["resultados"]]
    assert client.get("/api/ajustes/nada").status_code == 404


def test_moments_are_written_alike_in_every_answer(eva: User, prod: Area) -> None:
    client = api(eva)
    key = made(client, "/api/claves", KEY, HTTP_IDEMPOTENCY_KEY="moments")
    listed = client.get("/api/claves").json()["resultados"][0]
    assert key["creada_en"] == listed["creada_en"] and "T" in key["creada_en"]


def test_a_key_that_has_expired_already_is_not_made(eva: User, prod: Area) -> None:
    answer = api(eva).post("/api/claves", KEY | {"vence": "2020-01-01T00:00:00Z"})
    assert answer.status_code == 400 and set(answer.json()["errores"]) == {"vence"}
