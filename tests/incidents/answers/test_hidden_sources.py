"""A source that misleads at one case is put away for that case alone, and its editors can be asked to look at it."""

import pytest

from audit.models import AuditEntry
from incidents.models import HiddenSource, Incident, Suggestion
from incidents.suggestions.services import suggestion_draft
from knowledge.models import Article, Notice, Version
from knowledge.services.indexing import passages_rebuild
from prsystem.accounts.models import Area, User
from prsystem.core.rights import Role
from tests.incidents.makers import make_article, make_incident
from tests.people import api, browser, make_user

pytestmark = pytest.mark.django_db
REPORT = "La banda transportadora BT-12 se detiene por el sensor de giro"


@pytest.fixture
def version(prod: Area) -> Version:
    made = make_article(prod, REPORT, problem=f"{REPORT}.", solution="Ajustar el sensor de giro de la banda BT-12.")
    passages_rebuild(made.article_id)
    return made


@pytest.fixture
def case(ana: User, version: Version) -> Incident:
    incident = make_incident(ana, REPORT, description=f"{REPORT}.")
    drafted(incident)
    assert incident.suggestions.get().state == Suggestion.State.READY
    return incident


def drafted(incident: Incident) -> None:
    for suggestion in incident.suggestions.filter(state="pendiente"):
        suggestion_draft(suggestion.pk)


def slug_of(version: Version) -> str:
    return Article.objects.get(pk=version.article_id).slug


def press(user: User, incident: Incident, version: Version, act: str, **body: str) -> int:
    address = f"/incidencias/{incident.number}/fuentes/{slug_of(version)}/{act}"
    return browser(user).post(address, body).status_code


def text_of(user: User, incident: Incident) -> str:
    return api(user).get(f"/api/incidencias/{incident.pk}/sugerencia").json()["texto"]


def test_it_is_hidden_at_this_case_alone_and_another_proposal_is_made(
    ana: User, luis: User, case: Incident, version: Version
) -> None:
    assert "No mostrar en este caso" in browser(luis).get(case.get_absolute_url()).content.decode()
    assert press(luis, case, version, "ocultar") == 302
    assert case.suggestions.first().state == Suggestion.State.PENDING
    drafted(case)
    assert case.suggestions.first().state == Suggestion.State.NO_ANSWER
    page = browser(luis).get(case.get_absolute_url()).content.decode()
    assert "Ajustar el sensor" not in page
    assert "Oculta en este caso" in page
    assert "Volver a mostrar" in page
    other = make_incident(ana, REPORT, description=f"{REPORT}.")
    drafted(other)
    assert "Ajustar el sensor" in text_of(ana, other)


def test_a_proposal_that_leans_on_it_is_put_away_at_once(luis: User, case: Incident, version: Version) -> None:
    HiddenSource.objects.create(incident=case, article_id=version.article_id)
    assert text_of(luis, case) == ""
    page = browser(luis).get(case.get_absolute_url()).content.decode()
    assert "se apoyaba en una fuente que no se muestra" in page


def test_it_can_be_shown_again_and_both_are_in_the_trail(luis: User, case: Incident, version: Version) -> None:
    for _twice in range(2):
        press(luis, case, version, "ocultar")
    press(luis, case, version, "mostrar")
    drafted(case)
    assert "Ajustar el sensor" in text_of(luis, case)
    trail = AuditEntry.objects.filter(accion__startswith="suggestion.source_").order_by("id")
    assert [entry.accion for entry in trail] == ["suggestion.source_hidden", "suggestion.source_shown"]
    assert {entry.recurso for entry in trail} == {case.resource}
    assert trail[0].detalles["articulo"] == slug_of(version)


def test_only_support_of_the_area_may_and_only_for_what_it_may_read(
    ana: User, ivan: User, luis: User, mant: Area, case: Incident, version: Version
) -> None:
    assert press(ana, case, version, "ocultar") == 403
    assert press(ivan, case, version, "ocultar") == 404
    foreign = make_article(mant, "Ajeno")
    assert press(luis, case, foreign, "ocultar") == 404
    assert press(luis, case, version, "mostrar") == 404
    assert press(luis, case, version, "otra") == 404
    assert not HiddenSource.objects.exists()


def test_the_reporter_is_not_told_what_support_hid(ana: User, luis: User, case: Incident, version: Version) -> None:
    press(luis, case, version, "ocultar")
    drafted(case)
    assert "Oculta en este caso" not in browser(ana).get(case.get_absolute_url()).content.decode()
    assert api(ana).get(f"/api/incidencias/{case.pk}/sugerencia").json()["ocultas"] == []
    assert api(luis).get(f"/api/incidencias/{case.pk}/sugerencia").json()["ocultas"] == [slug_of(version)]
    assert "source_hidden" not in str(api(ana).get(f"/api/incidencias/{case.pk}/historial").json())


def test_the_api_hides_shows_and_reports(luis: User, case: Incident, version: Version) -> None:
    base, body = f"/api/incidencias/{case.pk}/sugerencia", {"articulo": slug_of(version)}
    assert api(luis).post(f"{base}/ocultar", body).status_code == 204
    assert HiddenSource.objects.get().hidden_by_id == luis.pk
    assert api(luis).post(f"{base}/mostrar", body).status_code == 204
    assert api(luis).post(f"{base}/mostrar", body).status_code == 404
    assert api(luis).post(f"{base}/reportar", body).status_code == 400
    told = api(luis).post(f"{base}/reportar", {**body, "motivo": "El par de apriete es otro."})
    assert told.status_code == 200


def test_a_report_lands_in_the_work_of_its_editors_with_the_reason(
    luis: User, prod: Area, case: Incident, version: Version
) -> None:
    editor = make_user("edi", Role.EDITOR, areas=[prod])
    assert press(luis, case, version, "reportar", motivo="") == 302
    assert not Notice.objects.exists()
    press(luis, case, version, "reportar", motivo="El par de apriete es otro.")
    page = browser(editor).get("/").content.decode()
    assert "Reportada para revisión" in page
    assert "El par de apriete es otro." in page
    entry = AuditEntry.objects.get(accion="article.reported")
    assert entry.detalles == {"motivo": "El par de apriete es otro.", "caso": case.number}
