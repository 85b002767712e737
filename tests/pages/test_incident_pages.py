"""The incident pages as a browser without JavaScript uses them, and their fragments as htmx does."""

import base64
import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from incidents.intake.reporting import Report, incident_report
from incidents.models import Attachment, Comment, Incident, Suggestion
from incidents.moves.lifecycle import incident_claim
from knowledge.models import Article, ArticleFeedback, Version
from knowledge.services import Lesson, version_learn
from knowledge.services.indexing import article_index
from prsystem.accounts.models import Area, User
from tests.people import actor, api, browser

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def report_values(**changes: Any) -> dict[str, Any]:
    return {
        "titulo": "La prensa 4 se detiene",
        "descripcion": "Sale la alarma E-217 al cerrar.",
        "area": "PROD",
        "token": uuid.uuid4().hex,
        **changes,
    }


def reported(ana: User, title: str = "La prensa 4 se detiene") -> Incident:
    return incident_report(actor=actor(ana), report=Report(title, "Sale la alarma E-217.", "PROD"), reporter=ana)


def claimed(ana: User, luis: User) -> Incident:
    return incident_claim(actor=actor(luis), user=luis, incident_id=reported(ana).pk)


def answered(incident: Incident, version: Version, fragment: str) -> Suggestion:
    """A finished suggestion that cites one passage."""
    suggestion = incident.suggestions.get()
    suggestion.state, suggestion.rung, suggestion.text = "lista", "extractiva", f"1. {fragment} [1]"
    suggestion.save()
    suggestion.citations.create(
        number=1, article=version.article, version=version, kind="solucion", fragment=fragment, score=1
    )
    return suggestion


@pytest.fixture
def lesson(marta: User, prod: Area) -> Version:
    text = "Bloquear la energía.\n\nCambiar el presostato PS-3 y ajustar a 6 bar.\n\nProbar cinco ciclos."
    lesson = Lesson(area=prod, lang="es", title="Presostato de la prensa", problem="Se detiene.", solution=text)
    version = version_learn(actor=actor(marta), lesson=lesson, publish=True)
    article_index(version.article_id)
    return version


def test_a_report_in_three_fields(ana: User) -> None:
    response = browser(ana).post("/incidencias/nueva", report_values())
    incident = Incident.objects.get()
    assert response.status_code == 302
    assert response.headers["Location"] == f"/incidencias/{incident.number}/"
    assert (incident.reporter, incident.area.code, incident.source) == (ana, "PROD", "web")


def test_a_form_sent_twice_makes_one_incident(ana: User) -> None:
    values, page = report_values(), browser(ana)
    first, second = page.post("/incidencias/nueva", values), page.post("/incidencias/nueva", values)
    assert first.headers["Location"] == second.headers["Location"]
    assert Incident.objects.count() == 1
    page.post("/incidencias/nueva", values | {"titulo": "Otra cosa distinta"})
    assert Incident.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"titulo": "  "}, "titulo"),
        ({"titulo": "x" * 201}, "titulo"),
        ({"descripcion": ""}, "descripcion"),
        ({"descripcion": "x" * 20_001}, "descripcion"),
        ({"descripcion": "nulo \x00 aquí"}, "descripcion"),
        ({"area": "NADA"}, "area"),
        ({"area": "MANT"}, "area"),
        ({"impacto": "9"}, "impacto"),
    ],
)
def test_a_bad_report_comes_back_as_it_was_typed(changes: dict[str, str], field: str, ana: User, mant: Area) -> None:
    values = report_values(**changes)
    response = browser(ana).post("/incidencias/nueva", values)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert response.context["form"].data["descripcion"] == values["descripcion"]
    assert not Incident.objects.exists()


def test_a_megabyte_of_text_is_a_message_and_not_an_error(ana: User) -> None:
    response = browser(ana).post("/incidencias/nueva", report_values(descripcion="a" * 1_000_000))
    assert response.status_code == 422


