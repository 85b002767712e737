"""Knowledge that is fully indexed: the demo's, and synthetic articles by the thousand."""

import random
from collections.abc import Callable

import numpy as np
from django.db import connection

from integrations.chroma import collection_open
from knowledge.models import Article, IndexGeneration, Passage, Version
from knowledge.retrieval.lexical import LexicalArticle, add_statement
from knowledge.retrieval.passages import ArticleText
from knowledge.services.indexing import index_repair
from prsystem.accounts.models import Area

from ..synthetic import SENTENCES, SUBJECTS, SYMPTOMS, vacuum

BATCH = 500
PREFIX = "sintetico"


class NotIndexed(Exception):
    """Chroma or the embedder doesn't answer: there is nothing to measure."""


def knowledge_indexed() -> None:
    """Every published article with full text and vectors."""
    if not index_repair().vectors_available:
        raise NotIndexed


def articles_up_to(total: int) -> None:
    """Published articles with one passage each; their vectors are random, which costs a search the same."""
    have = Article.objects.filter(is_archived=False).count()
    versions = articles_add(range(have, total), _version)
    for first in range(0, len(versions), BATCH):
        _index(versions[first : first + BATCH])
    vacuum("knowledge_posting", "knowledge_lexicaldocument", "knowledge_article")


def articles_add(numbers: range, make: Callable[[Article, random.Random], Version]) -> list[Version]:
    """Published articles that no index knows yet."""
    area = Area.objects.get(code="PROD")
    articles = Article.objects.bulk_create(
        [Article(slug=f"{PREFIX}-{n}", area=area, visibility=Article.Visibility.EVERYBODY) for n in numbers]
    )
    rng = random.Random(numbers.stop)
    versions = Version.objects.bulk_create([make(article, rng) for article in articles], batch_size=BATCH)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE knowledge_article a SET current_id = v.id FROM knowledge_version v"
            " WHERE v.article_id = a.id AND a.current_id IS NULL AND a.slug LIKE %s",
            [f"{PREFIX}-%"],
        )
    return versions


def _version(article: Article, rng: random.Random) -> Version:
    subject, symptom = rng.choice(SUBJECTS), rng.choice(SYMPTOMS)
    return Version(
        article=article,
        state=Version.State.PUBLISHED,
        title=f"{subject} {rng.randint(1, 90)} {symptom}",
        problem=" ".join(rng.sample(SENTENCES, 3)),
        cause=f"Código E-{rng.randint(1000, 9999)}. {rng.choice(SENTENCES)}",
        solution=" ".join(rng.sample(SENTENCES, 4)),
    )


def _index(versions: list[Version]) -> None:
    passages = Passage.objects.bulk_create(
        [
            Passage(
                article_id=v.article_id, version=v, kind="whole", ordinal=0, lang=v.lang, text=f"{v.title}\n{v.problem}"
            )
            for v in versions
        ]
    )
    sql, params = add_statement(
        [LexicalArticle(v.article_id, v.lang, ArticleText(v.title, v.problem, v.cause, v.solution)) for v in versions]
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
    generation = IndexGeneration.objects.get(is_active=True)
    vectors = np.random.default_rng(passages[0].pk).normal(size=(len(passages), generation.dimensions))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ids = [str(passage.pk) for passage in passages]
    collection_open(generation.collection).upsert(ids, vectors.astype("f4").tolist())
