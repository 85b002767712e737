"""What a person has to know about an article, in that person's work until it is done."""

from django.utils import timezone

from prsystem.core.context import Actor
from prsystem.core.errors import Missing

from ..models import Notice, Version


def notice_give(*, user_id: int, kind: str, version: Version, text: str = "") -> None:
    """Put a notice into somebody's work; the same one isn't given twice while it is open. Of what was sent back again
    it tells the last reason."""
    notice, is_new = Notice.objects.get_or_create(
        user_id=user_id,
        kind=kind,
        article_id=version.article_id,
        version=version,
        done_at=None,
        defaults={"text": text},
    )
    if not is_new and kind == Notice.Kind.RETURNED and notice.text != text:
        notice.text = text
        notice.save(update_fields=["text"])


def returned_done(version: Version) -> None:
    """It was handed in again: nothing is left to be done by whom it was sent back to."""
    Notice.objects.filter(version=version, kind=Notice.Kind.RETURNED, done_at=None).update(done_at=timezone.now())


def notice_done(*, actor: Actor, notice_id: int) -> None:
    """Take one's own notice off the list."""
    if actor.user_id is None:
        raise Missing()
    found = Notice.objects.filter(pk=notice_id, user_id=actor.user_id, done_at=None)
    if not found.update(done_at=timezone.now()):
        raise Missing()
