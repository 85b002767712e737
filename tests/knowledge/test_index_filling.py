"""While the index of meaning is being filled again, search goes by words and says so until it holds everything."""

import numpy as np
import pytest

from audit.models import AuditEntry
from integrations import chroma
from integrations.chroma import collection_delete, collection_open
from knowledge.models import Article, IndexGeneration, Passage
from knowledge.services import indexing
from knowledge.services.indexing import index_repair
from knowledge.services.search import SearchResult, knowledge_search
from prsystem.accounts.models import Area
from prsystem.core.models import Job
from prsystem.core.rights import Rights, Role
from tests.incidents.makers import make_article
from tests.jobs import job_run

NAMES = ("Bomba sin presión", "Banda detenida", "Etiquetadora sin tinta")


@pytest.fixture
def generation(models: dict[str, str], prod: Area) -> IndexGeneration:
    for name in NAMES:
        make_article(prod, name)
    Article.objects.update(visibility=Article.Visibility.AREA)
    index_repair()
    return IndexGeneration.objects.get(is_active=True)


def asked(area: Area) -> SearchResult:
    rights = Rights.from_grants(None, [(Role.REPORTER, area.pk)])
    return knowledge_search(rights=rights, text="la bomba no tiene presión")


def shown(result: SearchResult) -> tuple[str, list[tuple[str, float]]]:
    return result.mode, [(hit.slug, hit.score) for hit in result.hits]


def cosines(result: SearchResult) -> list[float]:
    return [hit.cosine for hit in result.hits if hit.cosine is not None]


@pytest.mark.django_db
def test_a_wiped_index_is_called_hybrid_only_when_it_is_whole_again(generation: IndexGeneration, prod: Area) -> None:
    whole = asked(prod)
    assert (whole.mode, len(cosines(whole))) == ("hibrido", len(NAMES))

    collection_delete(generation.collection)
    assert (asked(prod).mode, cosines(asked(prod))) == ("texto", [])

    some = generation.vectors.order_by("pk")[:2]
    indexing._upsert(collection_open(generation.collection), some)
    assert (asked(prod).mode, cosines(asked(prod))) == ("texto", [])

    index_repair()
    assert shown(asked(prod)) == shown(whole)


@pytest.mark.django_db
def test_a_process_that_missed_the_loss_searches_the_new_index_at_once(generation: IndexGeneration, prod: Area) -> None:
    whole = asked(prod)
    collection_delete(generation.collection)
    index_repair()
    assert shown(asked(prod)) == shown(whole)


@pytest.mark.django_db
def test_an_index_that_was_never_filled_is_not_called_hybrid(generation: IndexGeneration, prod: Area) -> None:
    generation.vectors.all().delete()
    collection_delete(generation.collection)
    assert asked(prod).mode == asked(prod).mode == "texto"


@pytest.mark.django_db
@pytest.mark.parametrize("minute", [0, 1, 2])
def test_vectors_that_somebody_altered_are_noticed_and_put_back(
    minute: int, generation: IndexGeneration, prod: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who reaches Chroma makes one passage the nearest to everything: ids and counts stay as they were."""
    monkeypatch.setattr(indexing, "UPSERT_BATCH", 1)
    monkeypatch.setattr(indexing.time, "time", lambda: 60.0 * minute)
    whole, collection = shown(asked(prod)), collection_open(generation.collection)
    rows = list(generation.vectors.order_by("passage_id"))
    assert len(rows) >= 3
    assert index_repair().added == 0
    for row, like in ((rows[minute], rows[minute - 1]), (rows[minute - 1], rows[minute])):
        collection.upsert([str(row.passage_id)], [np.frombuffer(like.vector, dtype="<f4").tolist()])
    assert index_repair().added == 2, "all are looked at once one is found"
    entry = AuditEntry.objects.get(accion="index.altered")
    assert entry.detalles["vectores"] == 2
    assert shown(asked(prod)) == whole
    assert index_repair().added == 0
    there = collection.vectors([str(row.passage_id) for row in rows], generation.dimensions)
    assert all(np.allclose(np.frombuffer(row.vector, dtype="<f4"), there[str(row.passage_id)]) for row in rows)


@pytest.mark.django_db
def test_altered_vectors_are_told_of_even_when_chroma_does_not_take_them_back(
    generation: IndexGeneration, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = list(generation.vectors.order_by("passage_id"))[:2]
    like = np.frombuffer(second.vector, dtype="<f4").tolist()
    collection_open(generation.collection).upsert([str(first.passage_id)], [like])

    def full(*given: object) -> None:
        raise chroma.ChromaUnavailable("busy")

    with monkeypatch.context() as patch:
        patch.setattr(chroma.Collection, "upsert", full)
        assert not index_repair().vectors_available
    assert AuditEntry.objects.filter(accion="index.altered").count() == 1
    assert index_repair().added == 1


@pytest.mark.django_db
def test_an_index_of_an_older_configuration_is_made_anew_by_the_repair(
    generation: IndexGeneration, prod: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = asked(prod)
    collection_delete(generation.collection)
    with monkeypatch.context() as older:
        older.setattr(chroma, "HNSW", {"space": "cosine", "ef_search": 200})
        index_repair()
    assert not collection_open(generation.collection).is_as_wanted
    asked(prod)  # which learns the collection's new id
    assert asked(prod).mode == "hibrido"  # it serves until then
    index_repair()
    assert collection_open(generation.collection).is_as_wanted
    asked(prod)
    assert shown(asked(prod)) == shown(whole)


@pytest.mark.django_db
def test_the_index_is_made_in_slices_that_others_may_come_between(
    generation: IndexGeneration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shelf of manuals took both workers for six minutes."""
    generation.vectors.all().delete()
    monkeypatch.setattr(indexing, "EMBED_BATCH", 1)
    monkeypatch.setattr(indexing, "SLICE_SECONDS", 0.0)
    slices, left = 0, [Passage.objects.count()]
    indexing.index_request()
    while job := Job.objects.filter(kind=indexing.INDEX).first():
        assert job_run(job.pk)
        slices += 1
        left.append(Passage.objects.exclude(pk__in=generation.vectors.values("passage_id")).count())
        if slices == 1:
            monkeypatch.setattr(indexing, "SLICE_SECONDS", 60.0)
    assert (slices, left) == (2, [left[0], left[0], 0])
    assert collection_open(generation.collection).count() == left[0]


@pytest.mark.django_db
def test_what_another_job_embedded_meanwhile_is_not_embedded_again(
    generation: IndexGeneration, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation.vectors.all().delete()
    article, made = Passage.objects.latest("pk").article, indexing.vectors_of
    asked_for: list[str] = []

    def beside(texts: list[str], **options: object) -> list[list[float]]:
        asked_for.extend(texts)
        if len(asked_for) == 1:
            indexing.article_index(article.pk)
        return made(texts, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(indexing, "EMBED_BATCH", 1)
    monkeypatch.setattr(indexing, "vectors_of", beside)
    index_repair()
    assert len(asked_for) == len(set(asked_for)) == Passage.objects.count()
