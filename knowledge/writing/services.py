"""Writing articles: begin a draft, save it as often as one likes, hand it in; nobody's text is overwritten unseen."""

import re
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import changes, record
from prsystem.accounts.models import Area
from prsystem.core.context import Actor
from prsystem.core.errors import Conflict, IllegalMove, InvalidInput, Missing, NotAllowed, StaleVersion

from ..models import WAITING_STATES, Article, Version
from ..retrieval.language import detect_language
from ..services.articles import (
    DISTRUSTED,
    TRUSTED,
    Lesson,
    article_create,
    article_locked,
    publish_locked,
    require_publisher,
    require_visibility,
    texts_checked,
    version_add,
)
from ..services.holding import is_held, require_seen, version_rehold
from ..services.lifecycle import require_state, version_locked, version_moved
from .texts import Draft, differences

State = Version.State
MOST_WAITING = 20  # drafts of one article


def draft_begin(*, actor: Actor, area: Area, draft: Draft, visibility: str = "") -> Version:
    """Version 1.0 of a new article, to be written on; all it needs is a title. Support of the area may."""
    _require_writer(actor, area.pk)
    if visibility:
        require_visibility(visibility)
    with transaction.atomic():
        article = article_create(actor, _lesson(area, draft))
        version = version_add(actor, article, _lesson(area, draft), is_begun=True)
        wanted = visibility or article.visibility
        if difference := changes({"visibilidad": article.visibility}, {"visibilidad": wanted}):
            article.visibility = wanted
            article.save(update_fields=["visibility"])
            record(actor, "article.visibility_changed", f"articulo:{article.slug}", difference)
        return version


def draft_begin_next(*, actor: Actor, slug: str, given: dict[str, Any] | None = None) -> Version:
    """The next version of an article as a draft: the newest text that is trusted, with what is `given` by the
    contract's names in its place."""
    with transaction.atomic():
        article = _article_to_write(actor, slug)
        _require_room(article)
        base = _trusted(article)
        draft = Draft.of(base, given) if base else _draft_without_base(article, given)
        return version_add(actor, article, _lesson(article.area, draft), base=base, is_begun=True)


def draft_continue(*, actor: Actor, slug: str) -> Version:
    """What «Edit» leads to: the draft that is being written already, else the next one. Two people who edit an article
    write on one draft, not on two. One that was begun from what was recalled since isn't gone on with."""
    with transaction.atomic():
        article = _article_to_write(actor, slug)
        for version in _waiting(article):
            if _is_newer(version, article.current) and may_edit(actor, article, version):
                return version
        return draft_begin_next(actor=actor, slug=slug)


def _require_room(article: Article) -> None:
    if article.versions.filter(state__in=WAITING_STATES).count() >= MOST_WAITING:
        raise Conflict(
            _("%(limit)d drafts of this article wait already. Publish or discard some of them first.")
            % {"limit": MOST_WAITING}
        )


def _trusted(article: Article) -> Version | None:
    """What is published, else the newest of what was published before and wasn't recalled."""
    return article.current or article.versions.filter(state__in=TRUSTED).order_by("-major", "-minor").first()


def _waiting(article: Article) -> QuerySet[Version]:
    """Drafts, newest first, but for those that were begun from what was recalled."""
    waiting = article.versions.filter(state__in=WAITING_STATES).order_by("-major", "-minor")
    return waiting.exclude(base__isnull=False, base__state__in=DISTRUSTED) if article.current is None else waiting


def _draft_without_base(article: Article, given: dict[str, Any] | None) -> Draft:
    """Of an article that was never published, its newest draft; where all was recalled or refused, its title alone."""
    if draft := _waiting(article).first():
        return Draft.of(draft, given)
    last = article.versions.order_by("-major", "-minor").first()
    if last is None:
        raise Missing()
    return Draft.of(Version(title=last.title, lang=last.lang), given)


def draft_begin_apart(*, actor: Actor, version_id: int, given: dict[str, Any]) -> Version:
    """Keep what somebody typed over a draft as a draft of its own, beside that one. It takes in what that one took in
    and not what was published since."""
    with version_locked(version_id) as (article, version):
        _require_writer(actor, article.area_id)
        _require_room(article)
        draft = Draft.of(version, given)
        return version_add(actor, article, _lesson(article.area, draft), base=version.base, is_begun=True)


def draft_save(*, actor: Actor, version_id: int, revision: int, draft: Draft, taking_in: str = "") -> Version:
    """Keep what somebody typed. `revision` is the one that it was typed over; `taking_in` the number of the published
    version that it takes in, where somebody says so.

    StaleVersion tells both texts where somebody else saved in between, or where the version isn't a draft any more.
    Saving what is there already changes nothing, so a call may be sent twice.
    """
    with version_locked(version_id) as (article, version):
        _require_writer(actor, article.area_id)
        wanted = {**texts_checked(draft, is_complete=False), "lang": _language(draft)}
        found, is_rebased = differences(version, wanted), bool(taking_in) and not _takes_in(version, article, taking_in)
        if not found and not is_rebased:
            return version
        if not may_edit(actor, article, version):
            raise StaleVersion(_why_closed(version), differences=found)
        if revision != version.revision:
            raise StaleVersion(_why_stale(version), differences=found)
        if is_rebased:
            _rebase(actor, article, version, taking_in)
        _save(actor, version, wanted if found else {})
        if found:
            details = {"version": version.number, "revision": version.revision, "campos": sorted(found)}
            record(actor, "version.edited", f"articulo:{article.slug}", details)
        return version