def test_files_come_with_the_report_or_nothing_does(ana: User) -> None:
    good, fake = (
        SimpleUploadedFile("foto.png", PNG),
        SimpleUploadedFile("foto2.png", b"<html><script>alert(1)</script>"),
    )
    response = browser(ana).post("/incidencias/nueva", report_values(archivos=[good, fake]))
    assert response.status_code == 422
    assert "archivos" in response.context["form"].errors
    assert not Incident.objects.exists()
    browser(ana).post("/incidencias/nueva", report_values(archivos=[SimpleUploadedFile("foto.png", PNG)]))
    assert Attachment.objects.get().incident == Incident.objects.get()


def test_a_file_is_handed_out_inert_and_only_to_those_who_see_the_incident(ana: User, ivan: User) -> None:
    browser(ana).post("/incidencias/nueva", report_values(archivos=[SimpleUploadedFile("nota.txt", b"hola")]))
    path = f"/incidencias/{Incident.objects.get().number}/archivos/{Attachment.objects.get().pk}"
    response = browser(ana).get(path)
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert browser(ivan).get(path).status_code == 404


def test_hits_appear_after_twenty_characters(ana: User, lesson: Version) -> None:
    page = browser(ana)
    short = page.post("/incidencias/nueva/parecidos", {"titulo": "presostato"}, **HTMX)
    long = page.post("/incidencias/nueva/parecidos", {"titulo": "presostato de la prensa no ajusta"}, **HTMX)
    assert lesson.title not in short.content.decode()
    assert lesson.title in long.content.decode()


def test_it_helped_opens_no_incident_and_is_counted(ana: User, lesson: Version) -> None:
    response = browser(ana).post("/incidencias/nueva/resuelto", {"articulo": lesson.article.slug})
    assert response.headers["Location"] == "/"
    assert not Incident.objects.exists()
    assert ArticleFeedback.objects.get().resolved_without_case


def test_the_one_who_comes_second_is_told_who_has_it(ana: User, luis: User, marta: User) -> None:
    incident = reported(ana)
    first = browser(luis).post(f"/incidencias/{incident.number}/tomar", **HTMX)
    second = browser(marta).post(f"/incidencias/{incident.number}/tomar", **HTMX)
    assert (first.status_code, second.status_code) == (200, 409)
    assert "Luis Peña" in second.content.decode()
    assert f'id="fila-{incident.pk}"' in second.content.decode()
    incident.refresh_from_db()
    assert incident.assignee == luis


def test_a_list_that_did_not_change_is_not_sent_again(ana: User, luis: User) -> None:
    reported(ana)
    page = browser(luis)
    mark = page.get("/colas/L1/").context["huella"]
    same = page.get("/colas/L1/", {"huella": mark}, **HTMX)
    reported(ana, "Otra falla")
    changed = page.get("/colas/L1/", {"huella": mark}, **HTMX)
    assert same.status_code in (200, 304)  # 200 only when a minute passed between the two requests
    assert changed.status_code == 200
    assert "Otra falla" in changed.content.decode()


def test_a_list_page_needs_few_queries(luis: User, ana: User, django_assert_max_num_queries: Any) -> None:
    for n in range(60):
        reported(ana, f"Falla {n}")
    page = browser(luis)
    for path in ("/incidencias/", "/colas/L1/"):
        with django_assert_max_num_queries(7):  # one of them tells whether anything changed since the list was shown
            response = page.get(path)
        assert len(response.context["rows"]) == 50
        assert response.context["page"].next_cursor


def test_pages_walk_forth_and_back_without_loss(luis: User, ana: User) -> None:
    wanted = {reported(ana, f"Falla {n}").pk for n in range(60)}
    page = browser(luis)
    first = page.get("/colas/L1/")
    second = page.get("/colas/L1/", {"cursor": first.context["page"].next_cursor})
    back = page.get("/colas/L1/", {"cursor": second.context["page"].previous_cursor})
    seen = [row.id for row in first.context["rows"] + second.context["rows"]]
    assert len(seen) == len(set(seen)) == 60
    assert set(seen) == wanted
    assert [row.id for row in back.context["rows"]] == [row.id for row in first.context["rows"]]


@pytest.mark.parametrize(
    "query", ["estado=abierto", "estado=nada", "q=%00", "q=INC-000001", "orden=nada", "area=x,y", "asignado_a=yo"]
)
def test_any_filter_is_answered(query: str, luis: User, ana: User) -> None:
    reported(ana)
    assert browser(luis).get(f"/incidencias/?{query}").status_code == 200


