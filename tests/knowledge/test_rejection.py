"""A source that different people found useless isn't proposed at such cases any more, and it is said why."""

from itertools import pairwise

import pytest

from audit.models import AuditEntry
from incidents.models import Incident, Suggestion
from incidents.moves.lifecycle import incident_reopen
from incidents.moves.resolving import Resolution, incident_resolve
from incidents.suggestions.services import suggestion_draft, suggestion_rate
from knowledge.assistant.ladder import Thresholds
from knowledge.models import Article, FailedUse, Notice, Version
from knowledge.retrieval.usefulness import (
    CEILING,
    DEMOTED,
    ONE_PERSON,
    REJECTED,
    RIVAL,
    Objections,
    Reopening,
    Votes,
    below_rivals,
    objections_of,
)
from knowledge.selectors_feedback import told_against, votes_of
from knowledge.services import article_reviewed, version_publish
from knowledge.services.articles import Lesson, version_learn
from knowledge.services.indexing import passages_rebuild
from knowledge.services.search import Hit, knowledge_search
from prsystem.accounts.models import Area, User
from prsystem.core.rights import Role
from tests.incidents.makers import claimed, make_article, make_incident, make_suggestion
from tests.knowledge.test_usefulness import say
from tests.people import actor, api, browser, make_area, make_user

REPORT = "La banda transportadora BT-12 se detiene por el sensor de giro"


# --- the rule


def test_five_people_reject_and_four_do_not() -> None:
    assert objections_of(dict.fromkeys(range(5), 1.0), []).is_rejection
    assert not objections_of(dict.fromkeys(range(4), 1.0), []).is_rejection


def test_nobody_rejects_alone_however_many_cases_they_reopen() -> None:
    alone = objections_of({7: 1.0}, [Reopening(7, False)] * 50)
    assert (alone.weight, alone.is_rejection) == (ONE_PERSON, False)
    assert objections_of({7: 1.0, 8: 1.0}, [Reopening(7, False)] * 50).is_rejection
    assert objections_of({}, [Reopening(7, True), *[Reopening(7, False)] * 4]).is_rejection
    assert not objections_of({}, [Reopening(None, False)] * 50).is_rejection


def test_what_helps_more_people_than_half_of_its_critics_stays() -> None:
    said = dict.fromkeys(range(5), 1.0)
    assert objections_of(said, [], pleased=2.0).is_rejection
    assert not objections_of(said, [], pleased=3.0).is_rejection


def test_a_rejected_one_is_below_what_is_proposed_and_given_to_a_model() -> None:
    limits = Thresholds()
    assert limits.similar <= CEILING < min(limits.passage, limits.answer, limits.another, limits.cause)
    rejected = Votes(0, 5, 5, 0, Objections(REJECTED))
    assert (rejected.likely(0.99), rejected.likely(0.1)) == (CEILING, 0.1)
    assert rejected.moved < -DEMOTED
    assert Votes(0, 4, 4, 0, Objections(4)).likely(0.99) == 0.99


def test_it_stands_behind_the_last_rival_and_nothing_else_moves() -> None:
    def hit(slug: str, probability: float, *, rejected: bool = False) -> Hit:
        votes = Votes(0, 5, 5, 0, Objections(REJECTED)) if rejected else None
        return Hit(slug, 1, 1, "1.0", slug, "PROD", "", "", "", 0.5, None, "both", probability, votes=votes)

    found = [hit("x", 0.2, rejected=True), hit("a", 0.9), hit("b", RIVAL), hit("c", 0.01)]
    assert [one.slug for one in below_rivals(found)] == ["a", "b", "x", "c"]
    assert below_rivals(found[1:]) == found[1:]
    assert below_rivals([found[0], found[3]]) == [found[0], found[3]]


# --- people and cases


@pytest.fixture
def version(prod: Area) -> Version:
    """It answers REPORT, by its words."""
    made = make_article(prod, REPORT, problem=f"{REPORT}.", solution="Ajustar el sensor de giro de la banda BT-12.")
    passages_rebuild(made.article_id)
    return made


@pytest.fixture
def rival(prod: Area, version: Version) -> Version:
    """It answers as well, in other words."""
    made = make_article(
        prod,
        "Banda transportadora BT-12 detenida",
        problem="La banda transportadora BT-12 se detiene, sensor de giro.",
        solution="Limpiar el lector del sensor de giro de la banda BT-12.",
    )
    passages_rebuild(made.article_id)
    return made


def crowd(area: Area, count: int) -> list[User]:
    return [make_user(f"gente{n}", Role.REPORTER, areas=[area]) for n in range(count)]


def proposed(reporter: User, title: str = REPORT, area: str = "PROD") -> Suggestion:
    incident = make_incident(reporter, title, area=area, description=f"{title}.")
    suggestion_draft(incident.suggestions.get().pk)
    return incident.suggestions.get()


