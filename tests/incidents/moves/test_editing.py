"""Correcting a report while others do: nobody overwrites what they haven't seen, and the difference can be read."""

from typing import Any

import pytest

from incidents.models import Incident
from incidents.moves.conversation import comment_add
from incidents.moves.editing import incident_update
from prsystem.accounts.models import Area, User
from tests.incidents.makers import claimed, make_incident
from tests.people import actor, api, browser

pytestmark = pytest.mark.django_db


def form_of(user: User, incident: Incident) -> dict[str, Any]:
    return browser(user).get(f"{incident.get_absolute_url()}editar").context["form"].initial


def send(user: User, incident: Incident, values: dict[str, Any]) -> Any:
    return browser(user).post(f"{incident.get_absolute_url()}editar", values)


def test_support_corrects_every_field_on_the_page(ana: User, luis: User, mant: Area) -> None:
    incident = make_incident(ana)
    values = form_of(luis, incident)
    changed = {"titulo": "Prensa 3", "descripcion": "No enciende.", "area": "MANT", "impacto": 1, "urgencia": 2}
    assert send(luis, incident, {**values, **changed}).status_code == 302
    incident.refresh_from_db()
    assert (incident.title, incident.description, incident.area.code) == ("Prensa 3", "No enciende.", "MANT")
    assert (incident.impact, incident.urgency, incident.priority) == (1, 2, "P2")


def test_a_reporter_corrects_the_texts_until_somebody_works_on_it(ana: User, luis: User, extraño: User) -> None:
    incident = make_incident(ana)
    values = form_of(ana, incident)
    assert send(ana, incident, {**values, "titulo": "Otro", "area": "MANT"}).status_code == 302
    incident.refresh_from_db()
    assert (incident.title, incident.area.code) == ("Otro", "PROD")
    assert send(extraño, incident, values).status_code == 404
    claimed(incident, luis)
    assert browser(ana).get(f"{incident.get_absolute_url()}editar").status_code == 403
    assert b"/editar" not in browser(ana).get(incident.get_absolute_url()).content
    assert b"/editar" in browser(luis).get(incident.get_absolute_url()).content


def test_a_bad_value_comes_back_beside_its_field(ana: User, luis: User) -> None:
    incident = make_incident(ana)
    answer = send(luis, incident, {**form_of(luis, incident), "titulo": "  "})
    assert answer.status_code == 422
    assert "titulo" in answer.context["form"].errors


def test_the_slower_one_sees_base_theirs_and_yours(ana: User, luis: User, marta: User) -> None:
    incident = make_incident(ana, "Prensa parada")
    opened = form_of(luis, incident)
    theirs = {"titulo": "Prensa 3 parada", "impacto": 1}
    incident_update(actor=actor(marta), incident_id=incident.pk, fields=theirs)
    answer = send(luis, incident, {**opened, "titulo": "Prensa 4 parada"})
    assert answer.status_code == 409
    rows = {str(row["label"]): (row["base"], row["actual"], row["suyo"]) for row in answer.context["differences"]}
    assert ("Prensa parada", "Prensa 3 parada", "Prensa 4 parada") in rows.values()
    page = answer.content.decode()
    assert all(text in page for text in ("Prensa parada", "Prensa 3 parada", "Prensa 4 parada"))
    again = answer.context["form"].data
    assert (again["titulo"], again["impacto"]) == ("Prensa 4 parada", 1)  # what was typed; the rest as it is now
    assert send(luis, incident, again).status_code == 302
    incident.refresh_from_db()
    assert (incident.title, incident.impact) == ("Prensa 4 parada", 1)


def test_the_api_tells_the_same(ana: User, luis: User, marta: User) -> None:
    incident = make_incident(ana, "Prensa parada")
    url = f"/api/incidencias/{incident.pk}"
    api(marta).patch(url, {"titulo": "Segunda"})
    api(marta).patch(url, {"titulo": "Tercera", "prioridad": "P1"})
    body = {"titulo": "Mía", "prioridad": "P2", "version": 1}
    answer = api(luis).patch(url, body)
    assert (answer.status_code, answer.json()["codigo"]) == (409, "version_obsoleta")
    assert answer.json()["diferencias"] == {
        "titulo": {"base": "Prensa parada", "suyo": "Mía", "actual": "Tercera"},
        "prioridad": {"base": "P3", "suyo": "P2", "actual": "P1"},
    }
    middle = api(luis).patch(url, {**body, "version": 2}).json()["diferencias"]["titulo"]["base"]
    assert middle == "Segunda"


def test_a_comment_in_between_changes_no_field(ana: User, luis: User, marta: User) -> None:
    incident = make_incident(ana)
    opened = form_of(luis, incident)
    comment_add(actor=actor(marta), incident_id=incident.pk, body="Voy", author=marta)
    answer = send(luis, incident, opened)
    assert (answer.status_code, answer.context["differences"]) == (409, [])
    assert send(luis, incident, answer.context["form"].data).status_code == 302
