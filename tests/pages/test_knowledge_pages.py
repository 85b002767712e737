"""The knowledge pages: reading, publishing, restoring, comparing, searching."""

import pytest

from knowledge.models import ArticleFeedback, Version
from knowledge.services import Lesson, version_learn
from knowledge.services.indexing import article_index
from prsystem.accounts.models import Area, User
from tests.people import actor, browser

pytestmark = pytest.mark.django_db


def learn(user: User, area: Area, solution: str, *, publish: bool = True, article: str | None = None) -> Version:
    lesson = Lesson(area=area, lang="es", title="Fuga en el molde", problem="Gotea agua.", solution=solution)
    return version_learn(actor=actor(user), lesson=lesson, article=article, publish=publish)


@pytest.fixture
def published(marta: User, prod: Area) -> Version:
    version = learn(marta, prod, "Cambiar los O-rings.")
    article_index(version.article_id)
    return version


@pytest.fixture
def draft(marta: User, prod: Area, published: Version) -> Version:
    return learn(marta, prod, "Cambiar los O-rings 2-116.", publish=False, article=published.article.slug)


def test_drafts_are_for_those_who_read_drafts(ana: User, luis: User, draft: Version) -> None:
    path = f"/conocimiento/{draft.article.slug}/versiones/1.1"
    assert browser(luis).get(path).status_code == 200
    assert browser(ana).get(path).status_code == 404
    assert "2-116" not in browser(ana).get(f"/conocimiento/{draft.article.slug}/").content.decode()


def test_only_those_with_the_right_publish(luis: User, marta: User, draft: Version) -> None:
    path = f"/conocimiento/{draft.article.slug}/versiones/1.1/publicar"
    assert browser(luis).post(path).status_code == 403
    assert browser(marta).post(path).status_code == 302
    draft.article.refresh_from_db()
    assert draft.article.current == draft


def test_an_old_text_comes_back_as_a_new_version(marta: User, draft: Version) -> None:
    slug = draft.article.slug
    page = browser(marta)
    page.post(f"/conocimiento/{slug}/versiones/1.1/publicar")
    page.post(f"/conocimiento/{slug}/versiones/1.0/restaurar")
    draft.article.refresh_from_db()
    assert (draft.article.current.number, draft.article.current.solution) == ("1.2", "Cambiar los O-rings.")


def test_the_difference_of_two_versions(luis: User, draft: Version) -> None:
    page = browser(luis).get(f"/conocimiento/{draft.article.slug}/versiones/1.0/1.1").content.decode()
    assert "<ins> 2-116</ins>" in page


@pytest.mark.parametrize("number", ["9.9", "x", "1", "1.0.0", "-1.0", "1.99999999999"])
def test_a_version_that_is_not_there(number: str, luis: User, published: Version) -> None:
    assert browser(luis).get(f"/conocimiento/{published.article.slug}/versiones/{number}").status_code == 404


def test_search_and_list_find_it_and_say_how(ana: User, published: Version, ivan: User) -> None:
    for path in ("/buscar?q=fuga+de+agua", "/conocimiento/?q=fuga+de+agua"):
        found, hidden = browser(ana).get(path), browser(ivan).get(path)
        assert "Fuga en el molde" in found.content.decode()
        assert "Fuga en el molde" not in hidden.content.decode()
    one_word = browser(ana).get("/buscar?q=molde")
    assert "Fuga en el molde" in one_word.content.decode()
    assert one_word.context["found"].mode == "texto"


@pytest.mark.parametrize("query", ["", "q=", "q=%00", "q=" + "a" * 5000, "area=NADA", "cursor=zzz"])
def test_any_search_is_answered(query: str, ana: User) -> None:
    for path in ("/buscar", "/conocimiento/"):
        assert browser(ana).get(f"{path}?{query}").status_code in (200, 400)


def test_feedback_is_kept_once_per_person(ana: User, published: Version) -> None:
    for answer in ("si", "no"):
        browser(ana).post(f"/conocimiento/{published.article.slug}/valoracion", {"util": answer})
    assert [feedback.was_helpful for feedback in ArticleFeedback.objects.all()] == [False]
