"""The regular verification: its outcome is an entry, so that everybody sees when the trail was last found whole."""

from datetime import timedelta
from time import monotonic

import structlog
from django.utils import timezone

from audit.models import AuditEntry
from audit.services import Outcome, record
from prsystem.core.context import SYSTEM, Actor
from prsystem.core.errors import DomainError
from prsystem.core.jobs import queue

from .heads import head_newest
from .verifying import ExportedHead, Verdict, trail_verify

log = structlog.get_logger(__name__)
VERIFIED = "audit.verified"
TOLD_AGAIN = timedelta(hours=1)
LONG_SECONDS = 20.0


def trail_check(*, actor: Actor = SYSTEM) -> Verdict:
    """Verify everything against the newest exported head and write the outcome down."""
    began = monotonic()
    head, note = _head()
    verdict = trail_verify([head] if head else [])
    details = {"lotes": verdict.batches, "entradas": verdict.entries, "cabeza": verdict.head, "almacen": note}
    details["segundos"] = round(monotonic() - began)
    if verdict.fault is None:
        record(actor, VERIFIED, "auditoria:registro", details)
        return verdict
    fault = vars(verdict.fault)
    log.error("audit.fault", **fault)
    record(actor, VERIFIED, "auditoria:registro", {**details, "falta": fault}, Outcome.FAILED)
    return verdict


def trail_check_regularly() -> None:
    """Every few minutes while that is quick, every hour otherwise. Written down each hour and as soon as it changes."""
    last = last_check()
    is_recent = last is not None and last.timestamp > timezone.now() - TOLD_AGAIN
    if last is None or not is_recent:
        trail_check()
        return
    if last.detalles.get("segundos", 0) > LONG_SECONDS:
        return
    head, _note = _head()
    verdict = trail_verify([head] if head else [])
    fault = vars(verdict.fault) if verdict.fault else None
    if fault != last.detalles.get("falta"):
        trail_check()


def trail_check_request(*, actor: Actor) -> None:
    """Ask for a verification of everything; its outcome is an entry."""
    record(actor, "audit.verification_asked", "auditoria:registro")
    queue.enqueue("audit.verify", payload={}, queue="normal", dedup_key="audit.verify")


def last_check() -> AuditEntry | None:
    return AuditEntry.objects.filter(accion=VERIFIED).order_by("-id").first()


def _head() -> tuple[ExportedHead | None, str]:
    """The newest exported head, and what is to be said of the store."""
    try:
        head = head_newest()
    except (ValueError, DomainError) as error:
        log.warning("audit.head_unreadable", reason=type(error).__name__)
        return None, "ilegible"
    return head, "ok" if head else "vacio"


def trail_check_job() -> None:
    """The handler of the job `audit.verify`."""
    trail_check()
