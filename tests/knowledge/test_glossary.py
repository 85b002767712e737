"""A query in the words of the floor finds the article in the words of the manual."""

import pytest

from knowledge.models import Article, GlossaryTerm, Version
from knowledge.retrieval.glossary import MAX_ADDED, Entry, expansion_of, names_in
from knowledge.services.indexing import passages_rebuild
from knowledge.services.search import SearchResult, knowledge_search
from prsystem.accounts.models import Area
from prsystem.core.rights import Rights, Role
from tests.people import make_area

PRESS = Entry("prensa hidráulica", ("la gorda", "E-77"))


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("la Gorda no sube", ["prensa hidráulica"]),
        ("alarma e-77 otra vez", ["prensa hidráulica"]),
        ("la prensa hidraulica, la gorda, no sube", []),
        ("la gordana no sube", []),
        ("alarma E-771", []),
    ],
)
def test_only_whole_names_that_add_something_widen(text: str, added: list[str]) -> None:
    assert expansion_of(text, [PRESS]) == added


def test_a_query_is_never_widened_without_bound_nor_twice() -> None:
    many = [Entry(f"máquina {n}", ("gorda",)) for n in range(20)]
    assert len(expansion_of("gorda", many)) == MAX_ADDED
    assert expansion_of("gorda", [Entry("prensa", ("gorda",)), Entry("otra", ("prensa",))]) == ["prensa"]


def test_names_are_parted_by_lines_and_commas() -> None:
    assert names_in("la gorda\n E-77, x ;bertha") == ("la gorda", "E-77", "bertha")


def press_of(area: Area) -> None:
    article = Article.objects.create(slug="prensa", area=area, visibility="todos")
    version = Version.objects.create(
        article=article, title="Prensa hidráulica sin fuerza", problem="El cilindro queda abajo.", solution="Purgar."
    )
    Version.objects.filter(pk=version.pk).update(state="publicada")
    Article.objects.filter(pk=article.pk).update(current=version)
    passages_rebuild(article.pk)


def asked(area: Area) -> SearchResult:
    return knowledge_search(rights=Rights.from_grants(None, [(Role.REPORTER, area.pk)]), text="gorda parada")


@pytest.mark.django_db
def test_the_glossary_of_the_own_area_finds_and_tells_and_that_of_another_does_not() -> None:
    mine, other = make_area("PROD"), make_area("CAL")
    press_of(mine)
    assert asked(mine).hits == []
    GlossaryTerm.objects.create(term="prensa hidráulica", names="gorda", area=mine)
    found = asked(mine)
    assert ([hit.slug for hit in found.hits], found.also) == (["prensa"], ["prensa hidráulica"])
    assert (asked(other).hits, asked(other).also) == ([], [])
    GlossaryTerm.objects.update(area=None)
    assert asked(other).also == ["prensa hidráulica"]
