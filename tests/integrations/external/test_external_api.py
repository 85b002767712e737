"""ERP and MES: what a key may report and read, what repeats do, and that nothing that is down keeps a report out."""

from typing import Any

import pytest
import redis
from django.test import override_settings

from audit.models import AuditEntry
from incidents.models import Incident
from knowledge.services.indexing import passages_rebuild
from prsystem.accounts.models import Area, User
from prsystem.accounts.sign_in import throttle
from prsystem.core.models import OutboxEvent
from tests.incidents.makers import make_article, make_incident
from tests.integrations.api_keys.makers import client, make_key

pytestmark = pytest.mark.django_db
REPORT = "/api/v1/external/incidencias"
SEARCH = "/api/v1/external/conocimiento/buscar"
BODY = {"titulo": "Prensa 4 sin presión", "descripcion": "Alarma 731 en la prensa 4", "area": "PROD", "origen": "mes"}


def post(key: Any, body: dict[str, Any] | None = None, **headers: str) -> Any:
    return client(key).post(REPORT, BODY if body is None else body, **headers)


@pytest.fixture
def key(prod: Area) -> Any:
    return make_key("incidencias:write", "incidencias:read", "conocimiento:read", areas=[prod])


def test_a_report_is_taken_in_by_the_key(key: Any) -> None:
    answer = post(key)
    body = answer.json()
    assert answer.status_code == 201, body
    assert set(body) == {
        "incidencia_id",
        "numero",
        "estado",
        "nivel",
        "prioridad",
        "url",
        "repeticiones",
        "silenciada_hasta",
        "similares",
        "avisos",
    }
    assert body["avisos"] == []
    assert (body["estado"], body["nivel"], body["prioridad"]) == ("nuevo", "L1", "P3")
    assert body["url"] == f"http://testserver/incidencias/{body['numero']}/"
    entry = AuditEntry.objects.get(accion="incident.reported")
    assert (entry.actor_kind, entry.actor) == ("api_key", str(key.api_key))
    assert OutboxEvent.objects.filter(event="incidencia.creada").count() == 1


@pytest.mark.parametrize("name", ["titulo", "descripcion", "area", "origen"])
@pytest.mark.parametrize("value", [None, "", "absent"])
def test_a_missing_field_is_named_as_the_contract_says(key: Any, name: str, value: str | None) -> None:
    body = {**BODY, name: value}
    if value == "absent":
        del body[name]
    answer = client(key).post(REPORT, body, HTTP_ACCEPT_LANGUAGE="en")
    assert answer.status_code == 400
    assert answer.json()["detail"] == f"Campo requerido: {name}"
    assert list(answer.json()["errores"]) == [name]


@pytest.mark.parametrize(
    "change",
    [
        {"titulo": 5},
        {"titulo": "x" * 201},
        {"descripcion": ["a"]},
        {"prioridad": "P9"},
        {"area": "NADA"},
        {"origen": "web"},
        {"referencia_externa": "a\x00b"},
    ],
)
def test_bad_values_are_refused(key: Any, change: dict[str, Any]) -> None:
    answer = post(key, {**BODY, **change})
    assert answer.status_code == 400, answer.json()
    assert list(answer.json()["errores"]) == list(change)
    assert not Incident.objects.exists()


def test_fields_that_are_not_known_are_told_and_lose_no_report(key: Any) -> None:
    answer = post(key, {**BODY, "priodidad": "P1", "x" * 500: 1})
    assert (answer.status_code, answer.json()["prioridad"]) == (201, "P3")
    assert answer.json()["avisos"] == [
        "El campo «priodidad» no existe aquí y no se usó.",
        f"El campo «{'x' * 60}» no existe aquí y no se usó.",
    ]
    many = post(key, {**BODY, "referencia_externa": "OT-7", **{f"k{n}": n for n in range(500)}})
    assert (many.status_code, len(many.json()["avisos"])) == (201, 10)


def test_who_may_not_report(prod: Area, mant: Area, key: Any) -> None:
    assert post("").status_code == 401
    assert post("prs_x").status_code == 403
    assert post(make_key("incidencias:read", areas=[prod])).status_code == 403
    assert post(make_key("incidencias:write", areas=[mant])).status_code == 403
    assert not Incident.objects.exists()


