from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEntry
from incidents.api.serializers import ResolvedOut
from incidents.case.serializers import IncidentOut
from incidents.models import Incident
from prsystem.accounts.models import User
from prsystem.core.models import IdempotencyRecord, Job, OutboxEvent
from tests.incidents.makers import claimed, make_incident
from tests.people import api, browser

pytestmark = pytest.mark.django_db
LIST = "/api/incidencias"
REPORT = {"titulo": "La prensa no arranca", "descripcion": "Al pulsar marcha no pasa nada.", "area": "PROD"}


def one(incident: Incident, move: str = "") -> str:
    return f"{LIST}/{incident.pk}" + (f"/{move}" if move else "")


def numbers(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.json()
    return [row["numero"] for row in answer.json()["resultados"]]


def test_reporting_gives_the_incident_and_leaves_its_traces(ana: User) -> None:
    answer = api(ana).post(LIST, {**REPORT, "prioridad": "P2", "referencia_externa": "OT-9"})
    body = answer.json()
    assert answer.status_code == 201, body
    assert answer.headers["Location"] == f"http://testserver/api/incidencias/{body['id']}"
    assert set(body) == set(IncidentOut().fields)
    assert (body["estado"], body["nivel"], body["prioridad"], body["origen"]) == ("nuevo", "L1", "P2", "api")
    assert (body["reportado_por"], body["asignado_a"], body["version"]) == ("ana", None, 1)
    assert body["numero"] == f"INC-{int(body['id']):06d}"
    assert set(body["sla"]) == {"respuesta_vence_en", "resolucion_vence_en", "pausado", "riesgo"}
    assert body["creado_en"].endswith("-06:00")
    assert api(ana).get(answer.headers["Location"]).json() == body
    assert AuditEntry.objects.filter(accion="incident.reported", actor="ana").count() == 1
    assert OutboxEvent.objects.filter(event="incidencia.creada").count() == 1
    assert set(Job.objects.values_list("kind", flat=True)) == {"incident.assist"}


def test_one_reports_in_areas_one_belongs_to(ana: User, ivan: User, extraño: User) -> None:
    for user in (ivan, extraño):
        assert api(user).post(LIST, REPORT).status_code == 403
    assert api(ivan).post(LIST, {**REPORT, "area": "MANT"}).status_code == 201
    assert Incident.objects.count() == 1


@pytest.mark.parametrize(
    "path", [LIST, f"{LIST}/1", f"{LIST}/1/historial", f"{LIST}/1/similares", f"{LIST}/1/sugerencia"]
)
def test_strangers_are_sent_to_sign_in(db: None, path: str) -> None:
    answer = api().get(path)
    assert answer.status_code == 401
    assert answer.json()["codigo"] == "no_autenticado"
    assert answer.headers["Content-Type"] == "application/problem+json"


MOVES = ["tomar", "asignar", "soltar", "escalar", "esperar", "reanudar", "resolver", "cerrar", "reabrir", "fusionar"]
WRITES = [*MOVES, "comentarios", "sugerencia", "sugerencia/valoracion"]
BODIES = {
    "asignar": {"asignado_a": "luis"},
    "escalar": {"motivo": "hace falta L2"},
    "esperar": {"motivo": "llega la pieza"},
    "reabrir": {"motivo": "sigue igual"},
    "resolver": {"solucion": "Cambiar el relé."},
    "fusionar": {"en": "1"},
    "comentarios": {"cuerpo": "Hola"},
    "sugerencia/valoracion": {"util": True},
}


@pytest.mark.parametrize("move", WRITES)
def test_writes_need_a_token(db: None, move: str) -> None:
    assert api().post(f"{LIST}/1/{move}", BODIES.get(move, {})).status_code == 401


@pytest.mark.parametrize("move", WRITES)
def test_what_one_cannot_see_does_not_exist(ana: User, ivan: User, extraño: User, move: str) -> None:
    incident = make_incident(ana)
    for user in (ivan, extraño):
        assert api(user).post(one(incident, move), BODIES.get(move, {})).status_code == 404


@pytest.mark.parametrize("move", ["tomar", "asignar", "soltar", "escalar", "esperar", "reanudar", "resolver"])
def test_moves_of_support_are_not_the_reporters(ana: User, move: str) -> None:
    answer = api(ana).post(one(make_incident(ana), move), BODIES.get(move, {}))
    assert (answer.status_code, answer.json()["codigo"]) == (403, "sin_permiso")


def test_an_escalation_that_is_none_says_why(ana: User, luis: User) -> None:
    incident, client = make_incident(ana), api(luis)
    same = client.post(one(incident, "escalar"), {"motivo": "x", "nivel": "L1"})
    assert (same.status_code, same.json()["detail"].count("L1")) == (409, 2)
    unknown = client.post(one(incident, "escalar"), {"motivo": "x", "nivel": "L9"})
    assert (unknown.status_code, set(unknown.json()["errores"])) == (400, {"nivel"})


def test_the_way_of_an_incident(ana: User, luis: User, marta: User) -> None:
    incident = make_incident(ana)
    first, second = api(luis), api(marta)
    taken = first.post(one(incident, "tomar")).json()
    assert (taken["estado"], taken["asignado_a"], taken["version"]) == ("en_progreso", "luis", 2)
    assert set(taken["acciones"]) == {"asignar", "soltar", "escalar", "esperar", "resolver", "fusionar"}
    waiting = first.post(one(incident, "esperar"), {"motivo": "llega la pieza"}).json()
    assert (waiting["estado"], waiting["sla"]["pausado"]) == ("en_espera", True)
    assert first.post(one(incident, "reanudar")).json()["estado"] == "en_progreso"
    up = first.post(one(incident, "escalar"), {"motivo": "eléctrico"}).json()
    assert (up["nivel"], up["estado"], up["asignado_a"]) == ("L2", "nuevo", None)
    given = first.post(one(incident, "asignar"), {"asignado_a": "marta"}).json()
    assert (given["asignado_a"], given["estado"]) == ("marta", "en_progreso")
    assert second.post(one(incident, "soltar")).json()["estado"] == "nuevo"
    second.post(one(incident, "tomar"))
    solved = second.post(one(incident, "resolver"), {"solucion": "Cambiar el relé.", "causa": "Relé quemado"}).json()
    assert set(solved) == set(ResolvedOut().fields)
    assert solved["incidencia"]["estado"] == "resuelto"
    assert solved["incidencia"]["solucion"] == "Cambiar el relé."
    assert solved["conocimiento"] == {"articulo": "la-prensa-no-arranca", "version": "1.0", "estado": "borrador"}
    assert api(ana).get(one(incident)).json()["acciones"] == ["cerrar", "reabrir"]
    assert api(ana).post(one(incident, "reabrir"), {"motivo": "sigue"}).json()["estado"] == "en_progreso"
    again = second.post(
        one(incident, "resolver"),
        {"solucion": "Cambiar el cable.", "articulo": "la-prensa-no-arranca", "publicar": True},
    ).json()
    assert again["conocimiento"] == {"articulo": "la-prensa-no-arranca", "version": "1.1", "estado": "publicada"}
    assert api(ana).post(one(incident, "cerrar")).json()["estado"] == "cerrado"


def test_publishing_on_resolve_needs_the_right(ana: User, luis: User) -> None:
    incident = claimed(make_incident(ana), luis)
    answer = api(luis).post(one(incident, "resolver"), {"solucion": "x", "publicar": True})
    assert answer.status_code == 403
    assert api(luis).get(one(incident)).json()["estado"] == "en_progreso"


@pytest.mark.parametrize("move", ["soltar", "esperar", "reanudar", "resolver", "cerrar", "reabrir"])
def test_illegal_moves_are_409(ana: User, luis: User, move: str) -> None:
    answer = api(luis).post(one(make_incident(ana), move), BODIES.get(move, {}))
    assert (answer.status_code, answer.json()["codigo"]) == (409, "movimiento_ilegal")


def test_escalating_beyond_l3_or_down_is_409(ana: User, luis: User) -> None:
    incident = make_incident(ana)
    assert api(luis).post(one(incident, "escalar"), {"motivo": "x", "nivel": "L3"}).json()["nivel"] == "L3"
    assert api(luis).post(one(incident, "escalar"), {"motivo": "x"}).status_code == 409
    assert api(luis).post(one(incident, "escalar"), {"motivo": "x", "nivel": "L9"}).status_code in (400, 409)


def test_merging_leads_to_the_survivor(ana: User, luis: User) -> None:
    double, survivor = make_incident(ana), make_incident(ana, "La prensa sigue parada")
    merged = api(luis).post(one(double, "fusionar"), {"en": survivor.number}).json()
    assert (merged["estado"], merged["fusionada_en"]) == ("cerrado", survivor.number)
    assert "reabrir" not in merged["acciones"]
    assert api(luis).post(one(survivor, "fusionar"), {"en": str(survivor.pk)}).status_code == 400
    assert api(luis).post(one(survivor, "fusionar"), {"en": "INC-999999"}).status_code == 404


def test_somebody_elses_incident_cannot_be_claimed(ana: User, luis: User, marta: User) -> None:
    incident = claimed(make_incident(ana), luis)
    answer = api(marta).post(one(incident, "tomar"))
    assert answer.status_code == 409
    assert "Luis Peña" in answer.json()["detail"]
    assert api(luis).post(one(incident, "tomar")).status_code == 200


def test_a_stale_edit_counter_is_refused(ana: User, luis: User) -> None:
    incident = make_incident(ana)
    assert api(luis).patch(one(incident), {"titulo": "Prensa 3 parada", "version": 1}).json()["version"] == 2
    answer = api(luis).patch(one(incident), {"titulo": "Otra", "version": 1})
    assert (answer.status_code, answer.json()["codigo"]) == (409, "version_obsoleta")
    assert api(luis).post(one(incident, "escalar"), {"motivo": "x", "version": 1}).status_code == 409


def test_corrections(ana: User, luis: User, ivan: User, extraño: User) -> None:
    incident = make_incident(ana)
    assert api(ana).patch(one(incident), {"titulo": "Prensa 3 parada"}).json()["titulo"] == "Prensa 3 parada"
    assert api(ana).patch(one(incident), {"prioridad": "P1"}).status_code == 403
    assert api(luis).patch(one(incident), {"prioridad": "P1"}).json()["prioridad"] == "P1"
    assert api(luis).patch(one(incident), {}).status_code == 200
    assert api(ivan).patch(one(incident), {"titulo": "x"}).status_code == 404
    assert api(extraño).patch(one(incident), {"titulo": "x"}).status_code == 404
    for body in (
        {"titulo": ""},
        {"prioridad": "P9"},
        {"impacto": 7},
        {"area": "NADA"},
        {"titulo": 5},
        {"version": "1"},
    ):
        answer = api(luis).patch(one(incident), body)
        assert answer.status_code == 400, body
        assert set(answer.json()["errores"]) == set(body)


def test_an_incident_by_number_id_and_with_a_final_slash(ana: User) -> None:
    incident = make_incident(ana)
    for reference in (incident.pk, incident.number, incident.number.lower(), f"{incident.pk}/"):
        assert api(ana).get(f"{LIST}/{reference}").json()["numero"] == incident.number
    for reference in ("0", "nada", "INC-", "-1", "1.5", "9" * 40, "%00", "%F0%9F%92%A9"):
        assert api(ana).get(f"{LIST}/{reference}").status_code == 404, reference


def test_each_sees_what_is_his(ana: User, luis: User, ivan: User, eva: User, extraño: User) -> None:
    in_prod, in_mant = make_incident(ana), make_incident(eva, "Fuga de aceite", "MANT")
    assert numbers(api(ana).get(LIST)) == [in_prod.number]
    assert numbers(api(luis).get(LIST)) == [in_prod.number]
    assert numbers(api(ivan).get(LIST)) == [in_mant.number]
    assert numbers(api(eva).get(LIST)) == [in_mant.number, in_prod.number]
    assert numbers(api(extraño).get(LIST)) == []
    assert api(luis).get(one(in_mant)).status_code == 404


def test_filters_and_orders(ana: User, luis: User, eva: User, mant: Any) -> None:
    low = make_incident(ana, "Ruido en el motor", priority="P4")
    high = make_incident(ana, "Sin aire PLC-4711", priority="P1")
    other = make_incident(eva, "Fuga de aceite", "MANT", priority="P2")
    claimed(low, luis)
    get = api(eva).get
    expected: list[tuple[dict[str, str], list[Incident]]] = [
        ({"estado": "en_progreso"}, [low]),
        ({"estado": "nuevo,en_progreso"}, [other, high, low]),
        ({"estado": "abierto"}, [other, high, low]),
        ({"estado": "cerrado"}, []),
        ({"nivel": "L1"}, [other, high, low]),
        ({"nivel": "l2"}, []),
        ({"prioridad": "P1,P2"}, [other, high]),
        ({"area": "mant"}, [other]),
        ({"asignado_a": "luis"}, [low]),
        ({"asignado_a": "nadie"}, [other, high]),
        ({"asignado_a": "yo"}, []),
        ({"q": "plc-4711"}, [high]),
        ({"q": low.number}, [low]),
        ({"orden": "antigua"}, [low, high, other]),
        ({"orden": "prioridad"}, [high, other, low]),
        ({"orden": "vence"}, [high, other, low]),
        ({"area": "PROD", "prioridad": "P4", "estado": "en_progreso"}, [low]),
        ({"estado": ""}, [other, high, low]),
    ]
    for query, found in expected:
        assert numbers(get(LIST, query)) == [incident.number for incident in found], query


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("estado", "roto"),
        ("estado", "nuevo,roto"),
        ("nivel", "L9"),
        ("prioridad", "1"),
        ("area", "NADA"),
        ("area", "\x00"),
        ("asignado_a", "fulano"),
        ("asignado_a", "\x00"),
        ("q", "a\x00b"),
        ("q", "x" * 201),
        ("orden", "id; drop table"),
        ("limite", "0"),
        ("limite", "101"),
        ("limite", "diez"),
        ("limite", "²"),
        ("cursor", "xx"),
        ("cursor", "WyJzIiwgIngiXQ"),
        ("cursor", "WyJzIiwgIlx1MDAwMCJd"),
        ("cursor", "bnVsbA"),
        ("cursor", "WyJzIiwgW1tdXV0"),
        ("cursor", "WyJzIiwgeyJ0IjogIngifV0"),
        ("estado", ",".join(["nuevo"] * 500)),
    ],
)
def test_unknown_values_are_400_and_name_the_field(luis: User, name: str, value: str) -> None:
    answer = api(luis).get(LIST, {name: value})
    assert answer.status_code == 400, answer.json()
    assert list(answer.json()["errores"]) == [name]


