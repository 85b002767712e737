"""Brings a copy back: into a new database, compared with the copy, and only then in the place of the old one.

The old database is never written to. What it held stays under another name, unless it was empty.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg
import structlog
from django.conf import settings
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from integrations.backups import pg
from integrations.backups.archive import checking, walget
from integrations.backups.archive.index import index_read
from integrations.backups.copy import snapshot
from integrations.backups.copy.configuration import key_mark, put_back
from integrations.backups.encryption import opened
from integrations.backups.errors import BackupError
from integrations.backups.locking import alone
from integrations.backups.manifest import BASE, CONFIG, Manifest
from integrations.backups.retention import holding
from integrations.backups.services import history_adopt, reason_of, source_server
from integrations.backups.sources import Found
from integrations.backups.verify import verifying
from prsystem.core.context import Actor

from . import scratch
from .files import archived_put, files_put
from .steps import run_after_restore
from .switching import check_role, database_drop, django_on, new_name, switch

log = structlog.get_logger(__name__)
SCRATCH_NAME = ".restauracion"
LATEST = datetime.max.replace(tzinfo=UTC)  # everything that the archive has
STEPS = 6
STOP = 200  # more than 125: PostgreSQL ends the recovery with an error
Advance = Callable[[int], object]


@dataclass(frozen=True)
class Request:
    """`at` goes back to that moment by the continuous archive; `replace` allows a database that isn't empty."""

    found: Found
    at: datetime | None = None
    replace: bool = False
    identities: Sequence[Any] = ()
    advance: Advance = field(default=lambda count: None)


@dataclass
class Restored:
    """What was brought back, and what the operator should know. `missing`: stored files that the database names and
    that are neither in the store nor in the copies."""

    copy_id: str
    until: datetime
    rows: int = 0
    files: int = 0
    kept_as: str = ""
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def restore(*, actor: Actor, request: Request) -> Restored:
    """Raises BackupError with nothing changed when the copy is damaged, doesn't fit, or the database isn't empty."""
    began, server = monotonic(), source_server()
    try:
        with alone(server):
            restored = _restore(actor, server, request)
    except psycopg.Error as error:
        raise BackupError("database", reason_of(error)) from error
    restored.seconds = round(monotonic() - began, 1)
    return restored


def _restore(actor: Actor, server: pg.Server, request: Request) -> Restored:
    manifest = verifying.copy_check_files(request.found.folder)
    _check_code(manifest)
    check_role(server)
    was_empty = is_empty(server)
    if not (was_empty or request.replace):
        raise BackupError("not_empty", "the database isn't empty; --replace keeps it under another name")
    request.advance(1)
    restored = _into_new(server, manifest, request)
    request.advance(1)
    _finish(actor, server, manifest, request, restored, was_empty=was_empty)
    return restored


def is_empty(server: pg.Server) -> bool:
    """No tables, or nobody in them: a schema that was only just made."""
    with server.connect() as db:
        row = db.execute("SELECT to_regclass('public.accounts_user') IS NOT NULL").fetchone()
        if not (row and row[0]):
            row = db.execute(
                "SELECT NOT EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                " AND relkind = 'r')"
            ).fetchone()
            return bool(row and row[0])
        row = db.execute("SELECT NOT EXISTS (SELECT 1 FROM accounts_user)").fetchone()
        return bool(row and row[0])


def _check_code(manifest: Manifest) -> None:
    """A copy of a later version can't be read by this code."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    if later := [name for name in manifest.content.migrations if name not in known]:
        raise BackupError("later_version", f"the copy was made by a later version: {later[0]} is not known here")


def _into_new(server: pg.Server, manifest: Manifest, request: Request) -> Restored:
    """The copy in a database beside the present one, compared; dropped again when it isn't equal."""
    name = new_name(server)
    database_drop(server, name)
    target = verifying.database_create(server.other("postgres"), name)
    try:
        load = _load_moment if request.at else _load_copy
        restored = load(target, manifest, request)
    except BaseException:
        database_drop(server, name)
        raise
    return restored


def _load_copy(target: pg.Server, manifest: Manifest, request: Request) -> Restored:
    verifying.load_dump(request.found.folder, manifest, target, request.identities)
    request.advance(1)
    if problems := verifying.content_problems(manifest, target):
        raise BackupError("not_equal", "; ".join(problems[: verifying.SHOWN]))
    return Restored(manifest.copy_id, manifest.taken_at, rows=manifest.rows)


def _load_moment(target: pg.Server, manifest: Manifest, request: Request) -> Restored:
    """The physical copy rolled forward in a scratch cluster, and from there, table by table, into the new database."""
    at = request.at
    assert at is not None
    with _recovered(manifest, request, at) as cluster, snapshot.held(cluster.other(manifest.source_database)) as moment:
        before = snapshot.content_of(moment.connection)
        until = _replayed(cluster, manifest)
        if at == LATEST:
            _check_end(cluster, request.found.wal)
        source = cluster.other(manifest.source_database)
        options = ("--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={target.database}")
        with (
            pg.dumping(source, moment.name) as stream,
            pg.writing("pg_restore", *options, server=target) as into,
        ):
            while block := stream.read(1024 * 1024):
                into.write(block)
    request.advance(1)
    with target.connect() as db:
        snapshot.settle(db)
        chosen = {table: list(rows) for table, rows in before.canaries.items()}
        after = snapshot.content_of(db, canary_ids=chosen)
    if problems := snapshot.differences(before, after):
        raise BackupError("not_equal", "; ".join(problems[: verifying.SHOWN]))
    return Restored(manifest.copy_id, until, rows=sum(table.rows for table in before.tables.values()))


