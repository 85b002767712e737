"""What people say of a source changes the next ranking: a little, told, once a person, and less for what is old."""

import pytest

from incidents.moves.lifecycle import incident_reopen
from incidents.moves.resolving import Resolution, incident_resolve
from incidents.suggestions.services import suggestion_draft, suggestion_rate
from knowledge.models import Article, ArticleFeedback, Version
from knowledge.retrieval.fusion import RankedHit
from knowledge.retrieval.usefulness import SHIFT, Votes, reordered
from knowledge.selectors_feedback import votes_of
from knowledge.services import article_feedback_give, version_publish
from knowledge.services.articles import Lesson, version_learn
from knowledge.services.indexing import passages_rebuild
from knowledge.services.search import knowledge_search
from prsystem.accounts.models import Area, User
from tests.incidents.makers import claimed, make_article, make_incident, make_suggestion
from tests.people import actor, api, browser, make_user

Said = ArticleFeedback.Said


def hits(*scores: float) -> list[RankedHit]:
    return [RankedHit(number, score, None, "lexical") for number, score in enumerate(scores, start=1)]


def votes(helped: int, failed: int) -> Votes:
    return Votes(float(helped), float(failed), helped + failed, helped)


def test_without_votes_the_ranking_is_the_very_same() -> None:
    ranked = hits(0.9, 0.9, 0.4, 0.0)
    assert reordered(ranked, {}) == ranked


def test_votes_move_neighbours_and_never_a_clear_match() -> None:
    near = reordered(hits(0.80, 0.795), {2: votes(3, 0)})
    assert [hit.id for hit in near] == [2, 1]
    worst, best = votes(0, 100_000), votes(100_000, 0)
    clear = reordered(hits(0.80, 0.80 - 2 * SHIFT), {1: worst, 2: best})
    assert [hit.id for hit in clear] == [1, 2]


def test_a_single_vote_moves_little_and_none_moves_more_than_the_bound() -> None:
    assert votes(1, 0).shift == pytest.approx(SHIFT / 7)
    assert votes(1, 1).shift == 0
    assert SHIFT * 0.99 < votes(10_000, 0).shift < SHIFT


@pytest.fixture
def pair(prod: Area) -> tuple[Version, Version]:
    """Two articles that answer the same question alike."""
    made = []
    for name in ("una", "otra"):
        version = make_article(prod, f"Banda detenida {name}", problem="La banda se detiene.", solution="Ajustar.")
        Article.objects.filter(pk=version.article_id).update(visibility="area")
        passages_rebuild(version.article_id)
        made.append(version)
    return made[0], made[1]


def found(user: User) -> list[str]:
    result = knowledge_search(rights=actor(user).rights, text="la banda se detiene")
    return [hit.slug for hit in result.hits]


def say(user: User, version: Version, was_helpful: bool = True) -> None:
    article = Article.objects.select_related("current").get(pk=version.article_id)
    article_feedback_give(actor=actor(user), user=user, article=article, was_helpful=was_helpful)


def weight(version: Version) -> tuple[float, float, int]:
    given = votes_of([version.article_id]).get(version.article_id)
    return (given.helped, given.failed, given.people) if given else (0.0, 0.0, 0)


def test_the_next_search_has_another_order_and_says_why(ana: User, pair: tuple[Version, Version]) -> None:
    first, second = found(ana)
    winner = next(version for version in pair if Article.objects.get(pk=version.article_id).slug == second)
    before = api(ana).get("/api/conocimiento/buscar", {"query": "la banda se detiene"}).json()["resultados"]
    assert [hit["utilidad"] for hit in before] == [None, None]
    say(ana, winner)
    assert found(ana) == [second, first]
    after = api(ana).get("/api/conocimiento/buscar", {"query": "la banda se detiene"}).json()["resultados"]
    said = {"personas": 1, "sirvio_a": 1, "ajuste": pytest.approx(SHIFT / 7, abs=1e-4)}
    assert after[0]["utilidad"] == {**said, "rechazada": False, "motivo": ""}
    assert (after[0]["hallado_por"], after[1]["utilidad"]) == ("palabras", None)
    page = browser(ana).get("/conocimiento/", {"q": "la banda se detiene"}).content.decode()
    assert page.count("Sirvió a 1 de 1") == 1


def test_one_person_has_one_vote_however_often_and_wherever(ana: User, luis: User, pair: tuple[Version, ...]) -> None:
    version = pair[0]
    for _again in range(5):
        say(ana, version)
    for number in range(5):
        suggestion = make_suggestion(make_incident(ana, f"Caso {number}"), version)
        for cited in (None, 1):
            rate(ana, suggestion, cited)
    assert weight(version) == (1.0, 0.0, 1)
    say(luis, version, was_helpful=False)
    assert weight(version) == (1.0, 1.0, 2)


def rate(user: User, suggestion: object, cited: int | None, was_helpful: bool = True) -> None:
    suggestion_rate(actor=actor(user), user=user, suggestion=suggestion, was_helpful=was_helpful, citation_number=cited)  # type: ignore[arg-type]


def test_authors_owners_and_people_who_left_do_not_count(luis: User, prod: Area) -> None:
    lesson = Lesson(area=prod, lang="es", title="Propio", problem="p", solution="s")
    version = version_learn(actor=actor(luis), lesson=lesson)
    version_publish(actor=make_user("ed", "editor").as_actor(), version_id=version.pk)
    say(luis, version)
    assert weight(version) == (0.0, 0.0, 0)
    gone = make_user("gone", "reporter", areas=[prod])
    say(gone, version)
    assert weight(version) == (1.0, 0.0, 1)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert weight(version) == (0.0, 0.0, 0)