def test_a_citation_opens_the_very_passage(ana: User, luis: User, lesson: Version) -> None:
    incident = claimed(ana, luis)
    answered(incident, lesson, "Cambiar el presostato PS-3 y ajustar a 6 bar.")
    cited = browser(luis).get(f"/incidencias/{incident.number}/").context["proposal"].citations[0]
    page = browser(luis).get(cited.url.partition("#")[0]).content.decode()
    marked = page[page.index('id="pasaje"') :]
    assert cited.url.endswith("#pasaje")
    assert page.count('class="passage"') == 1
    assert "Cambiar el presostato PS-3" in marked[: marked.index("</p>")]


def test_an_article_that_is_cited_twice_is_listed_once_with_both_passages(
    ana: User, luis: User, lesson: Version
) -> None:
    incident = claimed(ana, luis)
    suggestion = answered(incident, lesson, "Probar cinco ciclos.")
    suggestion.citations.create(
        number=2, article=lesson.article, version=lesson, kind="cause", fragment="Bloquear la energía.", score=1
    )
    luis_sees = browser(luis)
    page = luis_sees.get(f"/incidencias/{incident.number}/").content.decode()
    listed = page[page.index('class="citations"') :]
    listed = listed[: listed.index("</ol>")]
    assert listed.count('<li class="citation">') == listed.count('<a class="item-link"') == 1
    assert "Probar cinco ciclos." in listed and "Bloquear la energía." in listed
    assert re.findall(r"</span>(\d)\s*</a>", listed) == ["1", "2"]
    luis_sees.post(f"/incidencias/{incident.number}/sugerencia/{suggestion.pk}/valorar/", {"util": "si", "cita": "2"})
    assert 'aria-pressed="true"' in luis_sees.get(f"/incidencias/{incident.number}/").content.decode()
    told = api(luis).get(f"/api/incidencias/{incident.pk}/sugerencia").json()
    assert [one["n"] for one in told["citas"]] == [1, 2]
    (source,) = told["fuentes"]
    assert (source["articulo"], source["version"]) == (lesson.article.slug, lesson.number)
    assert [(one["n"], one["parte"]) for one in source["pasajes"]] == [(1, "solucion"), (2, "cause")]


def test_the_page_of_an_incident_needs_few_queries(
    ana: User, luis: User, lesson: Version, django_assert_max_num_queries: Any
) -> None:
    """The same number, however many passages the proposal cites."""
    incident = claimed(ana, luis)
    suggestion = answered(incident, lesson, "Probar cinco ciclos.")
    for number in range(2, 6):
        suggestion.citations.create(
            number=number, article=lesson.article, version=lesson, kind="solucion", fragment="Probar", score=1
        )
    page = browser(luis)
    with django_assert_max_num_queries(22):  # one of them: what is hidden at this case
        shown = page.get(f"/incidencias/{incident.number}/")
    assert len(shown.context["proposal"].citations) == 5 and "resolver" in shown.context["forms"]


def test_a_proposal_from_knowledge_that_one_may_not_read_is_withheld(
    ana: User, luis: User, eva: User, lesson: Version, mant: Area
) -> None:
    incident = claimed(ana, luis)
    answered(incident, lesson, "Probar cinco ciclos.")
    Article.objects.filter(pk=lesson.article_id).update(area=mant)
    hidden, shown = (browser(p).get(f"/incidencias/{incident.number}/") for p in (luis, eva))
    assert "Probar cinco ciclos" not in hidden.content.decode()
    assert "Probar cinco ciclos" in shown.content.decode()


def test_the_resolve_form_begins_with_the_proposal_and_makes_the_next_version(
    ana: User, luis: User, lesson: Version
) -> None:
    incident = claimed(ana, luis)
    answered(incident, lesson, "Probar cinco ciclos.")
    page = browser(luis)
    form = page.get(f"/incidencias/{incident.number}/?abrir=resolver").context["forms"]["resolver"]
    assert form.initial["solucion"] == "1. Probar cinco ciclos."
    values = {"solucion": "Cambiar PS-3.", "articulo": lesson.article.slug, "version": incident.version}
    assert page.post(f"/incidencias/{incident.number}/resolver", values).status_code == 302
    incident.refresh_from_db()
    assert incident.state == "resuelto"
    assert (incident.learned_version.article_id, incident.learned_version.number) == (lesson.article_id, "1.1")
    assert incident.learned_version.state == "borrador"


