"""Drafts as their writers and reviewers look for them. No writes."""

from django.db.models import Q, QuerySet

from prsystem.accounts.models import Area
from prsystem.accounts.selectors import areas_in, in_areas
from prsystem.core.rights import Rights

from ..models import WAITING_STATES, Article, Version
from ..selectors import drafts_to_publish

COUNT_LIMIT = 100


def drafts_of(rights: Rights) -> QuerySet[Version]:
    """What somebody writes on: begun or last edited by them, newest first."""
    own = Q(author=rights.user_id or 0) | Q(edited_by=rights.user_id or 0)
    return (
        Version.objects.filter(own, in_areas(rights.writes_drafts, "article__area_id"), state__in=WAITING_STATES)
        .select_related("article__area", "author")
        .order_by("-id")
    )


def tab_counts(rights: Rights) -> dict[str, int]:
    """What the tabs of knowledge say, up to COUNT_LIMIT; no tab for who may not write."""
    counts = {}
    if rights.writes_drafts:
        counts["mine"] = len(drafts_of(rights).order_by().values_list("pk")[:COUNT_LIMIT])
    if rights.publishes:
        counts["reviews"] = len(drafts_to_publish(rights).order_by().values_list("pk")[:COUNT_LIMIT])
    return counts


def areas_to_write(rights: Rights, *, published: bool = False) -> QuerySet[Area]:
    """Areas that somebody may write for; for what is published those where they may publish."""
    return areas_in(rights.publishes if published else rights.writes_drafts)


def was_published(article: Article) -> bool:
    return article.versions.exclude(published_at=None).exists()
