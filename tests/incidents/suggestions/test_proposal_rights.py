"""Each reader gets what his own rights allow, and nobody sees what was made for another."""

from typing import Any

import pytest

from audit.models import AuditEntry
from incidents.models import Incident, Suggestion
from incidents.suggestions import services as suggesting
from incidents.suggestions.proposal import proposal_of, suggestion_for
from incidents.suggestions.selectors import latest_suggestion
from incidents.suggestions.services import suggestion_draft, suggestion_draft_for_support
from knowledge.models import Article
from knowledge.services.indexing import passages_rebuild
from prsystem.accounts.models import Area, User
from tests.incidents.makers import make_article, make_incident
from tests.jobs import run_jobs
from tests.people import api, browser

pytestmark = pytest.mark.django_db
CANARY = "Zumaque"
REPORT = "Banda BT-12 detenida por sensor de giro"


@pytest.fixture
def case(ana: User, prod: Area) -> Incident:
    """What answers it is for support alone."""
    article = make_article(
        prod, REPORT, problem="La banda BT-12 se detiene por el sensor de giro.", solution=f"Ajustar el {CANARY}."
    )
    Article.objects.filter(pk=article.article_id).update(visibility=Article.Visibility.SUPPORT)
    passages_rebuild(article.article_id)
    other = make_article(prod, "Pintura con grumos", problem="La pintura sale con grumos.", solution="Filtrar.")
    passages_rebuild(other.article_id)
    incident = make_incident(ana, REPORT, description="La banda BT-12 se detiene, sensor de giro.")
    suggestion_draft(incident.suggestions.get().pk)
    run_jobs("suggestion.draft_for_support")
    return incident


def text_for(user: User, incident: Incident) -> str:
    found = proposal_of(suggestion_for(incident, user.rights), user.rights)
    return found.text if found else ""


def test_support_is_shown_what_the_reporter_may_not_read(case: Incident, ana: User, luis: User) -> None:
    assert CANARY in text_for(luis, case)
    assert CANARY in browser(luis).get(case.get_absolute_url()).content.decode()
    assert api(luis).get(f"/api/incidencias/{case.pk}/sugerencia").json()["estado"] == "lista"
    assert text_for(ana, case) == ""


def test_the_reporter_isn_t_even_told_that_there_is_one(case: Incident, ana: User) -> None:
    page = browser(ana).get(case.get_absolute_url())
    history = api(ana).get(f"/api/incidencias/{case.pk}/historial").content.decode()
    answer = api(ana).get(f"/api/incidencias/{case.pk}/sugerencia").json()
    assert proposal_of(suggestion_for(case, ana.rights), ana.rights).is_withheld is False
    assert answer["estado"] == "sin_respuesta"
    for said in (page.content.decode(), history, str(answer)):
        assert CANARY not in said
    assert "proposed a solution" not in history
    assert "propuso una solución" not in history
    assert "propuso una solución" not in page.content.decode()


def test_what_nobody_may_read_any_more_is_shown_to_nobody(case: Incident, luis: User) -> None:
    Article.objects.update(is_archived=True)
    assert text_for(luis, case) == ""


def test_there_is_none_where_the_reporter_may_read_the_answer(ana: User, prod: Area) -> None:
    article = make_article(prod, REPORT, problem="La banda BT-12 se detiene.", solution="Ajustar.")
    Article.objects.filter(pk=article.article_id).update(visibility=Article.Visibility.EVERYBODY)
    passages_rebuild(article.article_id)
    incident = make_incident(ana, REPORT, description="La banda BT-12 se detiene, sensor de giro.")
    suggestion_draft(incident.suggestions.get().pk)
    run_jobs("suggestion.draft_for_support")
    assert not Suggestion.objects.filter(for_support=True).exists()
    assert latest_suggestion(incident).state == Suggestion.State.READY


def test_asking_again_makes_both_anew_and_the_act_is_kept(case: Incident) -> None:
    entries = AuditEntry.objects.filter(accion="suggestion.made", recurso=case.resource)
    assert [bool(entry.detalles.get("interno")) for entry in entries.order_by("pk")] == [False, True]


def test_support_s_proposal_is_made_once_however_often_its_job_runs(case: Incident) -> None:
    given = Suggestion.objects.get(for_support=False)
    suggestion_draft_for_support(given.pk)
    assert Suggestion.objects.filter(for_support=True).count() == 1


def test_a_case_that_became_an_emergency_meanwhile_gets_none(case: Incident, monkeypatch: pytest.MonkeyPatch) -> None:
    given = Suggestion.objects.get(for_support=False)
    Suggestion.objects.filter(for_support=True).delete()
    real = suggesting.answer_draft

    def declared_meanwhile(**asked: Any) -> Any:
        Incident.objects.filter(pk=case.pk).update(is_emergency=True)
        return real(**asked)

    monkeypatch.setattr(suggesting, "answer_draft", declared_meanwhile)
    suggestion_draft_for_support(given.pk)
    assert not Suggestion.objects.filter(for_support=True).exists()
