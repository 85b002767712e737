"""Backups as a service: asked for, made, verified, told about. The work is in `copy.making` and `verify.verifying`."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import Truncator
from psycopg.conninfo import make_conninfo

from audit.services import Outcome, record
from prsystem.core.context import SYSTEM, Actor
from prsystem.core.jobs import queue
from prsystem.core.jobs.outbox import record_event

from .copy import making as copying
from .encryption import identities_of, new_identity, recipients_of
from .errors import BackupError, Busy
from .locking import alone
from .manifest import NAME, Manifest, read_manifest
from .models import BackupRun
from .pg import Server
from .selectors import PRESENT
from .sources import mark_proven, proven_moment, unmark_damaged
from .verify import verifying

log = structlog.get_logger(__name__)
State, Tier = BackupRun.State, BackupRun.Tier
STEPS = 6
PUSHED = "ok"
JOB, VERIFY_JOB = "backup.run", "backup.verify"
FAILURES = (BackupError, OSError, psycopg.Error)
Advance = Callable[[int], object]


def _ignore(count: int) -> None:
    """Nobody watches."""


def source_server() -> Server:
    """The database of this process, by the role of backups."""
    parts = dict(settings.BACKUP_DATABASE)
    if "," in parts.get("host", ""):
        parts.setdefault("target_session_attrs", "read-write")
    return Server(make_conninfo(**{**parts, "dbname": connection.settings_dict["NAME"]}))


def backup_request(*, actor: Actor, tier: str = Tier.MANUAL) -> BackupRun:
    """Ask for a copy: a row that waits for a worker."""
    with transaction.atomic():
        run = _new_run(actor, tier)
        queue.enqueue(JOB, payload={"run_id": run.pk}, queue="bulk")
        record(actor, "backup.requested", run.resource, {"tier": tier})
    return run


def backup_run_job(run_id: int) -> None:
    """Job: make the copy of a row. A second run, after a kill, starts from the beginning."""
    run = BackupRun.objects.get(pk=run_id)
    if run.state in (State.PENDING, State.RUNNING):
        _perform(run, SYSTEM, _ignore)


def backup_run_parked(run_id: int) -> None:
    """The worker died every time."""
    run = BackupRun.objects.get(pk=run_id)
    _fail(SYSTEM, run, BackupError("killed", "the worker was killed at every attempt"))


def backup_run(*, actor: Actor, tier: str = Tier.MANUAL, advance: Advance = _ignore) -> BackupRun:
    """Make a copy now and prove it. What goes wrong is kept in the row, told to others, and not raised; Busy is, before
    anything is done."""
    run = _new_run(actor, tier)
    try:
        return _perform(run, actor, advance)
    except Busy:
        run.delete()
        raise


def _new_run(actor: Actor, tier: str) -> BackupRun:
    moment = timezone.now().astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    copy_id = f"{moment}-{tier}"
    taken = BackupRun.objects.filter(copy_id__startswith=copy_id).count()
    return BackupRun.objects.create(
        copy_id=f"{copy_id}-{taken}" if taken else copy_id, tier=tier, requested_by=actor.label[:150]
    )


def _perform(run: BackupRun, actor: Actor, advance: Advance) -> BackupRun:
    server = source_server()
    try:
        with alone(server):
            _begin(run)
            identity = new_identity() if settings.BACKUP_RECIPIENTS else None
            manifest = copying.copy_make(_plan(run, server, identity, advance))
            run_fill(run, manifest, settings.BACKUP_DIR / run.copy_id)
            run.save()
            advance(1)
            _prove(run, [identity] if identity else [])
            advance(1)
            _push(run)
    except Busy:
        raise
    except FAILURES as error:
        _fail(actor, run, error)
        return run
    _tell(actor, run)
    return run


def _begin(run: BackupRun) -> None:
    """Only for the holder of the lock: whatever else says that it runs was killed."""
    copying.leftovers_remove(settings.BACKUP_DIR)
    run_dead(besides=run.pk)
    run.state, run.started_at = State.RUNNING, timezone.now()
    run.save(update_fields=["state", "started_at"])


def run_dead(besides: int = 0) -> int:
    """Tell of runs that were killed; how many. Only for the holder of the lock."""
    dead = list(BackupRun.objects.filter(state=State.RUNNING).exclude(pk=besides))
    for run in dead:
        _fail(SYSTEM, run, BackupError("killed", "the run was killed before its end"))
    return len(dead)


def _push(run: BackupRun) -> None:
    """To every store that hasn't got the copy yet. A store that fails keeps the run from being done; it is tried again
    at every tick."""
    if not settings.BACKUP_STORES:
        return
    from . import stores  # loads boto3, which web processes don't need

    for name in stores.names():
        if run.stores.get(name) == PUSHED:
            continue
        try:
            stores.put_copy(name, Path(run.path))
            run.stores[name] = PUSHED
        except FAILURES as error:
            run.stores[name] = reason_of(error)
    failed = [f"{name}: {result}" for name, result in run.stores.items() if result != PUSHED]
    if run.state in (State.DONE, State.INCOMPLETE):
        run.state, run.error = (State.INCOMPLETE, "; ".join(failed)) if failed else (State.DONE, run.error)


def runs_push() -> int:
    """Push again what a store did not take; how many copies are complete now."""
    complete = 0
    for run in BackupRun.objects.filter(state=State.INCOMPLETE):
        run.error = ""
        _push(run)
        if run.state == State.DONE:
            complete += 1
            _tell(SYSTEM, run)
        else:
            run.save(update_fields=["stores", "error"])
    return complete


def _plan(run: BackupRun, server: Server, identity: Any, advance: Advance) -> copying.Plan:
    """`identity` is forgotten after the check: with its public half the very bytes that are kept can be proven without
    any of the recipients' keys being here."""
    recipients = recipients_of(settings.BACKUP_RECIPIENTS)
    return copying.Plan(
        copy_id=run.copy_id,
        tier=run.tier,
        server=server,
        root=settings.BACKUP_DIR,
        data=settings.LAYOUT.data,
        secret_key=settings.SECRET_KEY,
        recipients=[*recipients, identity.to_public()] if identity else [],
        advance=advance,
    )