def test_the_same_reference_is_the_same_incident(key: Any, mant: Area) -> None:
    body = {**BODY, "referencia_externa": "OT-1"}
    first, second = post(key, body), post(key, {**body, "titulo": "Otro título"})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["numero"] == second.json()["numero"]
    other = post(make_key("incidencias:write", areas=[mant]), {**body, "area": "MANT"})
    assert other.status_code == 409
    assert first.json()["numero"] not in other.content.decode()
    assert Incident.objects.count() == 1


def test_an_idempotency_key_is_of_one_api_key(key: Any, prod: Area) -> None:
    again = make_key("incidencias:write", areas=[prod])
    first, same = (post(key, HTTP_IDEMPOTENCY_KEY="k1") for _n in range(2))
    assert first.json() == same.json()
    changed = {**BODY, "titulo": "Otro"}
    assert post(key, changed, HTTP_IDEMPOTENCY_KEY="k1").status_code == 422
    assert post(again, changed, HTTP_IDEMPOTENCY_KEY="k1").status_code == 201


def test_similar_solved_cases_of_the_areas_come_along(key: Any, ana: User, mant: Area) -> None:
    solved, elsewhere = make_incident(ana, "Prensa 4 sin presión"), make_incident(ana, "Prensa 4 sin presión")
    Incident.objects.update(state="cerrado")
    Incident.objects.filter(pk=elsewhere.pk).update(area=mant)
    assert [row["numero"] for row in post(key).json()["similares"]] == [solved.number]


def test_a_key_that_only_writes_reads_nothing_of_other_incidents(prod: Area, ana: User) -> None:
    secret = make_incident(ana, "Prensa 4 sin presión, turno de Zoraida")
    Incident.objects.update(state="cerrado")
    writer = make_key("incidencias:write", areas=[prod])
    answers = [post(writer), post(writer), post(writer, {**BODY, "referencia_externa": "OT-1"})]
    answers.append(post(writer, {**BODY, "referencia_externa": "OT-1"}))
    answers.append(post(writer, {**BODY, "referencia_externa": ""}, **{"Idempotency-Key": "una"}))
    answers.append(post(writer, {**BODY, "referencia_externa": ""}, **{"Idempotency-Key": "una"}))
    assert {answer.status_code for answer in answers} == {200, 201}
    for answer in answers:
        assert answer.json()["similares"] == []
        assert "Zoraida" not in answer.content.decode() and secret.number not in answer.content.decode()
    both = make_key("incidencias:write", "incidencias:read", areas=[prod])
    shown = post(both, {**BODY, "titulo": "Prensa 4 otra vez sin presión"}).json()["similares"]
    assert [row["numero"] for row in shown] == [secret.number]


def test_a_key_reads_incidents_of_its_areas_only(key: Any, ana: User, mant: Area) -> None:
    incident = make_incident(ana)
    Incident.objects.filter(pk=incident.pk).update(state="cerrado", solution="Purgar el aire.")
    answer = client(key).get(f"{REPORT}/{incident.pk}").json()
    assert (answer["numero"], answer["estado"], answer["solucion"]) == (incident.number, "cerrado", "Purgar el aire.")
    assert client(key).get(f"{REPORT}/{incident.number}").status_code == 200
    assert client(make_key("incidencias:read", areas=[mant])).get(f"{REPORT}/{incident.pk}").status_code == 404
    assert client(make_key("incidencias:write", areas=[mant])).get(f"{REPORT}/{incident.pk}").status_code == 403
    assert client(key).get(f"{REPORT}/x").status_code == 404


def test_search_keeps_to_the_areas_of_the_key(key: Any, prod: Area, mant: Area) -> None:
    passages_rebuild(make_article(prod, "Prensa sin presión").article_id)
    found = client(key).get(SEARCH, {"query": "prensa sin presión", "limit": 5}).json()
    assert [row["titulo"] for row in found["resultados"]] == ["Prensa sin presión"]
    assert found["modo"] == "texto"
    foreign = make_key("conocimiento:read", areas=[mant])
    assert client(foreign).get(SEARCH, {"query": "prensa sin presión"}).json()["resultados"] == []
    for query in ({}, {"query": ""}, {"query": "x", "limit": 51}, {"query": "x" * 2001}):
        assert client(key).get(SEARCH, query).status_code == 400


@override_settings(
    CHROMA_URL="http://127.0.0.1:1", EMBEDDER_URL="http://127.0.0.1:1", OLLAMA_URLS=["http://127.0.0.1:1"]
)
def test_a_report_comes_in_with_everything_else_down(key: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    dead = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.1)
    monkeypatch.setattr(throttle, "_client", lambda: dead)
    assert post(key).status_code == 201
