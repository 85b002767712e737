"""Reading knowledge, always within the asker's rights. No writes, no network."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from prsystem.accounts.selectors import in_areas
from prsystem.core.errors import Missing
from prsystem.core.rights import Rights

from .models import Article, Version


def articles_readable_by(rights: Rights) -> Q:
    """The one gate of knowledge, as a condition on Article: what the asker may read of what is published."""
    readable = Q(visibility=Article.Visibility.EVERYBODY)
    if rights.belongs:
        readable |= Q(visibility=Article.Visibility.AREA) & in_areas(rights.belongs)
    if rights.reads_drafts:
        readable |= in_areas(rights.reads_drafts)
    return readable


def articles_visible_to(rights: Rights) -> QuerySet[Article]:
    """Published articles that the asker may read."""
    return (
        Article.objects.filter(articles_readable_by(rights), is_archived=False)
        .exclude(current=None)
        .select_related("current", "area")
    )


def article_get(rights: Rights, slug: str) -> Article:
    """A readable article by slug; one without a published version only for those who read drafts of its area."""
    article = Article.objects.select_related("current", "area", "owner").filter(slug=slug).first()
    if article is None or not may_read(rights, article):
        raise Missing()
    return article


def may_read(rights: Rights, article: Article) -> bool:
    if article.area_id in rights.reads_drafts:
        return True
    if article.current_id is None or article.is_archived:
        return False
    if article.visibility == Article.Visibility.EVERYBODY:
        return True
    return article.visibility == Article.Visibility.AREA and article.area_id in rights.belongs


def versions_of(rights: Rights, article: Article) -> QuerySet[Version]:
    """Newest first; drafts and rejected ones only for those who read drafts."""
    versions = article.versions.select_related("author", "published_by").order_by("-major", "-minor")
    if article.area_id in rights.reads_drafts:
        return versions
    return versions.filter(state__in=[Version.State.PUBLISHED, Version.State.SUPERSEDED])


def version_get(rights: Rights, slug: str, number: str) -> Version:
    """Version `1.2` of a readable article; Missing otherwise."""
    article = article_get(rights, slug)
    major, dot, minor = number.partition(".")
    if not (dot and len(number) < 12 and number.isascii() and major.isdecimal() and minor.isdecimal()):
        raise Missing()
    version = versions_of(rights, article).filter(major=int(major), minor=int(minor)).first()
    if version is None:
        raise Missing()
    version.article = article
    return version


def drafts_to_publish(rights: Rights) -> QuerySet[Version]:
    """Drafts that wait for somebody with the asker's right to publish, oldest first."""
    if not rights.publishes:
        return Version.objects.none()
    return (
        Version.objects.filter(in_areas(rights.publishes, "article__area_id"), state=Version.State.DRAFT)
        .select_related("article__area", "author")
        .order_by("id")
    )


def article_ids_readable(rights: Rights, article_ids: Iterable[int]) -> set[int]:
    """Those of the articles that the asker may read now."""
    found = Article.objects.filter(articles_readable_by(rights), pk__in=set(article_ids), is_archived=False)
    return set(found.values_list("pk", flat=True))


def version_to_publish(rights: Rights, slug: str, number: str = "") -> Version:
    """The version named, else the newest draft, else the published one; Missing when there is none."""
    if number:
        return version_get(rights, slug, number)
    article = article_get(rights, slug)
    drafts = versions_of(rights, article).filter(state=Version.State.DRAFT)
    version = drafts.first() or article.current
    if version is None:
        raise Missing()
    return version


def articles_containing(articles: QuerySet[Article], words: str) -> QuerySet[Article]:
    """Those whose published title or problem holds the words as they stand."""
    return articles.filter(Q(current__title__icontains=words) | Q(current__problem__icontains=words))