@pytest.mark.parametrize("order", ["reciente", "antigua", "prioridad", "vence"])
def test_pages_lead_through_everything_once_and_back(ana: User, luis: User, order: str) -> None:
    for number in range(7):
        make_incident(ana, f"Falla {number}", priority="P2" if number % 2 else "P3")
    client, seen, pages = api(luis), [], []
    url: str | None = f"{LIST}?limite=3&orden={order}"
    while url:
        answer = client.get(url)
        pages.append(numbers(answer))
        seen += pages[-1]
        url, before = answer.json()["siguiente"], answer.json()["anterior"]
    assert seen == numbers(client.get(f"{LIST}?limite=100&orden={order}"))
    assert len(set(seen)) == 7
    assert numbers(client.get(before)) == pages[-2]


def test_the_list_costs_the_same_for_one_and_for_many(ana: User, luis: User) -> None:
    client = api(luis)
    make_incident(ana)
    with CaptureQueriesContext(
        connection,
    ) as one_row:
        client.get(LIST, {"q": "prensa", "area": "PROD", "asignado_a": "nadie"})
    for number in range(30):
        claimed(make_incident(ana, f"La prensa {number}"), luis)
    with CaptureQueriesContext(connection) as many_rows:
        numbers(client.get(LIST, {"q": "prensa", "area": "PROD", "asignado_a": "luis", "limite": "25"}))
    assert len(one_row) <= 8
    assert len(many_rows) <= 8