def slugs(user: User) -> list[str]:
    return [hit.slug for hit in knowledge_search(rights=actor(user).rights, text=REPORT).hits]


def slug_of(version: Version) -> str:
    return Article.objects.get(pk=version.article_id).slug


def test_after_five_rejections_it_is_not_proposed_and_the_page_and_the_api_say_why(
    ana: User, luis: User, prod: Area, version: Version
) -> None:
    for person in crowd(prod, 5):
        suggestion = proposed(person)
        assert suggestion.state == Suggestion.State.READY, "while fewer than five object, it is proposed"
        suggestion_rate(actor=actor(person), user=person, suggestion=suggestion, was_helpful=False)
    after = proposed(ana)
    assert (after.state, after.citations.count()) == (Suggestion.State.NO_ANSWER, 0)
    page = browser(ana).get(after.incident.get_absolute_url()).content.decode()
    assert "5 personas dijeron que no sirvió" in page
    answer = api(ana).get(f"/api/incidencias/{after.incident_id}/sugerencia").json()
    assert answer["no_propuestas"] == [
        {
            "articulo": slug_of(version),
            "titulo": REPORT,
            "motivo": "5 personas dijeron que no sirvió",
            "url": f"/conocimiento/{slug_of(version)}/",
        }
    ]
    found = api(ana).get("/api/conocimiento/buscar", {"query": REPORT}).json()["resultados"][0]["utilidad"]
    assert (found["rechazada"], found["motivo"]) == (True, "5 personas dijeron que no sirvió")
    listed = browser(ana).get("/conocimiento/", {"q": REPORT}).content.decode()
    assert "5 personas dijeron que no sirvió" in listed


def test_the_rival_is_proposed_in_its_place(ana: User, prod: Area, version: Version, rival: Version) -> None:
    assert slugs(ana)[0] == slug_of(version)
    for person in crowd(prod, 5):
        say(person, version, was_helpful=False)
    assert slugs(ana) == [slug_of(rival), slug_of(version)]
    after = proposed(ana)
    assert [cited.version_id for cited in after.citations.all()] == [rival.pk]


def test_one_hostile_person_changes_nothing_that_is_proposed(ana: User, luis: User, version: Version) -> None:
    for n in range(6):
        suggestion = proposed(ana, f"{REPORT} {n}")
        suggestion_rate(actor=actor(ana), user=ana, suggestion=suggestion, was_helpful=False)
        _came_back(suggestion.incident, luis, by=ana)
    say(ana, version, was_helpful=False)
    found = votes_of([version.article_id])[version.article_id]
    assert (found.is_rejected, found.against.weight, found.against.reopened) == (False, ONE_PERSON, 6)
    assert proposed(ana).state == Suggestion.State.READY


def _came_back(incident: Incident, solver: User, *, by: User) -> None:
    claimed(incident, solver)
    used = incident.suggestions.first().text.replace(" [1]", "")
    incident_resolve(actor=actor(solver), incident_id=incident.pk, resolution=Resolution(used))
    incident_reopen(actor=actor(by), incident_id=incident.pk, reason="Volvió a pasar.")


def test_cases_that_come_back_reject_it_once_a_second_person_agrees(ana: User, luis: User, version: Version) -> None:
    cases = [proposed(ana, f"{REPORT} {n}").incident for n in range(5)]
    for incident in cases:
        _came_back(incident, luis, by=ana)
    assert not votes_of([version.article_id])[version.article_id].is_rejected
    other = Resolution("Sustituir el rodillo motriz completo.")
    incident_resolve(actor=actor(luis), incident_id=cases[0].pk, resolution=other)
    found = votes_of([version.article_id])[version.article_id]
    assert (found.is_rejected, found.against.reopened) == (True, 5)
    after = proposed(ana)
    assert after.state == Suggestion.State.NO_ANSWER
    page = browser(ana).get(after.incident.get_absolute_url()).content.decode()
    assert "5 casos que había resuelto se reabrieron" in page


def test_a_case_that_is_solved_with_it_after_all_does_not_count_against_it(
    ana: User, luis: User, version: Version
) -> None:
    incident = proposed(ana).incident
    _came_back(incident, luis, by=ana)
    assert FailedUse.objects.get().origin == incident.resource
    used = incident.suggestions.first().text.replace(" [1]", "")
    incident_resolve(actor=actor(luis), incident_id=incident.pk, resolution=Resolution(used))
    assert not FailedUse.objects.exists()


