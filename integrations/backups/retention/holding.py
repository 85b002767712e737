"""After a restore nothing leaves the system until somebody says so, neither webhooks nor mails: what the copy still had
to send was probably sent long ago by the system that it is a copy of. And everybody signs in anew: whoever was shut
out since the copy would be inside again."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from audit.services import record
from integrations.backups.manifest import Manifest
from integrations.backups.models import BackupRun, RestorePoint
from integrations.backups.services import run_fill
from integrations.mail.services import mails_give_up, mails_take_up
from integrations.webhooks.models import Delivery
from prsystem.accounts.sessions.services import sessions_end_of_all
from prsystem.core.context import Actor
from prsystem.core.errors import Conflict
from prsystem.core.models import OutboxEvent

State = BackupRun.State
RESTORED = "restored from an earlier copy"


@transaction.atomic
def restore_point_add(*, actor: Actor, manifest: Manifest, folder: Path, until: datetime, rows: int) -> RestorePoint:
    """Mark the restored database: a new epoch, all sending held, everybody signed out, the history of backups
    put right."""
    newest = OutboxEvent.objects.aggregate(newest=Max("pk"))["newest"] or 0
    point = RestorePoint.objects.create(
        copy_id=manifest.copy_id, taken_at=manifest.taken_at, until=until, last_event_id=newest, rows=rows
    )
    _history_mend(manifest, folder)
    mails_give_up(reason=RESTORED)
    sessions_end_of_all(actor=actor)
    record(actor, "backup.restored", f"respaldo:{manifest.copy_id}", {"hasta": until.isoformat(), "filas": rows})
    return point


def _history_mend(manifest: Manifest, folder: Path) -> None:
    """The copy was made while its own row still said that it runs."""
    now = timezone.now()
    if own := BackupRun.objects.filter(copy_id=manifest.copy_id).first():
        run_fill(own, manifest, folder)
        own.state, own.verified_at, own.finished_at = State.DONE, now, now
        own.save()
    BackupRun.objects.filter(state__in=(State.RUNNING, State.PENDING)).exclude(copy_id=manifest.copy_id).update(
        state=State.FAILED, finished_at=now, error="killed: the system was restored from an earlier copy"
    )


@transaction.atomic
def restore_release(*, actor: Actor, resend: bool = False) -> RestorePoint:
    """Let webhooks and mails go on. What the copy still had to send is dropped, unless `resend`; what happened since
    is sent. Conflict when nothing is held."""
    point = RestorePoint.objects.select_for_update().filter(released_at=None).order_by("pk").last()
    if point is None:
        raise Conflict()
    dropped = 0 if resend else _drop_until(point.last_event_id)
    RestorePoint.objects.filter(released_at=None).update(released_at=timezone.now(), was_resent=resend)
    if resend:
        mails_take_up(reason=RESTORED)
    details: dict[str, Any] = {"reenviar": resend, "descartados": dropped}
    record(actor, "backup.released", f"respaldo:{point.copy_id}", details)
    point.refresh_from_db()
    return point


def _drop_until(last_event_id: int) -> int:
    """Events that no receiver has seen count as told; deliveries on their way are given up and can be sent by hand."""
    now = timezone.now()
    events = OutboxEvent.objects.filter(pk__lte=last_event_id, relayed_at=None).update(relayed_at=now)
    deliveries = Delivery.objects.filter(event_id__lte=last_event_id, state=Delivery.State.PENDING).update(
        state=Delivery.State.DEAD, finished_at=now, next_attempt_at=None, last_error=RESTORED
    )
    return events + deliveries