def test_reading_and_reporting_cost_few_queries(ana: User, django_assert_max_num_queries: Any) -> None:
    client, incident = api(ana), make_incident(ana)
    with django_assert_max_num_queries(4):
        client.get(one(incident))
    with django_assert_max_num_queries(14):
        client.post(LIST, REPORT)


DEEP: Any = "x"
for _ in range(60):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"titulo": 5}, {"titulo"}),
        ({"titulo": None}, {"titulo"}),
        ({"titulo": ["a"]}, {"titulo"}),
        ({"titulo": {"a": 1}}, {"titulo"}),
        ({"titulo": True}, {"titulo"}),
        ({"titulo": ""}, {"titulo"}),
        ({"titulo": " \u200b\u202e\n"}, {"titulo"}),
        ({"titulo": "a" * 201}, {"titulo"}),
        ({"titulo": "a\x00b"}, {"titulo"}),
        ({"descripcion": "a\x00b"}, {"descripcion"}),
        ({"descripcion": "a" * 20_001}, {"descripcion"}),
        ({"area": "NADA"}, {"area"}),
        ({"area": ""}, {"area"}),
        ({"area": "PR\x00OD"}, {"area"}),
        ({"area": 1}, {"area"}),
        ({"prioridad": "P9"}, {"prioridad"}),
        ({"prioridad": 1}, {"prioridad"}),
        ({"impacto": True}, {"impacto"}),
        ({"impacto": 4}, {"impacto"}),
        ({"impacto": 0}, {"impacto"}),
        ({"impacto": "1"}, {"impacto"}),
        ({"impacto": 1.5}, {"impacto"}),
        ({"impacto": 10**30}, {"impacto"}),
        ({"referencia_externa": "r" * 121}, {"referencia_externa"}),
        ({"titulo": "", "area": "NADA", "prioridad": "x"}, {"titulo", "area", "prioridad"}),
    ],
)
def test_bad_reports_are_400_naming_every_field(ana: User, change: dict[str, Any], fields: set[str]) -> None:
    answer = api(ana).post(LIST, {**REPORT, **change})
    body = answer.json()
    assert answer.status_code == 400, body
    assert set(body["errores"]) == fields
    assert set(body) == {"type", "title", "status", "detail", "codigo", "request_id", "errores"}
    assert body["title"] == "Petición inválida"
    assert Incident.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 400),
        (b"", 400),
        (b"[]", 400),
        (b'"x"', 400),
        (b"null", 400),
        (b"7", 400),
        (b"\xff\xfe", 400),
        (b'{"titulo": NaN}', 400),
        (b"[" * 100_000, 400),
        (b'{"titulo": ' + b"[" * 40 + b"]" * 40 + b"}", 400),
        (b'{"titulo": ' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}", 400),
        (b'{"titulo": ' + b"9" * 6000 + b"}", 400),
        (b'{"titulo": "\\ud800", "descripcion": "x", "area": "PROD"}', 400),
        (b'{"titulo": "' + b"a" * 1_000_000 + b'", "descripcion": "x", "area": "PROD"}', 400),
        (b'{"titulo": "' + b"a" * 3_000_000 + b'"}', 413),
    ],
    ids=lambda value: str(value)[:24],
)
@pytest.mark.parametrize("key", [{}, {"HTTP_IDEMPOTENCY_KEY": "k"}])
def test_broken_deep_and_huge_bodies(ana: User, content: bytes, status: int, key: dict[str, str]) -> None:
    answer = api(ana).generic("POST", LIST, content, content_type="application/json", **key)
    assert answer.status_code == status, answer.content[:300]
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_other_types_methods_and_formats_are_problems_too(ana: User) -> None:
    client = api(ana)
    cases = [
        (client.generic("POST", LIST, b"titulo=x", content_type="application/x-www-form-urlencoded"), 415),
        (client.generic("POST", LIST, b"<a/>", content_type="text/xml"), 415),
        (client.delete(LIST), 405),
        (client.put(LIST, {}), 405),
        (client.get(f"{LIST}/1/tomar"), 405),
        (client.get(LIST, HTTP_ACCEPT="text/csv"), 406),
        (client.get("/api/nada"), 404),
        (api().get("/api/nada/"), 404),
    ]
    for answer, status in cases:
        assert answer.status_code == status
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == status
        assert answer.json()["request_id"] == answer.headers["X-Request-ID"]