def test_a_new_version_halves_what_was_said_of_the_old_one(ana: User, marta: User, pair: tuple[Version, ...]) -> None:
    old = pair[0]
    say(ana, old)
    lesson = Lesson(area=old.article.area, lang="es", title=old.title, problem=old.problem, solution="Cambiar.")
    draft = version_learn(actor=actor(marta), lesson=lesson, article=old.article.slug)
    assert weight(old) == (1.0, 0.0, 1)
    version_publish(actor=actor(marta), version_id=draft.pk)
    assert weight(old) == (0.5, 0.0, 1)
    say(ana, draft, was_helpful=False)
    assert weight(old) == (0.0, 1.0, 1)


def test_the_answer_counts_half_for_each_source_and_a_source_s_own_vote_stands(
    ana: User, pair: tuple[Version, Version]
) -> None:
    suggestion = make_suggestion(make_incident(ana), *pair)
    rate(ana, suggestion, None, was_helpful=False)
    assert [weight(version) for version in pair] == [(0.0, 0.5, 1), (0.0, 0.5, 1)]
    rate(ana, suggestion, 1)
    rate(ana, suggestion, None, was_helpful=False)
    assert [weight(version) for version in pair] == [(1.0, 0.0, 1), (0.0, 0.5, 1)]


def test_a_source_that_may_not_be_read_gets_no_vote(ana: User, mant: Area) -> None:
    hidden = make_article(mant, "Ajeno")
    Article.objects.filter(pk=hidden.article_id).update(visibility="area")
    rate(ana, make_suggestion(make_incident(ana), hidden), 1)
    assert ArticleFeedback.objects.count() == 0


def test_a_case_resolved_with_an_accepted_proposal_counts_for_its_sources(
    ana: User, luis: User, pair: tuple[Version, Version]
) -> None:
    incident = claimed(make_incident(ana), luis)
    make_suggestion(incident, pair[0], text="Ajustar el tensor de la banda y probar de nuevo [1].")
    solution = "Ajustar el tensor de la banda y probar de nuevo."
    incident_resolve(actor=actor(luis), incident_id=incident.pk, resolution=Resolution(solution))
    assert weight(pair[0]) == (0.5, 0.0, 1)
    assert ArticleFeedback.objects.get().said_of == Said.OUTCOME


def test_reopening_the_case_turns_its_vote_against_the_source_and_no_other(
    ana: User, luis: User, pair: tuple[Version, Version]
) -> None:
    cases = [claimed(make_incident(ana, f"Caso {n}"), luis) for n in range(2)]
    for incident, version in zip(cases, pair, strict=True):
        make_suggestion(incident, version, text="Ajustar el tensor de la banda [1].")
        solved = Resolution("Ajustar el tensor de la banda.")
        incident_resolve(actor=actor(luis), incident_id=incident.pk, resolution=solved)
    incident_reopen(actor=actor(ana), incident_id=cases[0].pk, reason="Volvió a pasar.")
    assert [weight(version) for version in pair] == [(0.0, 0.5, 0), (0.5, 0.0, 1)]


def test_reopening_leaves_what_a_person_said_herself(ana: User, luis: User, pair: tuple[Version, Version]) -> None:
    incident = claimed(make_incident(ana), luis)
    make_suggestion(incident, pair[0], text="Ajustar el tensor de la banda [1].")
    solved = Resolution("Ajustar el tensor de la banda.")
    incident_resolve(actor=actor(luis), incident_id=incident.pk, resolution=solved)
    say(luis, pair[0])
    incident_reopen(actor=actor(ana), incident_id=incident.pk, reason="Volvió a pasar.")
    assert weight(pair[0]) == (1.0, 0.5, 1)


def test_a_case_resolved_in_other_words_counts_for_nothing_but_the_article_it_joins(
    ana: User, luis: User, pair: tuple[Version, Version]
) -> None:
    incident = claimed(make_incident(ana), luis)
    make_suggestion(incident, pair[0], text="Ajustar el tensor [1].")
    joined = Resolution("Sustituir el rodillo motriz completo.", article=pair[1].article.slug)
    incident_resolve(actor=actor(luis), incident_id=incident.pk, resolution=joined)
    assert [weight(version) for version in pair] == [(0.0, 0.0, 0), (0.5, 0.0, 1)]


def test_the_page_rates_each_source_and_shows_what_one_said(ana: User, pair: tuple[Version, Version]) -> None:
    incident = make_incident(ana)
    suggestion = make_suggestion(incident, *pair)
    page = browser(ana)
    page.post(f"/incidencias/{incident.number}/sugerencia/{suggestion.pk}", {"util": "no", "cita": "2"})
    text = " ".join(page.get(incident.get_absolute_url()).content.decode().split())
    assert "¿Sirvió la fuente 2?" in text
    second = text.split("¿Sirvió la fuente 2?")[1].split("</form>")[0]
    assert second.index('value="si" aria-pressed="false"') < second.index('value="no" aria-pressed="true"')


def test_confidence_is_not_moved_by_votes(ana: User, pair: tuple[Version, Version]) -> None:
    rights = actor(ana).rights
    before = knowledge_search(rights=rights, text="la banda se detiene").confidence
    say(ana, pair[1])
    assert knowledge_search(rights=rights, text="la banda se detiene").confidence == before


def test_a_proposal_made_later_puts_the_useful_source_first(ana: User, pair: tuple[Version, Version]) -> None:
    second = found(ana)[1]
    say(ana, next(v for v in pair if v.article.slug == second))
    incident = make_incident(ana, "La banda se detiene", description="La banda se detiene.")
    suggestion_draft(incident.suggestions.get().pk)
    passages = incident.suggestions.get().record["pasajes"]
    assert passages[0][1] == second