def draft_rebase(*, actor: Actor, version_id: int, number: str, revision: int | None = None) -> Version:
    """Say that the draft takes in what was published since it was begun, up to version `number`; StaleVersion where
    its text isn't that of `revision` any more, if that is told."""
    with version_locked(version_id) as (article, version):
        _require_editor(actor, article, version)
        if _takes_in(version, article, number):
            return version
        require_seen(version, revision)
        _rebase(actor, article, version, number)
        _save(actor, version, {})
        return version


def _takes_in(version: Version, article: Article, number: str) -> bool:
    current = article.current
    return current is not None and current.number == number and version.base_id == current.pk


def _rebase(actor: Actor, article: Article, version: Version, number: str) -> None:
    """Not saved yet."""
    if article.current is None or article.current.number != number:
        raise StaleVersion(_("Another version was published just now. Look at what changed first."))
    before = version.base.number if version.base else None
    version.base = article.current
    details = {"version": version.number, "sobre": {"antes": before, "despues": number}}
    record(actor, "version.rebased", f"articulo:{article.slug}", details)


def draft_discard(*, actor: Actor, version_id: int) -> Version:
    """Give a draft up: its author, or who may publish. Its row stays, and its number isn't used again."""
    with version_locked(version_id) as (article, version):
        _require_writer(actor, article.area_id)
        is_own = version.author_id is not None and version.author_id == actor.user_id
        if not is_own and article.area_id not in actor.rights.publishes:
            raise NotAllowed(_("Only who began the draft, or who may publish, may discard it."))
        if version.state == State.DISCARDED:
            return version
        require_state(version, *WAITING_STATES)
        return version_moved(actor, version, State.DISCARDED, "version.discarded")


def correction_publish(*, actor: Actor, slug: str, base: str, draft: Draft) -> Version:
    """A small correction of the published text, published at once as the next version; a draft where it is held,
    one and the same however often it is sent.

    `base` is the number of the version that was corrected: StaleVersion with both texts where another is published by
    now. A correction that is there already changes nothing, so the form may be sent twice.
    """
    with transaction.atomic():
        article = _article_to_write(actor, slug)
        require_publisher(actor, article)
        current = article.current
        if current is None or article.is_archived:
            raise IllegalMove(_("Only a published article can be corrected."))
        wanted = {**texts_checked(draft, is_complete=True), "lang": _language(draft)}
        found = differences(current, wanted)
        if not found:
            return current
        if current.number != base:
            raise StaleVersion(
                _("Another version was published just now. Look at what changed first."), differences=found
            )
        version = _correction_waiting(actor, article, wanted)
        if version is None:
            lesson = Lesson(area=article.area, origin=f"version:{base}", **wanted)
            version = version_add(actor, article, lesson, base=current)
        if not is_held(version):
            publish_locked(actor, article, version)
            details = {"version": version.number, "sobre": base, "campos": sorted(found)}
            record(actor, "version.corrected", f"articulo:{article.slug}", details)
        return version


def _correction_waiting(actor: Actor, article: Article, wanted: dict[str, str]) -> Version | None:
    """The same correction, sent before by the same person and held: it is gone on with."""
    current = article.published
    sent = {"author_id": actor.user_id, "base": current, "origin": f"version:{current.number}"}
    return article.versions.filter(state__in=WAITING_STATES, **sent, **wanted).order_by("-major", "-minor").first()


def may_edit(actor: Actor, article: Article, version: Version) -> bool:
    """A draft is written on by support of the area; what is in review, by who may publish it."""
    if article.area_id in actor.rights.publishes:
        return version.state in WAITING_STATES
    return version.state == State.DRAFT and article.area_id in actor.rights.writes_drafts


def _lesson(area: Area, draft: Draft) -> Lesson:
    return Lesson(
        area=area,
        lang=_language(draft),
        title=draft.title,
        problem=draft.problem,
        cause=draft.cause,
        solution=draft.solution,
    )


def _language(draft: Draft) -> str:
    if draft.lang and not re.fullmatch("[a-z]{2}", draft.lang):
        raise InvalidInput.field("idioma", _("Unknown language."))
    return draft.lang or detect_language(f"{draft.title} {draft.problem} {draft.solution}")


def _article_to_write(actor: Actor, slug: str) -> Article:
    article = article_locked(slug)
    _require_writer(actor, article.area_id)
    return article


def _require_writer(actor: Actor, area_id: int) -> None:
    if area_id not in actor.rights.writes_drafts:
        raise NotAllowed(_("Only support of the article's area may add a version to it."))


def _require_editor(actor: Actor, article: Article, version: Version) -> None:
    _require_writer(actor, article.area_id)
    if not may_edit(actor, article, version):
        raise IllegalMove(_why_closed(version))


def _save(actor: Actor, version: Version, texts: dict[str, str]) -> None:
    for name, value in texts.items():
        setattr(version, name, value)
    version.revision += 1
    version.edited_by_id, version.edited_at = actor.user_id, timezone.now()
    version.save(update_fields=[*texts, "base", "revision", "edited_by", "edited_at"])
    if texts:
        version_rehold(actor, version)


def _is_newer(version: Version, current: Version | None) -> bool:
    return current is None or (version.major, version.minor) > (current.major, current.minor)


def _why_closed(version: Version) -> object:
    return _("Version %(number)s can't be written on: it is «%(state)s» now.") % {
        "number": version.number,
        "state": version.get_state_display(),
    }


def _why_stale(version: Version) -> object:
    return _("%(who)s saved another text of this draft in the meantime.") % {
        "who": version.edited_by or _("Somebody"),
    }