def _replayed(cluster: pg.Server, manifest: Manifest) -> datetime:
    """The last commit that was rolled forward; without any it is the state of the copy."""
    with cluster.connect() as db:
        row = db.execute("SELECT pg_last_xact_replay_timestamp()").fetchone()
    return row[0] if row and row[0] else manifest.taken_at


def _check_end(cluster: pg.Server, wal: Path) -> None:
    """PostgreSQL takes the first record that it can't read for the end: it must not be before what the last fetch
    had brought."""
    index = index_read(wal)
    if index is None:
        log.warning("backup.end_unknown", folder=wal.name)  # an archive of an older version has no list
        return
    with cluster.connect() as db:
        query = "SELECT pg_last_wal_replay_lsn()::text, COALESCE(pg_last_wal_replay_lsn() >= %s::pg_lsn, false)"
        row = db.execute(query, [index.position]).fetchone()
    reached, is_whole = row if row else ("", False)
    if not is_whole:
        raise BackupError(
            "wal_damaged",
            f"recovery ended at {reached} of the WAL, before {index.position} which the archive is known to hold",
        )


@contextmanager
def _recovered(manifest: Manifest, request: Request, at: datetime) -> Iterator[pg.Server]:
    base = manifest.part(BASE)
    if base is None or not request.found.wal.is_dir():
        raise BackupError("no_wal", f"there is no archive of WAL in {request.found.wal}")
    if at == LATEST:
        checking.refuse_unless_whole(request.found.wal, manifest.base_wal)
    else:
        checking.refuse_beyond(request.found.wal, at)

    def unpack(folder: Path) -> None:
        with opened(request.found.folder / base.name, request.identities) as stream:
            scratch.unpack_base(stream, folder)

    place = settings.BACKUP_DIR / f"{SCRATCH_NAME}-{manifest.copy_id}"
    settings.BACKUP_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
    recovery = {"restore_command": _restore_command(request.found.wal), "recovery_target_timeline": "latest"}
    if at != LATEST:
        recovery |= {"recovery_target_time": at.isoformat(), "recovery_target_inclusive": "off"}
        recovery |= {"recovery_target_action": "promote"}
    with scratch.recovered_cluster(place, unpack, user=manifest.source_user, recovery=recovery) as cluster:
        yield cluster


def _restore_command(wal: Path) -> str:
    """For a POSIX shell; `%` starts PostgreSQL's own names. PostgreSQL takes any status from 1 to 125 for "there is no
    such file", which ends a recovery as if all were well: only one answer of `walget` may become that, and whatever
    else happens to it stops the recovery."""
    words = (sys.executable, "-I", str(Path(walget.__file__)), str(wal))
    quoted = " ".join("'" + word.replace("'", "'\\''") + "'" for word in words).replace("%", "%%")
    return f'{quoted} "%f" "%p"; case $? in 0) exit 0;; {walget.END}) exit 1;; *) exit {STOP};; esac'


def _finish(
    actor: Actor, server: pg.Server, manifest: Manifest, request: Request, restored: Restored, *, was_empty: bool
) -> None:
    """The new database gets this code's schema and its mark, then the name; files and index follow."""
    with django_on(new_name(server)):
        call_command("migrate", interactive=False, verbosity=0)
        holding.restore_point_add(
            actor=actor,
            manifest=manifest,
            folder=request.found.folder,
            until=restored.until,
            rows=restored.rows,
        )
    restored.kept_as = switch(server, keep=not was_empty)
    request.advance(1)
    archived = archived_put(request.found, files_put(request.found, manifest, request.identities))
    restored.files, restored.missing = archived.count, archived.missing
    restored.notes += archived.notes
    _put_keys(manifest, request, restored, was_empty=was_empty)
    history_adopt()
    request.advance(1)
    run_after_restore()
    request.advance(1)


def _put_keys(manifest: Manifest, request: Request, restored: Restored, *, was_empty: bool) -> None:
    """A new installation gets the keys of the copy; one that stays keeps its own."""
    part = manifest.part(CONFIG)
    if part is not None and was_empty and manifest.is_encrypted:
        with opened(request.found.folder / part.name, request.identities) as stream:
            written = put_back(stream.read(), settings.LAYOUT.data)
        restored.notes += [f"{name}: put back from the copy; it counts from the next start" for name in written]
    elif manifest.key_mark != key_mark(settings.SECRET_KEY):
        restored.notes.append(
            "SECRET_KEY is not the one of the copy: API keys and secrets of webhooks don't work until it is"
        )
