"""Five golden questions: published articles are asked for by their own words and must be among the first found. For the
restore drill, on a restored database whose passages are made anew first, as after a restore."""

from prsystem.core.context import SYSTEM

from ..models import Article
from .indexing import passages_rebuild
from .search import knowledge_search

QUESTIONS = 5
AMONG_FIRST = 5
LENGTH = 300


def golden_questions_ask() -> list[str]:
    """What was not answered, one line each; empty when all is well or there is nothing to ask about."""
    own = Article.objects.filter(is_archived=False, manual_part=None)
    published = own.exclude(current=None).select_related("current").order_by("pk")
    count = published.count()
    step = max(count // QUESTIONS, 1)
    return [line for article in published[::step][:QUESTIONS] if (line := _unanswered(article))]


def _unanswered(article: Article) -> str:
    version = article.current
    assert version is not None
    passages_rebuild(article.pk)
    text = f"{version.title} {version.problem}"[:LENGTH]
    found = knowledge_search(rights=SYSTEM.rights, text=text, limit=AMONG_FIRST)
    if any(hit.article_id == article.pk for hit in found.hits):
        return ""
    return f"article {article.slug} is not among the first {AMONG_FIRST} for its own words"
