"""Search by somebody who may read little of what matches."""

import pytest

from knowledge.models import Article, Version
from knowledge.services.candidates import CANDIDATES
from knowledge.services.indexing import passages_rebuild
from knowledge.services.search import knowledge_search
from prsystem.accounts.models import Area
from prsystem.core.rights import Rights, Role
from tests.people import make_area

pytestmark = pytest.mark.django_db


def publish(area: Area, number: int, *words: str) -> Article:
    """`words`: title, problem and solution."""
    article = Article.objects.create(slug=f"{area.code.lower()}-{number}", area=area, visibility="area")
    title, problem, solution = words or ("Banda detenida", "La banda se detiene.", f"Ajustar tensor {number}.")
    version = Version.objects.create(article=article, title=title, problem=problem, solution=solution)
    Version.objects.filter(pk=version.pk).update(state="publicada")
    Article.objects.filter(pk=article.pk).update(current=version)
    passages_rebuild(article.pk)
    return article


def test_what_may_be_read_is_found_behind_a_hundred_that_may_not() -> None:
    mine, other = make_area("PROD"), make_area("CAL")
    for number in range(CANDIDATES + 5):
        publish(other, number)
    publish(mine, 1)
    rights = Rights.from_grants(None, [(Role.REPORTER, mine.pk)])
    found = knowledge_search(rights=rights, text="la banda se detiene", limit=5)
    assert [hit.slug for hit in found.hits] == ["prod-1"]
    assert found.mode == "texto"


def test_the_one_that_holds_the_code_comes_first_whatever_the_others_say() -> None:
    """By words alone, where a hit was worth three tenths at most, as where meaning has its say."""
    area = make_area("PROD")
    for number in range(12):
        publish(area, number)
    publish(area, 99, "Otra cosa", "Nada.", "Ver la opción --sin-retorno y la refacción ENG-AR-45.")
    rights = Rights.from_grants(None, [(Role.REPORTER, area.pk)])
    for asked in ("la banda se detiene eng ar ENG-AR-45", "la banda se detiene con --sin-retorno"):
        assert knowledge_search(rights=rights, text=asked).hits[0].slug == "prod-99"


def test_an_article_in_another_area_of_rights_is_not_put_first_by_its_code() -> None:
    mine, other = make_area("PROD"), make_area("CAL")
    publish(mine, 1)
    publish(other, 2)
    rights = Rights.from_grants(None, [(Role.REPORTER, mine.pk)])
    found = knowledge_search(rights=rights, text="banda tensor cal-2")
    assert [hit.slug for hit in found.hits] == ["prod-1"]
