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
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from prsystem.core.context import Actor
from prsystem.core.stored_files import StoreAway, store_reached

from . import files, holding, pg, scratch, snapshot, verifying, walget
from .configuration import key_mark, put_back
from .errors import BackupError
from .locking import alone
from .manifest import BASE, CONFIG, FILES, Manifest
from .restoring_steps import run_after_restore
from .sealing import opened
from .services import history_adopt, reason_of, source_server
from .sources import Found
from .switching import check_role, database_drop, django_on, new_name, switch

log = structlog.get_logger(__name__)
SCRATCH_NAME = ".restauracion"
LATEST = datetime.max.replace(tzinfo=UTC)  # everything that the archive has
STEPS = 6
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
    """What was brought back, and what the operator should know."""

    copy_id: str
    until: datetime
    rows: int = 0
    files: int = 0
    kept_as: str = ""
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)


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
        until = _replayed(cluster) if at == LATEST else at
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


def _replayed(cluster: pg.Server) -> datetime:
    """The last commit that was rolled forward."""
    with cluster.connect() as db:
        row = db.execute("SELECT COALESCE(pg_last_xact_replay_timestamp(), now())").fetchone()
    assert row is not None
    return row[0]


@contextmanager
def _recovered(manifest: Manifest, request: Request, at: datetime) -> Iterator[pg.Server]:
    base = manifest.part(BASE)
    if base is None or not request.found.wal.is_dir():
        raise BackupError("no_wal", f"there is no archive of WAL in {request.found.wal}")

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
    """For a POSIX shell; `%` starts PostgreSQL's own names."""
    words = (sys.executable, "-I", str(Path(walget.__file__)), str(wal))
    quoted = " ".join("'" + word.replace("'", "'\\''") + "'" for word in words).replace("%", "%%")
    return f'{quoted} "%f" "%p"'


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
    restored.files = _put_files(manifest, request)
    _put_keys(manifest, request, restored, was_empty=was_empty)
    restored.notes += _missing_files()
    history_adopt()
    request.advance(1)
    run_after_restore()
    request.advance(1)


@contextmanager
def _store_of_files() -> Iterator[None]:
    try:
        with store_reached():
            yield
    except StoreAway as error:
        raise BackupError("store_failed", "the store of files doesn't answer; run the same command again") from error


def _put_files(manifest: Manifest, request: Request) -> int:
    """Stored files that aren't there; their names are random, so one that is there is the same one."""
    part = manifest.part(FILES)
    if part is None:
        return 0
    count = 0
    with opened(request.found.folder / part.name, request.identities) as stream, files.unpacked(stream) as members:
        for name, content in members:
            count += 1
            with _store_of_files():
                if not default_storage.exists(name):
                    default_storage.save(name, File(content, name))
    return count


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


def _missing_files() -> list[str]:
    with source_server().connect(autocommit=False) as db, _store_of_files():
        missing = [name for name in files.names_in(db) if not default_storage.exists(name)]
    return [f"{len(missing)} stored files are missing, {missing[0]} among them"] if missing else []