def test_an_article_that_was_not_offered_is_refused(ana: User, luis: User, marta: User, prod: Area) -> None:
    incident = claimed(ana, luis)
    other = Lesson(area=prod, lang="es", title="Etiquetadora", problem="Imprime en blanco.", solution="Poner cinta.")
    article = version_learn(actor=actor(marta), lesson=other, publish=True).article
    values = {"solucion": "Cambiar PS-3.", "articulo": article.slug}
    response = browser(luis).post(f"/incidencias/{incident.number}/resolver", values)
    assert response.status_code == 422
    assert "articulo" in response.context["forms"]["resolver"].errors


def test_what_was_typed_survives_a_change_by_somebody_else(ana: User, luis: User, marta: User) -> None:
    incident = claimed(ana, luis)
    seen = incident.version
    browser(marta).post(f"/incidencias/{incident.number}/prioridad", {"prioridad": "P2", "version": seen})
    stale = browser(luis).post(f"/incidencias/{incident.number}/esperar", {"motivo": "Refacción", "version": seen})
    form = stale.context["forms"]["esperar"]
    assert stale.status_code == 409
    assert form.data["motivo"] == "Refacción"
    again = browser(luis).post(f"/incidencias/{incident.number}/esperar", form.data)
    incident.refresh_from_db()
    assert (again.status_code, incident.state) == (302, "en_espera")


def test_internal_comments_are_for_support(ana: User, luis: User) -> None:
    incident = claimed(ana, luis)
    browser(luis).post(f"/incidencias/{incident.number}/comentar", {"cuerpo": "Pedir repuesto", "interno": "on"})
    browser(luis).post(f"/incidencias/{incident.number}/comentar", {"cuerpo": "¿Qué serie es?"})
    seen_by = {
        person: browser(person).get(f"/incidencias/{incident.number}/").content.decode() for person in (ana, luis)
    }
    assert Comment.objects.count() == 2
    assert "Pedir repuesto" in seen_by[luis]
    assert "Pedir repuesto" not in seen_by[ana]
    assert "¿Qué serie es?" in seen_by[ana]


def test_html_of_people_is_shown_as_text(ana: User) -> None:
    attack = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    browser(ana).post("/incidencias/nueva", report_values(titulo=attack, descripcion=attack))
    for path in ("/", "/incidencias/", f"/incidencias/{Incident.objects.get().number}/"):
        page = browser(ana).get(path).content.decode()
        assert "&lt;script&gt;" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_a_fragment_asked_for_after_the_session_ended_is_no_sign_in_page(luis: User) -> None:
    assert Client().get("/colas/L1/", **HTMX).status_code == 401


def test_the_search_box_finds_both_and_leads_to_a_number(ana: User, luis: User, ivan: User, lesson: Version) -> None:
    incident = reported(ana, "El presostato de la prensa se dispara")
    found = browser(luis).get("/buscar?q=presostato+prensa").content.decode()
    assert lesson.title in found
    assert incident.title in found
    assert browser(luis).get(f"/buscar?q={incident.number.lower()}").headers["Location"] == incident.get_absolute_url()
    elsewhere = browser(ivan).get(f"/buscar?q={incident.number}")
    assert elsewhere.status_code == 200
    assert incident.title not in elsewhere.content.decode()


def test_a_proposal_that_has_not_grown_is_not_sent_again(ana: User) -> None:
    incident = reported(ana)
    path = f"/incidencias/{incident.number}/sugerencia"
    assert browser(ana).get(path, {"visto": "pendiente-0-1-1"}, **HTMX).status_code == 204
    incident.suggestions.update(state="en_curso", text="Revisar la")
    growing = browser(ana).get(path, {"visto": "pendiente-0"}, **HTMX)
    assert "Revisar la" in growing.content.decode()
    assert "every 2s" in growing.content.decode()
    incident.suggestions.update(state="sin_respuesta", rung="cola", text="")
    assert "every 2s" not in browser(ana).get(path, {"visto": "en_curso-10"}, **HTMX).content.decode()
