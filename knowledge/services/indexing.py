"""Keeps the passages of published versions, and the vector index, in step with the articles."""

from django.db import transaction

from ..models import Article, Passage, Version


def article_index(article_id: int) -> None:
    """Job: make the passages of the published version; those of other versions go."""
    with transaction.atomic():
        article = Article.objects.select_for_update(of=["self"]).select_related("current").get(pk=article_id)
        Passage.objects.filter(article=article).exclude(version=article.current).delete()
        if article.current and not article.is_archived:
            Passage.objects.bulk_create(_passages(article.current), ignore_conflicts=True)


def _passages(version: Version) -> list[Passage]:
    texts = {"problem": f"{version.title}\n{version.problem}", "solution": f"{version.title}\n{version.solution}"}
    return [
        Passage(article_id=version.article_id, version=version, kind=kind, ordinal=n, lang=version.lang, text=text)
        for n, (kind, text) in enumerate(texts.items())
    ]


def index_repair() -> None:
    """Make what is missing."""
    missing = (
        Article.objects.exclude(current=None).exclude(current__passages__isnull=False).values_list("pk", flat=True)
    )
    for article_id in missing:
        article_index(article_id)
