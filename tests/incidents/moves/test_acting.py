"""One action on many incidents: each by its own rules, with its own trail, and an answer for each."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEntry
from incidents.models import Incident
from incidents.moves.bulk import MAX_AT_ONCE, incidents_act
from prsystem.accounts.models import Area, User
from prsystem.core.models import OutboxEvent
from tests.incidents.makers import claimed, make_incident
from tests.people import actor, api, browser

pytestmark = pytest.mark.django_db
URL = "/api/incidencias/acciones"


def some(ana: User, count: int) -> list[Incident]:
    return [make_incident(ana, f"Falla {n}") for n in range(count)]


def act(user: User, incidents: list[Incident], action: str, **data: str) -> dict[str, Any]:
    body = {"ids": [incident.number for incident in incidents], "accion": action, "datos": data}
    answer = api(user).post(URL, body)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def test_each_is_done_or_refused_with_its_reason(ana: User, luis: User, marta: User, eva: User, mant: Area) -> None:
    one, other, taken = some(ana, 3)
    foreign = make_incident(eva, area="MANT")
    claimed(taken, marta)
    answer = act(luis, [one, other, taken, foreign], "tomar")
    assert (answer["hechas"], answer["rechazadas"]) == (2, 2)
    rows = {row["numero"]: row for row in answer["resultados"]}
    assert [rows[i.number]["resultado"] for i in (one, other)] == ["hecha", "hecha"]
    assert "Marta Gil" in rows[taken.number]["motivo"]
    assert (rows[taken.number]["codigo"], rows[foreign.number]["codigo"]) == ("conflicto", "no_encontrado")
    assert set(Incident.objects.filter(assignee=luis)) == {one, other}


@pytest.mark.parametrize(
    ("action", "data", "values"),
    [
        ("asignar", {"asignado_a": "marta"}, {"assignee__username": "marta", "state": "en_progreso"}),
        ("soltar", {}, {"assignee": None, "state": "nuevo"}),
        ("escalar", {"motivo": "Falta llave", "nivel": "L3"}, {"level": "L3", "assignee": None}),
        ("prioridad", {"prioridad": "P1"}, {"priority": "P1", "impact": 1}),
        ("area", {"area": "MANT"}, {"area__code": "MANT"}),
        ("esperar", {"motivo": "Refacción"}, {"state": "en_espera", "waiting_reason": "Refacción"}),
    ],
)
def test_every_action_is_the_single_step(
    action: str, data: dict[str, str], values: dict[str, Any], ana: User, luis: User, marta: User, mant: Area
) -> None:
    incidents = [claimed(incident, luis) for incident in some(ana, 3)]
    before = AuditEntry.objects.count()
    assert act(luis, incidents, action, **data)["hechas"] == 3
    assert Incident.objects.filter(**values).count() == 3
    assert AuditEntry.objects.count() == before + 3


def test_hold_resume_and_close(ana: User, luis: User) -> None:
    incidents = [claimed(incident, luis) for incident in some(ana, 2)]
    act(luis, incidents, "esperar", motivo="Proveedor")
    assert act(luis, incidents, "reanudar")["hechas"] == 2
    refused = act(luis, incidents, "cerrar")
    assert {row["codigo"] for row in refused["resultados"]} == {"movimiento_ilegal"}
    for incident in incidents:
        api(luis).post(f"/api/incidencias/{incident.pk}/resolver", {"solucion": "Reiniciar"})
    assert act(luis, incidents, "cerrar")["hechas"] == 2


def test_merging_goes_into_the_oldest_or_the_one_named(ana: User, luis: User) -> None:
    first, second, third = some(ana, 3)
    assert act(luis, [second, third], "fusionar", en=first.number)["hechas"] == 2
    assert first.merged.count() == 2
    more = some(ana, 3)
    assert act(luis, more, "fusionar")["hechas"] == 2
    assert more[0].merged.count() == 2
    refused = act(luis, [first, second], "fusionar")
    assert [row["codigo"] for row in refused["resultados"]] == ["movimiento_ilegal"]


def test_a_filter_stands_for_what_it_finds(ana: User, luis: User) -> None:
    incidents = some(ana, 3)
    claimed(incidents[0], luis)
    body = {"filtro": {"estado": "nuevo", "nivel": "L1"}, "accion": "tomar"}
    assert api(luis).post(URL, body).json()["hechas"] == 2
    assert api(luis).post(URL, {**body, "filtro": {"nivel": "L9"}}).status_code == 400


def test_what_cannot_be_asked_for(ana: User, luis: User) -> None:
    number = make_incident(ana).number
    wrong = [
        {"accion": "tomar"},
        {"ids": [], "accion": "tomar"},
        {"ids": ["nada"], "accion": "tomar"},
        {"ids": [number], "accion": "volar"},
        {"ids": [number], "accion": "asignar"},
        {"ids": [number], "accion": "esperar", "datos": {"motivo": "  "}},
        {"ids": [number], "filtro": {}, "accion": "tomar"},
    ]
    assert [api(luis).post(URL, body).status_code for body in wrong] == [400] * len(wrong)
    answer = api(luis).post(URL, {"ids": [str(n) for n in range(1, MAX_AT_ONCE + 2)], "accion": "tomar"})
    assert answer.status_code == 400
    assert "500" in answer.json()["errores"]["ids"][0]
    assert "501" in answer.json()["errores"]["ids"][0]
    assert api().post(URL, {"ids": [number], "accion": "tomar"}).status_code == 401
    refused = api(ana).post(URL, {"ids": [number], "accion": "tomar"}).json()
    assert refused["resultados"][0]["codigo"] == "sin_permiso"


def test_a_repeated_request_is_answered_once(ana: User, luis: User) -> None:
    body = {"ids": [incident.number for incident in some(ana, 2)], "accion": "escalar", "datos": {"motivo": "x"}}
    answers = [api(luis).post(URL, body, HTTP_IDEMPOTENCY_KEY="k1").json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert set(Incident.objects.values_list("level", flat=True)) == {"L2"}


def test_each_one_more_costs_the_same_few_statements(ana: User, luis: User) -> None:
    few, many = some(ana, 5), some(ana, 25)
    counts = []
    for incidents in (few, many):
        with CaptureQueriesContext(connection) as found:
            incidents_act(actor=actor(luis), user=luis, incident_ids=[i.pk for i in incidents], action="tomar")
        counts.append(len(found))
    assert counts[1] - counts[0] <= 20 * 6  # savepoint, lock, update, audit, event, release
    assert OutboxEvent.objects.filter(event="incidencia.asignada").count() == 30


class TestPage:
    def post(self, user: User, **values: Any) -> Any:
        return browser(user).post("/incidencias/acciones", {"volver": "/colas/L1/?prioridad=P3", **values})

    def test_boxes_are_there_for_support_only(self, ana: User, luis: User) -> None:
        incident = make_incident(ana)
        box = f'id="elegir-{incident.pk}"'
        assert box in browser(luis).get("/colas/L1/").content.decode()
        assert box not in browser(ana).get("/incidencias/").content.decode()
        assert self.post(ana, ids=[incident.pk], accion="tomar").status_code == 403

    def test_an_action_without_data_is_done_at_once(self, ana: User, luis: User, marta: User) -> None:
        incidents = some(ana, 3)
        claimed(incidents[2], marta)
        page = browser(luis)
        ids = [incident.pk for incident in incidents]
        answer = page.post("/incidencias/acciones", {"ids": ids, "accion": "tomar", "volver": "/colas/L1/"})
        assert answer.headers["Location"] == "/colas/L1/"
        shown = page.get("/colas/L1/").content.decode()
        assert "Marta Gil" in shown
        assert incidents[2].number in shown
        assert Incident.objects.filter(assignee=luis).count() == 2

    def test_an_action_with_data_asks_first(self, ana: User, luis: User, marta: User) -> None:
        incidents = some(ana, 2)
        values = {"ids": [incident.pk for incident in incidents], "accion": "asignar"}
        asked = self.post(luis, **values)
        assert asked.status_code == 200
        assert all(incident.number in asked.content.decode() for incident in incidents)
        sent = {"ids": asked.context["ids"], "accion": "asignar", "confirmado": "1"}
        assert self.post(luis, **sent, asignado_a="nadie").status_code == 422
        assert self.post(luis, **sent, asignado_a="marta").headers["Location"] == "/colas/L1/?prioridad=P3"
        assert Incident.objects.filter(assignee=marta).count() == 2

    def test_all_of_the_filter(self, ana: User, luis: User) -> None:
        some(ana, 60)
        page = browser(luis).get("/colas/L1/")
        values = {"todas": "1", "filtro": page.context["bulk_filter"], "orden": "prioridad", "accion": "tomar"}
        self.post(luis, **values)
        assert Incident.objects.filter(assignee=luis).count() == 60

    def test_merging_leads_to_the_one_that_stays(self, ana: User, luis: User) -> None:
        incidents = some(ana, 3)
        values = {"ids": ",".join(str(i.pk) for i in incidents), "accion": "fusionar", "confirmado": "1", "en": ""}
        answer = self.post(luis, **values)
        assert answer.headers["Location"] == incidents[0].get_absolute_url()
        assert incidents[0].merged.count() == 2
        gone = self.post(luis, **{**values, "en": "INC-999999"})
        assert gone.status_code == 422

    def test_nothing_chosen_and_other_sites(self, luis: User) -> None:
        assert self.post(luis, accion="tomar").headers["Location"] == "/colas/L1/?prioridad=P3"
        away = self.post(luis, accion="tomar", volver="https://malo.example/")
        assert away.headers["Location"] == "/incidencias/"
        assert self.post(luis, accion="volar", ids="1").status_code == 403