def test_each_case_that_comes_back_moves_it_among_equals(ana: User, luis: User, version: Version) -> None:
    shifts = [0.0]
    for n in range(3):
        _came_back(proposed(ana, f"{REPORT} {n}").incident, luis, by=ana)
        shifts.append(votes_of([version.article_id])[version.article_id].shift)
    assert all(after < before for before, after in pairwise(shifts))


def test_objections_at_cases_of_another_area_do_not_count_here(prod: Area, version: Version, luis: User) -> None:
    Article.objects.filter(pk=version.article_id).update(visibility="todos")
    cal = make_area("CAL")
    for n in range(5):
        person = make_user(f"cal{n}", Role.REPORTER, areas=[cal])
        suggestion = make_suggestion(make_incident(person, f"Caso {n}", area="CAL"), version)
        suggestion_rate(actor=actor(person), user=person, suggestion=suggestion, was_helpful=False)
    assert votes_of([version.article_id], "CAL")[version.article_id].is_rejected
    assert not votes_of([version.article_id], "PROD")[version.article_id].is_rejected


def objected(version: Version, *areas: str, was_helpful: bool = False) -> None:
    """A person of each area says so at a case of that area."""
    for code in areas:
        number = User.objects.count()
        person = make_user(f"{code.lower()}{number}", Role.REPORTER, areas=[Area.objects.get(code=code)])
        suggestion = make_suggestion(make_incident(person, f"Caso {number}", area=code), version)
        suggestion_rate(actor=actor(person), user=person, suggestion=suggestion, was_helpful=was_helpful)


def test_what_is_told_against_it_is_what_search_judges_by(prod: Area, version: Version) -> None:
    Article.objects.filter(pk=version.article_id).update(visibility="todos")
    article = Article.objects.get(pk=version.article_id)
    others = [make_area(code).code for code in ("CAL", "LOG", "TI", "MANT")]
    objected(version, "PROD", *others)
    assert told_against(article) == "" and not Notice.objects.exists(), "proposed in each of the five areas"
    objected(version, *["PROD"] * 3, was_helpful=True)
    objected(version, *["CAL"] * 4)
    assert told_against(article) == "5 personas dijeron que no sirvió"
    entry = AuditEntry.objects.get(accion="article.rejected_by_use")
    assert entry.detalles["personas"] == 5


def test_an_answer_of_several_sources_counts_half_against_each(prod: Area, version: Version, rival: Version) -> None:
    for person in crowd(prod, 6):
        suggestion = make_suggestion(make_incident(person), version, rival)
        suggestion_rate(actor=actor(person), user=person, suggestion=suggestion, was_helpful=False)
    assert [votes_of([v.article_id])[v.article_id].against.weight for v in (version, rival)] == [3.0, 3.0]


def test_a_new_version_starts_without_a_verdict(prod: Area, marta: User, version: Version) -> None:
    for person in crowd(prod, 5):
        say(person, version, was_helpful=False)
    assert votes_of([version.article_id])[version.article_id].is_rejected
    lesson = Lesson(area=prod, lang="es", title=REPORT, problem=REPORT, solution="Cambiar el sensor.")
    draft = version_learn(actor=actor(marta), lesson=lesson, article=slug_of(version))
    version_publish(actor=actor(marta), version_id=draft.pk)
    found = votes_of([version.article_id])[version.article_id]
    assert (found.is_rejected, found.against.weight, found.failed) == (False, 0.0, 2.5)


def test_editors_are_told_once_and_may_uphold_it(prod: Area, marta: User, version: Version) -> None:
    editor = make_user("edi", Role.EDITOR, areas=[prod])
    people = crowd(prod, 7)
    for person in people[:6]:
        say(person, version, was_helpful=False)
    notice = Notice.objects.get(kind=Notice.Kind.REJECTED)
    assert notice.user_id == editor.pk
    assert "Ya no se propone" in browser(editor).get("/").content.decode()
    page = browser(editor).get(f"/conocimiento/{slug_of(version)}/").content.decode()
    assert "6 personas dijeron que no sirvió" in page
    assert "Sigue vigente: volver a proponer" in page
    assert AuditEntry.objects.filter(accion="article.rejected_by_use").count() == 1
    article_reviewed(actor=actor(editor), slug=slug_of(version))
    assert not votes_of([version.article_id])[version.article_id].is_rejected
    assert not Notice.objects.filter(done_at=None).exists()
    say(people[6], version, was_helpful=False)
    assert votes_of([version.article_id])[version.article_id].against.weight == 1.0


def test_the_owner_alone_does_not_settle_what_others_said(prod: Area, luis: User, version: Version) -> None:
    Article.objects.filter(pk=version.article_id).update(owner=luis)
    for person in crowd(prod, 5):
        say(person, version, was_helpful=False)
    article_reviewed(actor=actor(luis), slug=slug_of(version))
    assert votes_of([version.article_id])[version.article_id].is_rejected
