"""Useful, misleading, silent: what is counted as what, where the cases are, who may look."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incidents.answers.judging import Judgement, cases_behind, figures, proposals_judged, span_of
from incidents.exams.models import ExamRun
from incidents.exams.scoring import CaseResult, verdicts
from incidents.models import Incident, Suggestion, SuggestionRating
from incidents.moves.lifecycle import incident_reopen
from incidents.moves.resolving import Resolution, incident_resolve
from knowledge.models import Version
from prsystem.accounts.models import Area, User
from tests.incidents.makers import claimed, make_article, make_incident, make_suggestion
from tests.people import actor, api, browser

pytestmark = pytest.mark.django_db
TEXT = "Ajustar el tensor de la banda y probar de nuevo [1]."
SAME = "Ajustar el tensor de la banda y probar de nuevo."
BARS = re.compile(r'<rect\s+class="answers-')
OTHER = "Sustituir el rodillo motriz completo."


@pytest.fixture
def version(prod: Area) -> Version:
    return make_article(prod, "Banda detenida")


def case(reporter: User, version: Version, title: str = "Caso") -> Suggestion:
    return make_suggestion(make_incident(reporter, title), version, text=TEXT)


def solved(suggestion: Suggestion, user: User, solution: str) -> Incident:
    incident = claimed(suggestion.incident, user)
    incident_resolve(actor=actor(user), incident_id=incident.pk, resolution=Resolution(solution))
    return incident


def judged(suggestion: Suggestion) -> str:
    return proposals_judged().get(pk=suggestion.pk).judgement


def rated(suggestion: Suggestion, *opinions: tuple[User, bool]) -> None:
    for user, was_helpful in opinions:
        SuggestionRating.objects.create(suggestion=suggestion, user=user, was_helpful=was_helpful)


def test_it_is_not_judged_while_nobody_says_or_does_anything(ana: User, version: Version) -> None:
    assert judged(case(ana, version)) == Judgement.UNJUDGED


@pytest.mark.parametrize(
    ("solution", "expected"),
    [(SAME, Judgement.USEFUL), (f"{SAME} Se cambió además el sello.", Judgement.USEFUL), (OTHER, Judgement.MISLEADING)],
)
def test_a_resolution_says_whether_it_was_of_use(
    ana: User, luis: User, version: Version, solution: str, expected: str
) -> None:
    suggestion = case(ana, version)
    solved(suggestion, luis, solution)
    assert judged(suggestion) == expected


def test_a_case_that_comes_back_makes_it_misleading_until_it_is_solved_with_it_after_all(
    ana: User, luis: User, version: Version
) -> None:
    suggestion = case(ana, version)
    incident = solved(suggestion, luis, SAME)
    incident_reopen(actor=actor(ana), incident_id=incident.pk, reason="Volvió a pasar.")
    assert judged(suggestion) == Judgement.MISLEADING
    incident_resolve(actor=actor(luis), incident_id=incident.pk, resolution=Resolution(SAME))
    assert judged(suggestion) == Judgement.USEFUL


def test_what_most_people_say_counts_where_it_was_not_used(
    ana: User, luis: User, marta: User, version: Version
) -> None:
    said = case(ana, version)
    rated(said, (ana, True), (luis, False))
    assert judged(said) == Judgement.UNJUDGED
    rated(said, (marta, False))
    assert judged(said) == Judgement.MISLEADING
    liked = case(ana, version)
    rated(liked, (ana, True))
    solved(liked, luis, OTHER)
    assert judged(liked) == Judgement.USEFUL


def test_one_person_who_rates_every_source_has_one_vote(ana: User, luis: User, version: Version) -> None:
    suggestion = case(ana, version)
    rated(suggestion, (luis, True))
    for citation in [None, suggestion.citations.get()]:
        SuggestionRating.objects.create(suggestion=suggestion, citation=citation, user=ana, was_helpful=False)
    assert judged(suggestion) == Judgement.UNJUDGED


def test_silence_counts_and_danger_and_merged_cases_do_not(ana: User, version: Version) -> None:
    silent = make_incident(ana).suggestions.get()
    Suggestion.objects.filter(pk=silent.pk).update(state=Suggestion.State.NO_ANSWER, rung="cola")
    assert judged(silent) == Judgement.SILENT
    danger, merged = case(ana, version), case(ana, version)
    Incident.objects.filter(pk=danger.incident_id).update(is_emergency=True)
    Incident.objects.filter(pk=merged.incident_id).update(merged_into=silent.incident_id)
    assert proposals_judged().count() == 1


def test_a_case_counts_once_by_its_last_finished_proposal(ana: User, version: Version) -> None:
    first = case(ana, version)
    last = Suggestion.objects.create(incident=first.incident, state=Suggestion.State.NO_ANSWER)
    Suggestion.objects.create(incident=first.incident, state=Suggestion.State.PENDING)
    assert [one.pk for one in proposals_judged()] == [last.pk]


# --- figures, page, API


@pytest.fixture
def three(ana: User, luis: User, mant: Area, version: Version) -> list[Suggestion]:
    """One useful, one misleading, one silent; the last two weeks ago."""
    useful, misleading, silent = (case(ana, version, f"Caso {n}") for n in range(3))
    solved(useful, luis, SAME)
    solved(misleading, luis, OTHER)
    before = timezone.now() - timedelta(weeks=2)
    Suggestion.objects.filter(pk=silent.pk).update(state=Suggestion.State.NO_ANSWER, text="", created_at=before)
    return [useful, misleading, silent]


def test_every_figure_is_the_number_of_the_cases_behind_it(three: list[Suggestion]) -> None:
    span = span_of(12)
    found = figures(span)
    assert dict(found.total) == {"util": 1, "enganosa": 1, "callada": 1}
    assert len(found.by_week) == 12
    assert [sum(counts.values()) for counts in found.by_week.values()][-3:] == [1, 0, 2]
    assert found.by_area == {"PROD": {"util": 1, "enganosa": 1, "callada": 1}}
    for cell in found.cells:
        assert cases_behind(span, judgement=cell["judgement"], area=cell["area"]).count() == cell["n"]
    assert figures(span, "MANT").is_empty


def test_the_page_shows_figures_picture_table_and_definitions_one_click_from_the_cases(
    eva: User, three: list[Suggestion]
) -> None:
    page = browser(eva).get("/admin/respuestas/").content.decode()
    assert len(BARS.findall(page)) == 3
    assert "El caso se reabrió después de resolverse con la propuesta" in page
    links = {part.split('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:] if "casos/?" in part[:60]}
    shown = {one.incident.number for one in three}
    seen: set[str] = set()
    for link in links:
        answer = browser(eva).get(link)
        assert answer.status_code == 200
        seen |= {number for number in shown if number in answer.content.decode()}
    assert seen == shown
    misleading = browser(eva).get("/admin/respuestas/casos/?juicio=enganosa").content.decode()
    assert (three[1].incident.number in misleading, three[0].incident.number in misleading) == (True, False)
    assert "Se resolvió de otro modo" in misleading


def test_the_page_says_so_when_there_is_nothing(eva: User) -> None:
    page = browser(eva).get("/admin/respuestas/?area=ZZZ&semanas=4").content.decode()
    assert "En estas semanas no se terminó ninguna propuesta." in page
    assert not BARS.search(page)


@pytest.mark.parametrize("query", ["semana=2026-12-01", "semana=2026-13-45", "semana=x", "juicio=otro", "cursor=mal"])
def test_what_cannot_be_meant_is_refused(eva: User, query: str) -> None:
    assert browser(eva).get(f"/admin/respuestas/casos/?{query}").status_code == 400
    assert api(eva).get(f"/api/respuestas/casos?{query}").status_code == 400


@pytest.mark.parametrize("weeks", ["0", "-3", "99999999", "x", "²"])
def test_an_odd_number_of_weeks_is_brought_within_bounds(eva: User, weeks: str) -> None:
    assert browser(eva).get("/admin/respuestas/", {"semanas": weeks}).status_code == 200


def test_the_api_says_the_same(eva: User, luis: User, three: list[Suggestion]) -> None:
    found = api(eva).get("/api/respuestas").json()
    assert found["total"] == {"util": 1, "enganosa": 1, "callada": 1, "sin_valorar": 0}
    assert sum(week["util"] + week["enganosa"] + week["callada"] for week in found["semanas"]) == 3
    assert set(found["definiciones"]) == set(Judgement.values)
    cases = api(eva).get("/api/respuestas/casos", {"juicio": "util"}).json()["resultados"]
    assert [(one["numero"], one["resultado"]) for one in cases] == [(three[0].incident.number, "aceptada")]
    for address in ("/api/respuestas", "/api/respuestas/casos"):
        assert api(luis).get(address).status_code == 403
    assert browser(luis).get("/admin/respuestas/", follow=True).status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_cases(eva: User, ana: User, version: Version) -> None:
    page = browser(eva)
    counts = []
    for _again in range(2):
        for n in range(6):
            case(ana, version, f"Caso {n}")
        with CaptureQueriesContext(connection) as queries:
            page.get("/admin/respuestas/casos/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- the exam


def test_an_exam_tells_the_three_apart_by_the_article_of_the_real_resolution() -> None:
    results = {
        "INC-1": CaseResult("INC-1", True, 1.0, False, is_cited=True).as_json(),
        "INC-2": CaseResult("INC-2", True, 1.0, False).as_json(),
        "INC-3": CaseResult("INC-3", True, 0.0, True).as_json(),
    }
    assert verdicts(results) == {"util": ["INC-1"], "enganosa": ["INC-2"], "callada": ["INC-3"]}
    assert verdicts({"INC-1": {"hallado": True, "rechazo": False}}) == {}, "one that didn't ask yet"


def test_the_exam_shows_the_same_three_numbers_with_their_cases(
    eva: User, ana: User, prod: Area, capsys: pytest.CaptureFixture[str]
) -> None:
    from knowledge.services.indexing import passages_rebuild

    report = "La banda transportadora BT-12 se detiene por el sensor de giro"
    known = make_article(prod, report, problem=f"{report}.", solution="Ajustar el sensor de giro de la banda BT-12.")
    passages_rebuild(known.article_id)
    good, silent = make_incident(ana, report, description=f"{report}."), make_incident(ana, "Otra cosa ajena")
    Incident.objects.filter(pk__in=(good.pk, silent.pk)).update(state="cerrado", learned_version=known)
    call_command("exam", "--json")
    assert '"util": 1, "enganosa": 0, "callada": 1' in capsys.readouterr().out
    exam = ExamRun.objects.get(chat_model="")
    assert exam.verdicts == {"util": [good.number], "enganosa": [], "callada": [silent.number]}
    page = browser(eva).get("/admin/respuestas/").content.decode()
    assert f'href="/incidencias/{silent.number}/"' in page
    assert "1 · 0 · 1" in browser(eva).get("/admin/incidents/examrun/").content.decode()
    told = api(eva).get("/api/respuestas").json()["examenes"][0]
    assert (told["util"], told["callada"]) == ([good.number], [silent.number])
