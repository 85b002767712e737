"""Reading knowledge, always within the asker's rights. No writes, no network."""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from prsystem.accounts.selectors import in_areas
from prsystem.core.errors import Missing
from prsystem.core.rights import Rights

from .models import WAITING_STATES, Article, Notice, ValidPeriod, Version


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


def articles_listed(rights: Rights) -> QuerySet[Article]:
    """The same for lists of articles: without the parts of manuals, which have a list of their own."""
    return articles_visible_to(rights).filter(manual_part=None)


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
    versions = article.versions.select_related("author", "edited_by", "published_by", "base").order_by(
        "-major", "-minor"
    )
    if article.area_id in rights.reads_drafts:
        return versions
    return versions.filter(state__in=[Version.State.PUBLISHED, Version.State.SUPERSEDED, Version.State.RECALLED])


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
    """What waits for somebody with the asker's right to publish: what is in review, then drafts, oldest first.

    A draft that its author still writes on, or has again with a reason, waits for its author alone.
    """
    if not rights.publishes:
        return Version.objects.none()
    with_author = Q(state=Version.State.DRAFT) & (Q(edited_by=F("author")) | ~Q(reason=""))
    return (
        Version.objects.filter(in_areas(rights.publishes, "article__area_id"), state__in=WAITING_STATES)
        .exclude(with_author)
        .select_related("article__area", "author")
        .order_by("-state", "id")  # «en_revision» comes after «borrador»
    )


def article_ids_readable(rights: Rights, article_ids: Iterable[int]) -> set[int]:
    """Those of the articles that the asker may read now."""
    found = Article.objects.filter(articles_readable_by(rights), pk__in=set(article_ids), is_archived=False)
    return set(found.values_list("pk", flat=True))


def article_slugs_readable(rights: Rights, slugs: Iterable[str]) -> set[str]:
    """Those of the articles, by their slugs, that the asker may read now."""
    found = Article.objects.filter(articles_readable_by(rights), slug__in=set(slugs), is_archived=False)
    return set(found.values_list("slug", flat=True))


def version_to_publish(rights: Rights, slug: str, number: str = "") -> Version:
    """The version named, else a draft newer than what is published, else the published one; Missing when there is none.

    An older draft is published only by its number: a call sent twice must not bring an old text back.
    """
    if number:
        return version_get(rights, slug, number)
    article = article_get(rights, slug)
    drafts = versions_of(rights, article).filter(state__in=WAITING_STATES)
    newest, current = drafts.first(), article.current
    if newest and (current is None or (newest.major, newest.minor) > (current.major, current.minor)):
        return newest
    if current is None:
        raise Missing()
    return current


def articles_containing(articles: QuerySet[Article], words: str) -> QuerySet[Article]:
    """Those whose published title or problem holds the words as they stand."""
    return articles.filter(Q(current__title__icontains=words) | Q(current__problem__icontains=words))


def notices_of(rights: Rights) -> QuerySet[Notice]:
    """What a person has to know or do about articles that he may read, newest first."""
    readable = Article.objects.filter(articles_readable_by(rights))
    own = Notice.objects.filter(user=rights.user_id or 0, done_at=None, article__in=readable)
    return own.select_related("article", "version")


def end_of_day(day: date) -> datetime:
    """The last moment of a day at the site."""
    return timezone.make_aware(datetime.combine(day, time.max))


def versions_valid_at(rights: Rights, moment: datetime) -> QuerySet[ValidPeriod]:
    """One period per article that was read at that moment and that the asker may read now, newest first."""
    readable = Article.objects.filter(articles_readable_by(rights), manual_part=None).values("pk")
    last = (
        ValidPeriod.objects.filter(article__in=readable, since__lte=moment)
        .order_by("article_id", "-since")
        .distinct("article_id")
        .values("pk")
    )
    return (
        ValidPeriod.objects.filter(Q(until=None) | Q(until__gt=moment), pk__in=last)
        .select_related("version", "article__area")
        .order_by(F("since").desc(), "-pk")
    )
