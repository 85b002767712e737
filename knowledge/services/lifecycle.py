"""The life of a version beside publishing: review, rejection, archive, recall of what is wrong; and review dates."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import changes, record
from prsystem.core.context import SYSTEM, Actor
from prsystem.core.errors import IllegalMove, Missing, NotAllowed
from prsystem.core.jobs import queue
from prsystem.core.jobs.outbox import record_event
from prsystem.core.text.fields import checked_line

from ..models import Article, Notice, Version
from ..retrieval.lexical import remove_statement
from .articles import REVIEW_DAYS, article_locked, require_complete, require_no_manual, require_publisher
from .indexing import execute
from .noticing import notice_give, returned_done

REASON_LENGTH = 300
State = Version.State
SETTLED = (Notice.Kind.REVIEW, Notice.Kind.REPORTED, Notice.Kind.REJECTED)
RECALLABLE = (State.PUBLISHED, State.SUPERSEDED, State.ARCHIVED)


@contextmanager
def version_locked(version_id: int) -> Iterator[tuple[Article, Version]]:
    """A transaction that holds the article's row, as every change of its versions does."""
    with transaction.atomic():
        slug = Version.objects.filter(pk=version_id).values_list("article__slug", flat=True).first()
        if slug is None:
            raise Missing()
        article = article_locked(slug)
        yield article, Version.objects.select_related("article__area").get(pk=version_id)


def version_submit(*, actor: Actor, version_id: int) -> Version:
    """Ask for review of a draft; support of the area may."""
    with version_locked(version_id) as (article, version):
        if article.area_id not in actor.rights.writes_drafts:
            raise NotAllowed(_("Only support of the article's area may do this."))
        require_state(version, State.DRAFT)
        require_complete(version)
        returned_done(version)
        return version_moved(actor, version, State.REVIEW, "version.submitted")


def version_reject(*, actor: Actor, version_id: int, reason: str) -> Version:
    """Refuse a draft, in review or not, with the reason; who may publish may refuse."""
    reason = checked_line("motivo", reason, REASON_LENGTH)
    with version_locked(version_id) as (article, version):
        require_publisher(actor, article)
        require_state(version, State.DRAFT, State.REVIEW)
        return version_moved(actor, version, State.REJECTED, "version.rejected", reason)


def article_archive(*, actor: Actor, slug: str) -> Article:
    """Take an article out of reading and search; its versions stay."""
    with transaction.atomic():
        article = article_locked(slug)
        require_publisher(actor, article)
        require_no_manual(article)
        if article.is_archived or article.current_id is None:
            raise IllegalMove(_("Only a published article can be archived."))
        article.versions.filter(pk=article.current_id).update(state=State.ARCHIVED)
        article.is_archived = True
        _article_changed(actor, article, "article.archived")
    return article


def article_unarchive(*, actor: Actor, slug: str) -> Article:
    """Bring an archived article back into reading and search."""
    with transaction.atomic():
        article = article_locked(slug)
        require_publisher(actor, article)
        require_no_manual(article)
        if not article.is_archived or article.current_id is None:
            raise IllegalMove(_("The article isn't archived."))
        article.versions.filter(pk=article.current_id).update(state=State.PUBLISHED)
        article.is_archived = False
        _article_changed(actor, article, "article.unarchived")
    return article


def version_recall(*, actor: Actor, version_id: int, reason: str) -> Version:
    """Mark a version that was read as wrong. It isn't found from this moment on; who leaned on it is told by a job."""
    reason = checked_line("motivo", reason, REASON_LENGTH)
    with version_locked(version_id) as (article, version):
        require_publisher(actor, article)
        require_state(version, *RECALLABLE)
        version_moved(actor, version, State.RECALLED, "version.recalled", reason)
        if article.current_id == version.pk:
            article.current, article.is_archived = None, False
            article.save()
            version.passages.all().delete()  # their vectors with them
            execute(remove_statement([article.pk]))
        payload = {"articulo": article.slug, "version": version.number, "area": article.area.code}
        record_event("conocimiento.version_retirada", f"articulo:{article.slug}", payload)
        if article.owner_id is not None:
            notice_give(user_id=article.owner_id, kind=Notice.Kind.RECALLED, version=version, text=reason)
        _index_later(article)
        queue.enqueue("version.recalled", payload={"version_id": version.pk}, queue="urgent")
    return version


def article_reviewed(*, actor: Actor, slug: str, next_on: date | None = None) -> Article:
    """Say that an article still holds; it is asked about again on `next_on`, in a year unless given. Said by somebody
    who may publish it, what people said against it before is settled."""
    with transaction.atomic():
        article = article_locked(slug)
        if article.area_id not in actor.rights.publishes and article.owner_id != actor.user_id:
            raise NotAllowed()
        due = next_on or timezone.localdate() + timedelta(days=REVIEW_DAYS)
        details = changes({"revisar_el": str(article.review_on)}, {"revisar_el": str(due)})
        article.review_on, now = due, timezone.now()
        if article.area_id in actor.rights.publishes:  # an owner alone doesn't settle what others said against it
            article.upheld_at = now
        article.save(update_fields=["review_on", "upheld_at"])
        article.notices.filter(kind__in=SETTLED, done_at=None).update(done_at=now)
        record(actor, "article.reviewed", f"articulo:{article.slug}", details)
    return article


def reviews_remind() -> int:
    """Daily job: ask the owner of every article whose day has come, once; how many were asked."""
    due = Article.objects.filter(
        review_on__lte=timezone.localdate(), is_archived=False, current__isnull=False, owner__is_active=True
    ).exclude(notices__kind=Notice.Kind.REVIEW, notices__done_at=None)
    asked = 0
    for article in due.select_related("current").order_by("pk"):
        if article.owner_id is None:  # its owner went in this very moment
            continue
        with transaction.atomic():
            notice_give(user_id=article.owner_id, kind=Notice.Kind.REVIEW, version=article.published)
            record(SYSTEM, "article.review_asked", f"articulo:{article.slug}", {"revisar_el": str(article.review_on)})
        asked += 1
    return asked


def require_state(version: Version, *states: str) -> None:
    if version.state not in states:
        raise IllegalMove(_("Not possible while the version is «%(state)s».") % {"state": version.get_state_display()})


def version_moved(actor: Actor, version: Version, state: str, action: str, reason: str = "") -> Version:
    details = changes({"estado": version.state}, {"estado": str(state)})
    version.state, version.reason = state, reason
    version.save(update_fields=["state", "reason"])
    record(actor, action, f"articulo:{version.article.slug}", {"version": version.number, "motivo": reason, **details})
    return version


def _article_changed(actor: Actor, article: Article, action: str) -> None:
    article.save()
    record(actor, action, f"articulo:{article.slug}", {"version": article.published.number})
    _index_later(article)


def _index_later(article: Article) -> None:
    queue.enqueue("article.index", payload={"article_id": article.pk}, dedup_key=f"article.index:{article.pk}")
