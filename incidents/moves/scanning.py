"""Attachments and the antivirus: held until it has spoken, removed when it found something."""

import structlog
from django.db import transaction
from django.utils import timezone

from incidents.case.events import record_change
from incidents.case.models import Attachment
from integrations import antivirus
from prsystem.core.context import SYSTEM
from prsystem.core.files.stored import StoreAway, store_reached
from prsystem.core.jobs import queue

log = structlog.get_logger(__name__)
AGAIN_SECONDS = 60.0
KIND = "attachment.scan"


def scan_enqueue(attachment_id: int, *, delay_seconds: float = 0) -> None:
    """In the caller's transaction."""
    queue.enqueue(
        KIND,
        payload={"attachment_id": attachment_id},
        dedup_key=f"{KIND}:{attachment_id}",
        delay_seconds=delay_seconds,
        is_retry=delay_seconds > 0,
    )


def attachment_scan(attachment_id: int) -> None:
    """The handler of the job. An antivirus or a store that is away is asked again later; the file stays held."""
    attachment = Attachment.objects.filter(pk=attachment_id, scan=Attachment.Scan.HELD).first()
    if attachment is None:
        return
    try:
        with store_reached(), attachment.file.open("rb") as file:
            threat = antivirus.threat_in(file)
    except (antivirus.AntivirusAway, StoreAway):
        log.warning("attachment.held", attachment_id=attachment_id)
        scan_enqueue(attachment_id, delay_seconds=AGAIN_SECONDS)
        return
    _write_down(attachment_id, threat)


@transaction.atomic
def _write_down(attachment_id: int, threat: str) -> None:
    attachment = Attachment.objects.select_for_update(of=["self"]).select_related("incident").get(pk=attachment_id)
    attachment.scan = Attachment.Scan.INFECTED if threat else Attachment.Scan.CLEAN
    attachment.scanned_at = timezone.now()
    attachment.save(update_fields=["scan", "scanned_at"])
    if threat:
        details = {"archivo": attachment.name, "interno": attachment.is_internal}
        details |= {"sha256": attachment.sha256, "hallado": threat}
        record_change(SYSTEM, attachment.incident, "incident.file_infected", details)
        transaction.on_commit(lambda: attachment.file.storage.delete(attachment.file.name or ""))
