"""Macros: comment and fields in one act or none. Checklists: who ticked what and when."""

import pytest

from audit.models import AuditEntry
from incidents.macros.placeholders import filled
from incidents.models import ChecklistItem, ChecklistTemplate, Comment, Incident, Macro, SuggestionRating
from prsystem.accounts.models import Area, User
from tests.incidents.makers import claimed, make_article, make_incident, make_suggestion
from tests.people import api, browser

pytestmark = pytest.mark.django_db


def test_placeholders_are_filled_once() -> None:
    values = {"titulo": "{yo} y {numero}", "yo": "Luis"}
    assert filled("{titulo} {yo} {otro} {0} {yo.__class__}", values) == (
        "{yo} y {numero} Luis {otro} {0} {yo.__class__}"
    )


def test_a_macro_is_one_act(ana: User, luis: User) -> None:
    incident = make_incident(ana)
    body = {"nombre": "Pedir datos", "texto": "Hola {reporta}: falta el modelo de {numero}. {yo}"}
    fields = {"prioridad": "P2", "asignarme": True, "espera": "Datos"}
    made = api(luis).post("/api/macros", body | fields)
    assert made.status_code == 201 and made.json()["propia"]
    path = f"/api/incidencias/{incident.pk}/macros/{made.json()['id']}"
    answer = api(luis).post(path, {"version": incident.version}).json()
    assert (answer["prioridad"], answer["asignado_a"], answer["estado"]) == ("P2", "luis", "en_espera")
    assert Comment.objects.get().body == f"Hola Ana Ruiz: falta el modelo de {incident.number}. Luis Peña"
    assert api(luis).post(path, {"version": incident.version}).status_code == 409


def test_a_macro_that_can_not_do_all_does_nothing(ana: User, luis: User) -> None:
    incident = claimed(make_incident(ana), luis)
    macro = Macro.objects.create(name="Todo", body="Hola", set_priority="P1", wait_reason="Pieza")
    Incident.objects.filter(pk=incident.pk).update(state="en_espera", waiting_since=incident.created_at)
    answer = api(luis).post(f"/api/incidencias/{incident.pk}/macros/{macro.pk}", {})
    assert answer.status_code == 409
    incident.refresh_from_db()
    assert incident.priority != "P1" and not Comment.objects.exists()


def test_macros_are_ones_own_or_everybodys(ana: User, luis: User, marta: User, ivan: User, mant: Area) -> None:
    own = Macro.objects.create(name="De Luis", owner=luis, body="x")
    of_all = Macro.objects.create(name="De todos", body="x")
    of_mant = Macro.objects.create(name="De MANT", body="x", area=mant)

    def seen(user: User) -> set[str]:
        return {row["nombre"] for row in api(user).get("/api/macros").json()["resultados"]}

    assert (seen(luis), seen(marta), seen(ivan)) == (
        {"De Luis", "De todos"}, {"De todos"}, {"De todos", "De MANT"},
    )  # fmt: skip
    assert api(ana).get("/api/macros").status_code == 403 and api().get("/api/macros").status_code == 401
    incident = make_incident(ana)
    assert api(marta).post(f"/api/incidencias/{incident.pk}/macros/{own.pk}", {}).status_code == 404
    assert api(luis).post(f"/api/incidencias/{incident.pk}/macros/{of_mant.pk}", {}).status_code == 404
    assert api(ana).post(f"/api/incidencias/{incident.pk}/macros/{of_all.pk}", {}).status_code == 404
    assert api(marta).delete(f"/api/macros/{own.pk}").status_code == 404
    assert api(luis).delete(f"/api/macros/{of_all.pk}").status_code == 403
    assert api(luis).delete(f"/api/macros/{own.pk}").status_code == 204
    assert AuditEntry.objects.filter(accion="macro.removed").count() == 1


@pytest.mark.parametrize(
    "body", [{"nombre": "Nada"}, {"nombre": "", "texto": "x"}, {"nombre": "X", "prioridad": "P9", "texto": "x"}]
)
def test_macros_that_make_no_sense_are_refused(luis: User, body: dict[str, str]) -> None:
    assert api(luis).post("/api/macros", body).status_code == 400
    assert not Macro.objects.exists()


def test_macros_on_their_pages(ana: User, luis: User) -> None:
    page = browser(luis)
    incident = make_incident(ana)
    assert page.post("/macros/", {"nombre": "Nada"}).status_code == 422
    page.post("/macros/", {"nombre": "Saludo", "texto": "Hola {reporta}", "interno": "1"})
    macro = Macro.objects.get()
    assert "Saludo" in page.get("/macros/").content.decode()
    assert "Hola Ana Ruiz" in page.get(incident.get_absolute_url()).content.decode()
    page.post(f"{incident.get_absolute_url()}macros/{macro.pk}", {"version": incident.version})
    assert (Comment.objects.get().body, Comment.objects.get().is_internal) == ("Hola Ana Ruiz", True)
    page.post(f"/macros/{macro.pk}/borrar")
    assert not Macro.objects.exists()
    assert browser(ana).get("/macros/").status_code == 404


