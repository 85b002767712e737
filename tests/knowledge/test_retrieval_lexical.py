"""BM25 in PostgreSQL."""

import pytest
from django.db import connection

from knowledge.retrieval.fusion import LexicalHit
from knowledge.retrieval.lexical import LexicalArticle, add_statement, hits_of, remove_statement, search_statement
from knowledge.retrieval.passages import ArticleText

pytestmark = pytest.mark.django_db

ARTICLES = [
    LexicalArticle(1, "es", ArticleText("Fuga en bomba hidráulica", "La bomba pierde aceite", "", "Cambiar el retén")),
    LexicalArticle(
        2, "es", ArticleText("Alarma E-4012 del servo", "El eje se detiene", "", "Revisar las calibraciones")
    ),
    LexicalArticle(3, "en", ArticleText("Servo alarm E4012", "The axis stops", "", "Check the encoder cable")),
    LexicalArticle(4, "es", ArticleText("Impresora sin red", "La impresora no imprime", "", "Reiniciar la impresora")),
]


@pytest.fixture(autouse=True)
def index() -> None:
    run(add_statement(ARTICLES))


def run(statement: tuple) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return cursor.fetchall() if cursor.description else []


def found(query: str, *, lang: str = "es", **options: object) -> list[LexicalHit]:
    return hits_of(run(search_statement(query, lang=lang, limit=10, **options)))


def ids(query: str, **options: object) -> list[int]:
    return [hit.id for hit in found(query, **options)]


def test_stems_and_accents_do_not_matter() -> None:
    assert ids("BOMBAS HIDRAULICAS") == [1]
    assert ids("calibracion") == ids("calibración") == ids("calibraciones") == [2]


@pytest.mark.parametrize("code", ["E-4012", "e4012", "E 4012", "E_4012"])
def test_a_code_is_found_in_every_spelling_and_in_every_language(code: str) -> None:
    assert set(ids(f"alarma {code}")) == {2, 3}
    assert ids("E-401") == ids("4012") == []


def test_words_are_searched_in_the_language_of_the_query_only() -> None:
    assert ids("servo") == [2]
    assert ids("servo", lang="en") == [3]
    assert set(ids("servo", lang="")) == {2, 3}


def test_rare_words_weigh_more_than_common_ones() -> None:
    common = [LexicalArticle(n, "es", ArticleText(f"Máquina {n}", "máquina parada", "", "")) for n in range(10, 30)]
    run(add_statement(common))
    assert ids("máquina parada por fuga")[0] == 1


def test_only_readable_articles_come_back_with_the_same_scores() -> None:
    everything = {hit.id: hit.score for hit in found("impresora alarma bomba")}
    some = found("impresora alarma bomba", readable=[4])
    assert [(hit.id, hit.score) for hit in some] == [(4, pytest.approx(everything[4]))]
    assert found("impresora", readable=[]) == []


def test_removing_and_adding_again_leaves_one_row_per_word() -> None:
    run(remove_statement([1, 999]))
    assert ids("bomba") == []
    run(add_statement([LexicalArticle(1, "en", ArticleText("Hydraulic pump leak"))]))
    assert ids("pumps", lang="en") == [1]


@pytest.mark.parametrize(
    "query", ["", "   ", "\x00", "'; DROP TABLE x; --", "& | ! ( :*", "🙂", "a" * 100_000, "%s %(x)s"]
)
def test_hostile_queries_find_nothing_and_break_nothing(query: str) -> None:
    assert found(query, lang="") == []