def test_a_reference_is_taken_once(ana: User) -> None:
    body = {**REPORT, "referencia_externa": "OT-9"}
    number = api(ana).post(LIST, body).json()["numero"]
    answer = api(ana).post(LIST, body)
    assert answer.status_code == 409
    assert number in answer.json()["detail"]


def test_a_repeated_key_gives_the_first_answer(ana: User, luis: User) -> None:
    client, key = api(ana), {"HTTP_IDEMPOTENCY_KEY": "reporte-1"}
    first, second = client.post(LIST, REPORT, **key), client.post(LIST, REPORT, **key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert first.headers["Location"].endswith(first.json()["id"])
    assert second.headers["Idempotent-Replayed"] == "true"
    other = client.post(LIST, {**REPORT, "titulo": "Otra"}, **key)
    assert (other.status_code, other.json()["codigo"]) == (422, "clave_idempotencia_reutilizada")
    assert api(luis).post(LIST, REPORT, **key).json()["id"] != first.json()["id"]
    assert Incident.objects.count() == 2


@pytest.mark.parametrize("key", ["k" * 201, "clave-ñ", "a\tb", ""])
def test_keys_are_short_and_printable(ana: User, key: str) -> None:
    assert api(ana).post(LIST, REPORT, HTTP_IDEMPOTENCY_KEY=key).status_code == 400


def test_a_refused_write_keeps_no_answer(ana: User) -> None:
    client, key = api(ana), {"HTTP_IDEMPOTENCY_KEY": "reporte-2"}
    assert client.post(LIST, {**REPORT, "area": "NADA"}, **key).status_code == 400
    assert not IdempotencyRecord.objects.exists()
    assert client.post(LIST, REPORT, **key).status_code == 201


def test_a_browser_session_needs_the_csrf_token(ana: User) -> None:
    client = browser(ana)
    assert client.get(LIST).status_code == 200
    client.handler.enforce_csrf_checks = True
    assert client.post(LIST, REPORT, content_type="application/json").status_code == 403
