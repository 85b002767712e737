"""What those who may publish do with drafts of others: send back with a reason, publish several at once; and who may
read an article, from which area, until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import changes, record
from prsystem.accounts.models import Area
from prsystem.core.context import Actor
from prsystem.core.errors import DomainError, InvalidInput, NotAllowed
from prsystem.core.text.fields import checked_line

from ..models import Article, Notice, Version
from ..services.articles import (
    article_locked,
    require_no_manual,
    require_publisher,
    require_visibility,
    version_publish,
)
from ..services.lifecycle import REASON_LENGTH, require_state, version_locked, version_moved
from ..services.noticing import notice_give

MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Outcome:
    """What came of one of several: `refusal` is empty for what was published."""

    version_id: int
    refusal: str = ""


def draft_return(*, actor: Actor, version_id: int, reason: str) -> Version:
    """Give what was handed in back to its author, who is told why."""
    reason = checked_line("motivo", reason, REASON_LENGTH)
    with version_locked(version_id) as (article, version):
        require_publisher(actor, article)
        require_state(version, Version.State.REVIEW)
        version_moved(actor, version, Version.State.DRAFT, "version.returned", reason)
        if version.author_id is not None and version.author_id != actor.user_id:
            notice_give(user_id=version.author_id, kind=Notice.Kind.RETURNED, version=version, text=reason)
    return version


def drafts_publish(
    *, actor: Actor, version_ids: list[int], revisions: Mapping[int, int] | None = None
) -> list[Outcome]:
    """Publish several drafts, each for itself: what one of them is refused for keeps none of the others back.
    `revisions`: the text of each that was looked at, by the version's id."""
    if len(version_ids) > MOST_AT_ONCE:
        raise InvalidInput(_("At most %(limit)d at once.") % {"limit": MOST_AT_ONCE})
    seen = revisions or {}
    return [_publish(actor, version_id, seen.get(version_id)) for version_id in dict.fromkeys(version_ids)]


def _publish(actor: Actor, version_id: int, revision: int | None) -> Outcome:
    try:
        version_publish(actor=actor, version_id=version_id, revision=revision)
    except DomainError as error:
        return Outcome(version_id, str(error))
    return Outcome(version_id)


def article_details_set(*, actor: Actor, slug: str, area: Area, visibility: str, review_on: date | None) -> Article:
    """Area, readers and review date of an article: of one that was never published by who may write it, of others by
    who may publish it; in the old area and in the new one. It holds at once."""
    require_visibility(visibility)
    with transaction.atomic():
        article = article_locked(slug)
        require_no_manual(article)
        _require_keeper(actor, article, area)
        if review_on != article.review_on and review_on is not None and review_on < timezone.localdate():
            raise InvalidInput.field("revisar_el", _("This day is over."))
        before = _details(article)
        article.area, article.visibility, article.review_on = area, visibility, review_on
        difference = changes(before, _details(article))
        if difference:
            article.save()
            _details_record(actor, article, difference)
    return article


def _details_record(actor: Actor, article: Article, difference: dict[str, Any]) -> None:
    readers = {name: difference.pop(name) for name in ("visibilidad",) if name in difference}
    for action, found in (("article.visibility_changed", readers), ("article.updated", difference)):
        if found:
            record(actor, action, f"articulo:{article.slug}", found)


def _details(article: Article) -> dict[str, str | None]:
    return {
        "area": article.area.code,
        "visibilidad": article.visibility,
        "revisar_el": article.review_on.isoformat() if article.review_on else None,
    }


def _require_keeper(actor: Actor, article: Article, area: Area) -> None:
    was_published = article.versions.exclude(published_at=None).exists()
    may = actor.rights.publishes if was_published else actor.rights.writes_drafts
    if article.area_id not in may or area.pk not in may:
        raise NotAllowed()