def run_fill(run: BackupRun, manifest: Manifest, folder: Path) -> None:
    """What the manifest says, put into the row."""
    run.taken_at = manifest.taken_at
    run.size_bytes, run.rows, run.files = manifest.size, manifest.rows, manifest.files
    run.is_encrypted, run.has_base = manifest.is_encrypted, bool(manifest.base_wal)
    run.checksums = {part.name: part.sha256 for part in manifest.parts}
    run.path = str(folder)
    run.error = f"{len(manifest.files_missing)} stored files are missing" if manifest.files_missing else ""


def _prove(run: BackupRun, identities: Sequence[Any]) -> None:
    """UNVERIFIED when the check could not be made; BackupError when the copy is not what it should be."""
    try:
        proof = verifying.copy_prove(Path(run.path), identities, settings.BACKUP_DIR)
    except FAILURES as error:
        unmark_damaged(Path(run.path), error)
        run.state, run.error = State.UNVERIFIED, reason_of(error)
        return
    if proof.problems:
        unmark_damaged(Path(run.path), differs := BackupError("not_equal", "; ".join(proof.problems)))
        raise differs
    run.state, run.verified_at = State.DONE, timezone.now()
    mark_proven(Path(run.path), run.verified_at)


def backup_verify_request(*, actor: Actor, run: BackupRun) -> bool:
    """Ask for a new check of an existing copy; False when there is nothing to check any more."""
    if run.state not in PRESENT:
        return False
    with transaction.atomic():
        queue.enqueue(VERIFY_JOB, payload={"run_id": run.pk}, queue="bulk", dedup_key=f"{VERIFY_JOB}:{run.pk}")
        record(actor, "backup.verify_requested", run.resource)
    return True


def backup_verify_job(run_id: int) -> None:
    """Job: prove an existing copy again."""
    backup_verify(actor=SYSTEM, run=BackupRun.objects.get(pk=run_id))


def backup_verify(*, actor: Actor, run: BackupRun) -> BackupRun:
    """Prove an existing copy again; encrypted ones need PRS_BACKUP_IDENTITY. The result is kept and told, and only Busy
    is raised. Without the key the parts are compared with their checksums, which proves less: it stays unverified."""
    try:
        with alone(source_server()):
            _prove(run, identities_of(settings.BACKUP_IDENTITY))
    except Busy:
        raise
    except FAILURES as error:
        _fail(actor, run, error)
        return run
    _tell(actor, run)
    return run


@transaction.atomic
def _tell(actor: Actor, run: BackupRun) -> None:
    """Row, audit entry and event together."""
    run.finished_at = timezone.now()
    run.save()
    is_done = run.state == State.DONE
    outcome = Outcome.OK if is_done else Outcome.FAILED
    record(actor, "backup.completed" if is_done else f"backup.{run.state}", run.resource, facts_of(run), outcome)
    record_event("respaldo.completado" if is_done else "respaldo.fallido", run.resource, facts_of(run))
    log.info("backup.told", copy=run.copy_id, state=run.state, bytes=run.size_bytes)


@transaction.atomic
def _fail(actor: Actor, run: BackupRun, error: Exception) -> None:
    run.state, run.error, run.finished_at = State.FAILED, reason_of(error), timezone.now()
    run.save()
    record(actor, "backup.failed", run.resource, facts_of(run), Outcome.FAILED)
    record_event("respaldo.fallido", run.resource, facts_of(run))
    log.error("backup.failed", copy=run.copy_id, reason=run.error)


def facts_of(run: BackupRun) -> dict[str, Any]:
    """What other systems and the trail are told."""
    moment: datetime | None = run.taken_at
    return {
        "respaldo_id": run.copy_id,
        "tipo": run.tier,
        "estado": run.state,
        "tomado_en": moment.isoformat() if moment else None,
        "verificado": run.verified_at is not None,
        "bytes": run.size_bytes,
        "error": run.error,
    }


def reason_of(error: Exception) -> str:
    """One line: what this product says itself, else the kind of the failure and its first line."""
    text = str(error).strip().splitlines()
    shown = text[0] if text else ""
    prefix = error.code if isinstance(error, BackupError) else type(error).__name__
    return Truncator(f"{prefix}: {shown}").chars(500)


def history_adopt() -> int:
    """Rows for copies in the folder that the history doesn't know; how many. A damaged manifest is only logged."""
    count = 0
    for path in sorted(settings.BACKUP_DIR.glob(f"*/{NAME}")):
        try:
            manifest = read_manifest(path)
        except BackupError as error:
            log.warning("backup.not_adopted", copy=path.parent.name, reason=reason_of(error))
            continue
        proven_at = proven_moment(path.parent)
        run, is_new = BackupRun.objects.get_or_create(
            copy_id=manifest.copy_id, defaults={"tier": manifest.tier, "requested_by": SYSTEM.label}
        )
        if is_new or not run.path:
            run_fill(run, manifest, path.parent)
            run.state = State.DONE if proven_at else State.UNVERIFIED
            run.verified_at = proven_at
            run.save()
            count += 1
    return count