def test_a_checklist_says_who_did_what(ana: User, luis: User, marta: User, prod: Area) -> None:
    incident = make_incident(ana)
    template = ChecklistTemplate.objects.create(name="Arranque", area=prod, steps="Purgar\n\nMedir  presión\nPurgar")
    path = f"/api/incidencias/{incident.pk}/pasos"
    rows = api(luis).post(path, {"plantilla": template.pk}).json()["resultados"]
    assert [row["paso"] for row in rows] == ["Purgar", "Medir presión"]
    assert len(api(luis).post(path, {"plantilla": template.pk}).json()["resultados"]) == 2
    assert len(api(luis).post(path, {"paso": "Avisar"}).json()["resultados"]) == 3
    step = f"{path}/{rows[0]['id']}"
    assert api(luis).patch(step, {"hecho": True}).json()["resultados"][0]["hecho_por"] == "luis"
    assert api(marta).patch(step, {"hecho": True}).json()["resultados"][0]["hecho_por"] == "luis"
    assert AuditEntry.objects.filter(accion="incident.checklist_ticked").count() == 1
    assert api(marta).patch(step, {"hecho": False}).json()["resultados"][0]["hecho_en"] is None
    assert api(marta).delete(step).status_code == 204
    assert "marcó" not in browser(ana).get(incident.get_absolute_url()).content.decode()
    assert "hizo «Purgar»" in browser(luis).get(incident.get_absolute_url()).content.decode()


def test_checklists_are_for_support_of_the_area(ana: User, luis: User, ivan: User, mant: Area) -> None:
    incident = make_incident(ana)
    item = ChecklistItem.objects.create(incident=incident, text="Purgar")
    path = f"/api/incidencias/{incident.pk}/pasos"
    assert api(ana).get(path).status_code == 403 and api(ivan).get(path).status_code == 404
    assert api(ana).post(path, {"paso": "x"}).status_code == 403
    assert api(ana).patch(f"{path}/{item.pk}", {"hecho": True}).status_code == 403
    assert api().get(path).status_code == 401
    other = ChecklistTemplate.objects.create(name="Otra", area=mant, steps="x")
    assert api(luis).post(path, {"plantilla": other.pk}).status_code == 404
    for body in ({}, {"paso": " "}, {"paso": "x", "plantilla": 1}):
        assert api(luis).post(path, body).status_code == 400
    assert api(luis).patch(f"{path}/{item.pk + 100}", {"hecho": True}).status_code == 404
    assert api(luis).post(f"/api/incidencias/{make_incident(ana).pk}/pasos", {"paso": "Purgar"}).status_code == 200


def test_a_checklist_on_the_page(ana: User, luis: User) -> None:
    incident, page = make_incident(ana), browser(luis)
    path = f"{incident.get_absolute_url()}pasos"
    page.post(path, {"accion": "agregar", "paso": "Purgar"})
    item = ChecklistItem.objects.get()
    page.post(path, {"accion": "hecho", "n": item.pk})
    item.refresh_from_db()
    assert item.done_by == luis and "<s>Purgar</s>" in page.get(incident.get_absolute_url()).content.decode()
    page.post(path, {"accion": "pendiente", "n": item.pk})
    page.post(path, {"accion": "quitar", "n": item.pk})
    assert not ChecklistItem.objects.exists()
    assert page.post(path, {"accion": "otra"}).status_code == 404
    assert "lista-de-pasos" not in browser(ana).get(incident.get_absolute_url()).content.decode()


def test_numbers_of_thousands_of_digits_are_no_numbers(ana: User, luis: User, prod: Area) -> None:
    """Python refuses to read them."""
    incident, digits = claimed(make_incident(ana), luis), "9" * 5000
    macro = Macro.objects.create(name="Saludo", body="Hola")
    suggestion = make_suggestion(incident, make_article(prod))
    sent = {
        f"macros/{macro.pk}": {"version": digits},
        "pasos": {"accion": "quitar", "n": digits},
        f"sugerencia/{suggestion.pk}": {"util": "si", "cita": digits},
    }
    client = browser(luis)
    answers = [client.post(f"/incidencias/{incident.number}/{path}", body) for path, body in sent.items()]
    assert [answer.status_code for answer in answers] == [302, 302, 302]


def test_a_form_without_an_answer_is_no_vote(ana: User, luis: User, prod: Area) -> None:
    incident = claimed(make_incident(ana), luis)
    suggestion = make_suggestion(incident, make_article(prod))
    answer = browser(luis).post(f"/incidencias/{incident.number}/sugerencia/{suggestion.pk}", {"cita": "1"})
    assert answer.status_code == 400
    assert not SuggestionRating.objects.exists()
