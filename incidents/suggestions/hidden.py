"""Reading what is hidden at a case."""

from collections.abc import Sequence
from dataclasses import dataclass

from incidents.case.models import Incident
from knowledge.models import Article
from knowledge.objecting import objections_told
from knowledge.retrieval.usefulness import Objections
from knowledge.selectors import articles_visible_to
from prsystem.core.rights import Rights

from .models import HiddenSource, Suggestion


def hidden_article_ids(incident: Incident) -> frozenset[int]:
    """The articles that aren't shown in proposals for this case."""
    return frozenset(HiddenSource.objects.filter(incident=incident).values_list("article_id", flat=True))


def hidden_sources(incident: Incident, rights: Rights) -> Sequence[HiddenSource]:
    """Those that the asker may read, the oldest first, for who reads the area's cases: it is support's own matter."""
    if incident.area_id not in rights.reads_incidents:
        return []
    readable = articles_visible_to(rights).values("pk")
    found = HiddenSource.objects.filter(incident=incident, article__in=readable)
    return list(found.select_related("article__current", "hidden_by"))


@dataclass(frozen=True)
class NotProposed:
    """A source that would have been proposed, if people hadn't found it useless at such cases; `why` in words."""

    article: Article
    why: str

    @property
    def title(self) -> str:
        return self.article.published.title


def not_proposed(suggestion: Suggestion | None, rights: Rights) -> Sequence[NotProposed]:
    """Those of a proposal that the asker may read, with what was said when it was made."""
    kept = {slug: (people, reopened) for slug, _v, people, reopened in _rejected(suggestion)}
    if not kept:
        return []
    articles = articles_visible_to(rights).filter(slug__in=kept).order_by("pk")
    return [
        NotProposed(article, objections_told(Objections(people=kept[article.slug][0], reopened=kept[article.slug][1])))
        for article in articles
    ]


def _rejected(suggestion: Suggestion | None) -> list[list]:
    return suggestion.record.get("rechazadas", []) if suggestion and suggestion.is_finished else []
