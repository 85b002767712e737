"""What people say of articles, and what came of using them: search ranks by it (`retrieval/usefulness.py`)."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from audit.services import record
from prsystem.accounts.models import User
from prsystem.accounts.selectors import publishers_of
from prsystem.core.context import SYSTEM, Actor
from prsystem.core.text.fields import checked_line

from ..models import Article, ArticleFeedback, FailedUse, Notice, Version
from ..selectors_feedback import rejections_of
from .noticing import notice_give

Said = ArticleFeedback.Said
STRENGTH = {Said.OUTCOME.value: 0, Said.ANSWER.value: 1, Said.SOLE.value: 1, Said.SOURCE.value: 2}
REASON_LENGTH = 300


def article_feedback_give(
    *, actor: Actor, user: User, article: Article, was_helpful: bool, resolved_without_case: bool = False
) -> ArticleFeedback:
    """Say whether the published version helped. The last word of a person counts; «it helped, no case needed» is kept
    once said."""
    with transaction.atomic():
        feedback, _new = ArticleFeedback.objects.update_or_create(
            article=article,
            version=article.current,
            user=user,
            defaults={
                "was_helpful": was_helpful,
                "said_of": Said.SOURCE,
                "area": None,
                **({"resolved_without_case": True} if resolved_without_case else {}),
            },
        )
        details = {"util": was_helpful, "sin_incidencia": resolved_without_case}
        record(actor, "article.rated", f"articulo:{article.slug}", details)
        _rejections_tell([article.pk])
    return feedback


@transaction.atomic
def votes_keep(
    *,
    user_id: int,
    versions: Iterable[Version],
    was_helpful: bool,
    said_of: str,
    origin: str = "",
    area_id: int | None = None,
) -> None:
    """Part of a service that has its own entry: one person's vote for each version, and the case that it came of, or
    at least its area.

    What was said of the article itself stands above what was said of an answer, and that above what came of a case.
    """
    kept = sorted(set(versions), key=lambda v: v.pk)
    for version in kept:
        mine = ArticleFeedback.objects.filter(article_id=version.article_id, version=version, user_id=user_id)
        known = mine.values_list("said_of", flat=True).first()
        if known is None or STRENGTH[known] <= STRENGTH[said_of]:
            ArticleFeedback.objects.update_or_create(
                article_id=version.article_id,
                version=version,
                user_id=user_id,
                defaults={"was_helpful": was_helpful, "said_of": said_of, "origin": origin, "area_id": area_id},
            )
    _rejections_tell([version.article_id for version in kept])


@transaction.atomic
def outcomes_withdraw(*, origin: str, area_id: int, user_id: int | None, versions: Iterable[Version]) -> int:
    """Part of a service that has its own entry: the case came back, so that what came of it doesn't hold any more, and
    speaks against the versions that it was solved with; how many votes went."""
    gone = ArticleFeedback.objects.filter(origin=origin, said_of=Said.OUTCOME).delete()[0]
    failed = sorted(set(versions), key=lambda v: v.pk)
    for version in failed:
        FailedUse.objects.update_or_create(
            version=version,
            origin=origin,
            defaults={
                "article_id": version.article_id,
                "area_id": area_id,
                "user_id": user_id,
                "is_confirmed": False,
                "created_at": timezone.now(),
            },
        )
    _rejections_tell([version.article_id for version in failed])
    return gone


@transaction.atomic
def failures_judge(*, origin: str, user_id: int | None, versions: Iterable[Version]) -> None:
    """Part of a service that has its own entry: a case that had come back is solved anew, with these versions. What was
    used again did solve it; the rest failed, in the opinion of a second person as well."""
    failed = FailedUse.objects.filter(origin=origin)
    failed.filter(version__in=[version.pk for version in versions]).delete()
    if user_id is not None:
        failed.exclude(user_id=user_id).update(is_confirmed=True)
    _rejections_tell(list(failed.values_list("article_id", flat=True)))


def article_report(*, actor: Actor, article: Article, reason: str, origin: str = "") -> int:
    """Ask those who look after the article to review it; how many were asked. Its owner, or else who publishes in its
    area."""
    reason = checked_line("motivo", reason, REASON_LENGTH)
    with transaction.atomic():
        record(actor, "article.reported", f"articulo:{article.slug}", {"motivo": reason, "caso": origin})
        return _editors_tell(article, Notice.Kind.REPORTED, reason)


def _rejections_tell(article_ids: list[int]) -> None:
    """Editors are told, once, of a version that isn't proposed any more."""
    rejected = rejections_of(article_ids)
    for article in Article.objects.filter(pk__in=rejected).exclude(current=None).select_related("current"):
        told = article.notices.filter(kind=Notice.Kind.REJECTED, version=article.current)
        if article.upheld_at:
            told = told.filter(created_at__gt=article.upheld_at)
        if told.exists():
            continue
        against = rejected[article.pk]
        details = {"version": article.published.number, "personas": against.people, "casos": against.reopened}
        record(SYSTEM, "article.rejected_by_use", f"articulo:{article.slug}", details)
        _editors_tell(article, Notice.Kind.REJECTED)


def _editors_tell(article: Article, kind: str, text: str = "") -> int:
    owner = article.owner if article.owner and article.owner.is_active else None
    editors = [owner.pk] if owner else list(publishers_of(article.area_id).values_list("pk", flat=True))
    for user_id in editors:
        notice_give(user_id=user_id, kind=kind, version=article.published, text=text)
    return len(editors)
