"""The regular verification: its outcome is an entry, so that everybody sees when the trail was last found whole."""

import structlog

from prsystem.core.context import SYSTEM, Actor
from prsystem.core.errors import DomainError

from .heads import head_newest
from .services import Outcome, record
from .verifying import ExportedHead, Verdict, trail_verify

log = structlog.get_logger(__name__)
VERIFIED = "audit.verified"


def trail_check(*, actor: Actor = SYSTEM) -> Verdict:
    """Verify everything against the newest exported head and write the outcome down."""
    head, note = _head()
    verdict = trail_verify([head] if head else [])
    details = {"lotes": verdict.batches, "entradas": verdict.entries, "cabeza": verdict.head, "almacen": note}
    if verdict.fault is None:
        record(actor, VERIFIED, "auditoria:registro", details)
        return verdict
    fault = vars(verdict.fault)
    log.error("audit.fault", **fault)
    record(actor, VERIFIED, "auditoria:registro", {**details, "falta": fault}, Outcome.FAILED)
    return verdict


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
