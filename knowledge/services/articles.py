"""Articles and their versions: learn, publish, restore. What was published is never edited: a change is the next
version, written on as a draft (`knowledge.writing`)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from audit.services import changes, record
from prsystem.accounts.models import Area
from prsystem.accounts.selectors import user_by_username
from prsystem.core.context import Actor
from prsystem.core.errors import Conflict, IllegalMove, InvalidInput, Missing, NotAllowed
from prsystem.core.hidden import without_hidden
from prsystem.core.jobs import queue
from prsystem.core.jobs.outbox import record_event
from prsystem.core.text.cleaning import is_blank
from prsystem.core.text.fields import checked_line, checked_text

from ..models import WAITING_STATES, Article, Notice, Version
from ..models_manuals import ManualPart
from .holding import is_held, require_not_held, require_seen, version_hold
from .noticing import notice_give

TITLE_LENGTH, TEXT_LENGTH = 200, 20_000
SLUG_LENGTH = 90
# Words that stand for something else where an article's slug would: `/conocimiento/manuales/` is the shelf.
RESERVED_SLUGS = frozenset(
    {"avisos", "borradores", "buscar", "gemelos", "glosario", "manuales", "nuevo", "por-revisar"}
)
REVIEW_DAYS = 365
# What no text is taken from, and what it is taken from.
DISTRUSTED = (Version.State.REJECTED, Version.State.RECALLED, Version.State.DISCARDED)
TRUSTED = (Version.State.PUBLISHED, Version.State.SUPERSEDED, Version.State.ARCHIVED)


class Texts(Protocol):
    """What has the texts of an article: a lesson, a version."""

    @property
    def title(self) -> str: ...
    @property
    def problem(self) -> str: ...
    @property
    def cause(self) -> str: ...
    @property
    def solution(self) -> str: ...


class Outdated(Conflict):
    """Another version was published since the draft was begun."""

    code = "borrador_atrasado"


@dataclass(frozen=True)
class Lesson:
    """What is to be known: a problem, its cause and its solution, in one language, and where it was learned."""

    area: Area
    lang: str
    title: str
    problem: str
    solution: str
    cause: str = ""
    origin: str = ""


def version_learn(*, actor: Actor, lesson: Lesson, article: str | None = None, publish: bool = False) -> Version:
    """Write down a lesson as a draft: version 1.0 of a new article, or the next version of the article named by slug.

    With `publish` it is published at once; NotAllowed without the right in the article's area. A text that is held
    stays a draft.
    """
    with transaction.atomic():
        owner = article_locked(article) if article else article_create(actor, lesson)
        if owner.area_id not in actor.rights.writes_drafts:
            raise NotAllowed(_("Only support of the article's area may add a version to it."))
        version = version_add(actor, owner, lesson)
        if publish and not is_held(version):
            publish_locked(actor, owner, version)
    return version


def version_publish(*, actor: Actor, version_id: int, revision: int | None = None) -> Version:
    """Make a version the one that is read and searched: approval, when it was in review. StaleVersion where its text
    isn't that of `revision` any more, if that is told.

    Publishing what is published already changes nothing; what was rejected or recalled as wrong isn't published.
    """
    with transaction.atomic():
        version = Version.objects.filter(pk=version_id).first()
        if version is None:
            raise Missing()
        article = article_locked(version.article.slug)
        version = Version.objects.select_related("article__area").get(pk=version_id)
        require_seen(version, revision)
        if version.state != Version.State.PUBLISHED:
            publish_locked(actor, article, version)
    return version


def version_restore(*, actor: Actor, version_id: int) -> Version:
    """Bring an old text back as a new, published version; a draft where it is held."""
    with transaction.atomic():
        old = Version.objects.select_related("article__area").filter(pk=version_id).first()
        if old is None:
            raise Missing()
        article = article_locked(old.article.slug)
        if article.current_id == old.pk:
            raise IllegalMove(_("This is the published version already."))
        old.refresh_from_db()  # as it is now that the article is locked
        if old.state not in TRUSTED:
            raise IllegalMove(_("Not possible while the version is «%(state)s».") % {"state": old.get_state_display()})
        require_publisher(actor, article)
        lesson = Lesson(
            area=article.area,
            lang=old.lang,
            title=old.title,
            problem=old.problem,
            cause=old.cause,
            solution=old.solution,
            origin=f"version:{old.number}",
        )
        version = version_add(actor, article, lesson)
        if not is_held(version):
            publish_locked(actor, article, version)
    return version


def article_visibility_set(*, actor: Actor, article_id: int, visibility: str) -> Article:
    """Who may read an article. Search obeys at once: rights are checked against the database with every query."""
    require_visibility(visibility)
    with transaction.atomic():
        article = _article_to_keep(actor, article_id)
        difference = changes({"visibilidad": article.visibility}, {"visibilidad": visibility})
        if difference:
            article.visibility = visibility
            article.save()
            record(actor, "article.visibility_changed", f"articulo:{article.slug}", difference)
    return article


def require_visibility(visibility: str) -> None:
    if visibility not in Article.Visibility.values:
        raise InvalidInput.field("visibilidad", _("Unknown visibility."))


@transaction.atomic
def article_owner_set(*, actor: Actor, article_id: int, username: str) -> Article:
    """Who looks after an article; nobody when the name is empty."""
    owner = user_by_username(username) if username else None
    if username and owner is None:
        raise InvalidInput.field("responsable", _("Not known here."))
    article = _article_to_keep(actor, article_id)
    before = article.owner.username if article.owner else None
    after = owner.username if owner else None
    if difference := changes({"responsable": before}, {"responsable": after}):
        article.owner = owner
        article.save()
        record(actor, "article.updated", f"articulo:{article.slug}", difference)
    return article


def _article_to_keep(actor: Actor, article_id: int) -> Article:
    """Locked, for who may publish in its area."""
    article = Article.objects.select_for_update().filter(pk=article_id).first()
    if article is None:
        raise Missing()
    require_publisher(actor, article)
    return article


def article_locked(slug: str) -> Article:
    article = Article.objects.select_for_update().filter(slug=slug).first()
    if article is None:
        raise InvalidInput.field("articulo", _("There is no such article."))
    return article


def article_create(actor: Actor, lesson: Lesson) -> Article:
    base = slugify(lesson.title)[:SLUG_LENGTH].strip("-") or "articulo"
    taken = RESERVED_SLUGS | set(Article.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug = next(s for n in range(1, len(taken) + 2) if (s := base if n == 1 else f"{base}-{n}") not in taken)
    article = Article(slug=slug, area=lesson.area, owner_id=actor.user_id)
    try:
        with transaction.atomic():
            article.save(force_insert=True)
    except IntegrityError as error:  # the same title at the same moment
        raise Conflict(_("Somebody is writing an article with this title right now; try again.")) from error
    return article


def require_no_manual(article: Article) -> None:
    if ManualPart.objects.filter(article=article).exists():
        raise IllegalMove(_("This is a part of a manual: it changes with the manual's next edition."))


def version_add(
    actor: Actor, article: Article, lesson: Lesson, *, base: Version | None = None, is_begun: bool = False
) -> Version:
    """The next version of a locked article, as a draft. One that is only begun, to be written on by who begins it, may
    lack problem and solution."""
    require_no_manual(article)
    last = article.versions.order_by("-major", "-minor").values_list("major", "minor").first()
    major, minor = (last[0], last[1] + 1) if last else (1, 0)
    version = Version(
        article=article,
        major=major,
        minor=minor,
        lang=lesson.lang,
        origin=lesson.origin,
        author_id=actor.user_id,
        base=base,
        edited_by_id=actor.user_id if is_begun else None,
        edited_at=timezone.now() if is_begun else None,
        **texts_checked(lesson, is_complete=not is_begun),
    )
    version.save(force_insert=True)
    version_hold(version)
    record(actor, "version.drafted", f"articulo:{article.slug}", {"version": version.number, "origen": lesson.origin})
    return version


def texts_checked(texts: Texts, *, is_complete: bool) -> dict[str, str]:
    """Clean texts by the model's field names; InvalidInput names those that can't be taken. A title there must be."""
    return {
        "title": checked_line("titulo", without_hidden(texts.title), TITLE_LENGTH),
        "problem": checked_text("problema", without_hidden(texts.problem), TEXT_LENGTH, required=is_complete),
        "cause": checked_text("causa", without_hidden(texts.cause), TEXT_LENGTH, required=False),
        "solution": checked_text("solucion", without_hidden(texts.solution), TEXT_LENGTH, required=is_complete),
    }


def require_publisher(actor: Actor, article: Article) -> None:
    if article.area_id not in actor.rights.publishes:
        raise NotAllowed(_("Publishing in this area needs the role of knowledge editor, L2, L3 or administrator."))


def _require_trusted(version: Version) -> None:
    if version.state in DISTRUSTED:
        raise IllegalMove(_("Not possible while the version is «%(state)s».") % {"state": version.get_state_display()})


def require_complete(version: Version) -> None:
    """A draft may lack what a reader needs; what is reviewed or published may not."""
    texts = {"problema": version.problem, "solucion": version.solution}
    if missing := [name for name, text in texts.items() if is_blank(text)]:
        raise InvalidInput(errors={name: [_("This field is required.")] for name in missing})


def _require_fresh(article: Article, version: Version) -> None:
    """What was published since a draft was begun isn't in it: to publish it would take that back unseen. What was
    recalled is in it: to publish it would bring that back."""
    current, base = article.current, version.base
    if base and base.state in DISTRUSTED and (current is None or current.pk == base.pk):
        raise Outdated(
            _("Version %(number)s, from which this draft was begun, was recalled. Edit the article anew.")
            % {"number": base.number}
        )
    is_written_on = version.base_id is not None or version.edited_at is not None  # a lesson replaces what there is
    if current and is_written_on and current.pk != version.base_id:
        raise Outdated(
            _("Version %(number)s was published since this draft was begun. Look at what changed first.")
            % {"number": current.number}
        )


def publish_locked(actor: Actor, article: Article, version: Version) -> None:
    """`article` is locked: two publications can't cross."""
    require_publisher(actor, article)
    require_no_manual(article)
    _require_trusted(version)
    was_asked_for = version.state == Version.State.REVIEW
    if version.state in WAITING_STATES:
        require_complete(version)
        _require_fresh(article, version)
    require_not_held(version)
    read = [Version.State.PUBLISHED, Version.State.ARCHIVED]
    article.versions.filter(state__in=read).update(state=Version.State.SUPERSEDED)
    version.state, version.published_at = Version.State.PUBLISHED, timezone.now()
    version.published_by_id = actor.user_id
    version.save(update_fields=["state", "published_at", "published_by"])
    before = article.current.number if article.current else None
    article.current, article.is_archived = version, False
    today = timezone.localdate()
    if article.review_on is None or article.review_on <= today:  # a day that somebody chose stays
        article.review_on = today + timedelta(days=REVIEW_DAYS)
    article.save()
    if was_asked_for and version.author_id and version.author_id != actor.user_id:
        notice_give(user_id=version.author_id, kind=Notice.Kind.PUBLISHED, version=version)
    resource = f"articulo:{article.slug}"
    record(actor, "version.published", resource, changes({"version": before}, {"version": version.number}))
    payload = {"articulo": article.slug, "version": version.number, "area": article.area.code}
    record_event("conocimiento.version_publicada", resource, payload)
    queue.enqueue("article.index", payload={"article_id": article.pk}, dedup_key=f"article.index:{article.pk}")
