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


def publish(area: Area, number: int) -> Article:
    article = Article.objects.create(slug=f"{area.code.lower()}-{number}", area=area, visibility="area")
    version = Version.objects.create(
        article=article, title="Banda detenida", problem="La banda se detiene.", solution=f"Ajustar tensor {number}."
    )
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
