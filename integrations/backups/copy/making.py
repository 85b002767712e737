"""Makes one copy in a folder of its own: database, physical base, files, configuration, manifest.

Written under a scratch name and renamed when everything is on disk: what bears a copy's name is whole.
"""

import io
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import structlog

from integrations.backups import files, pg
from integrations.backups.archive import wal
from integrations.backups.encryption import Part, Reader, store, sync_folder
from integrations.backups.errors import BackupError
from integrations.backups.manifest import BASE, CONFIG, DUMP, FILES, NAME, Manifest

from . import snapshot
from .configuration import configuration, key_mark

log = structlog.get_logger(__name__)
MARKS = ".nombres"  # stays here: tells the archive of files what the copy holds, encrypted or not
SCRATCH_PREFIX = ".en-curso-"
SPARE_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Plan:
    """What to copy, where to, for whose eyes. `recipients` are age recipients; none means plain."""

    copy_id: str
    tier: str
    server: pg.Server
    root: Path
    data: Path
    secret_key: str
    recipients: Sequence[Any] = ()
    with_base: bool = True
    advance: Callable[[int], object] = field(default=lambda count: None)


def copy_make(plan: Plan) -> Manifest:
    """The manifest of the finished copy in `plan.root / plan.copy_id`. BackupError or OSError otherwise, with nothing
    left behind and earlier copies untouched."""
    plan.root.mkdir(parents=True, exist_ok=True, mode=0o700)
    scratch = plan.root / f"{SCRATCH_PREFIX}{plan.copy_id}"
    final = plan.root / plan.copy_id
    if final.exists():
        raise BackupError("exists", f"there is a copy {plan.copy_id} already")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700)
    try:
        manifest = _fill(plan, scratch)
        _write(scratch / NAME, manifest.text().encode())
        sync_folder(scratch)
        scratch.rename(final)
        sync_folder(plan.root)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    return manifest


def leftovers_remove(root: Path) -> None:
    """What a killed run left. Only for the holder of the lock on backups."""
    for path in root.glob(f"{SCRATCH_PREFIX}*"):
        shutil.rmtree(path, ignore_errors=True)


def _fill(plan: Plan, folder: Path) -> Manifest:
    parts: list[Part] = []
    with snapshot.held(plan.server) as moment:
        content = snapshot.content_of(moment.connection)
        _check_room(plan, moment.connection)
        plan.advance(1)
        with pg.dumping(plan.server, moment.name) as stream:
            parts.append(store(stream, folder, DUMP, plan.recipients))
        plan.advance(1)
        archive = files.TarStream(files.names_in(moment.connection))
        parts.append(store(archive, folder, FILES, plan.recipients))
    _write(folder / MARKS, bytes(archive.marks))
    plan.advance(1)
    parts.append(_stored_configuration(plan, folder))
    base_wal, base_until = _base(plan, folder, parts)
    plan.advance(1)
    return Manifest(
        copy_id=plan.copy_id,
        tier=plan.tier,
        taken_at=moment.taken_at,
        postgres_version=moment.version,
        system=moment.system,
        content=content,
        parts=parts,
        source_database=moment.database,
        source_user=moment.user,
        files=archive.count,
        files_missing=archive.missing,
        base_wal=base_wal,
        base_until=base_until,
        key_mark=key_mark(plan.secret_key),
    )


def _check_room(plan: Plan, connection: psycopg.Connection) -> None:
    """Better no start than a full disk: at least half of the database's size must be free."""
    row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    needed = (row[0] // 2 if row else 0) + SPARE_BYTES
    if (free := shutil.disk_usage(plan.root).free) < needed:
        raise BackupError("no_room", f"{free >> 20} MiB free in {plan.root}, at least {needed >> 20} are needed")


def _stored_configuration(plan: Plan, folder: Path) -> Part:
    content: Reader = io.BytesIO(configuration(plan.data, with_secrets=bool(plan.recipients)))
    return store(content, folder, CONFIG, plan.recipients)


def _base(plan: Plan, folder: Path, parts: list[Part]) -> tuple[str, str]:
    """Add the physical copy where the role may make one; the name of the first WAL segment that it needs, and when it
    was complete."""
    if not plan.with_base or not may_replicate(plan.server):
        return "", ""
    wal.wal_fetch(plan.server, plan.root)  # from here on the server keeps what follows the copy
    with plan.server.connect() as connection:
        row = connection.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()
    with pg.base_backup(plan.server) as stream:
        parts.append(store(stream, folder, BASE, plan.recipients))
    with plan.server.connect() as connection:
        ended = connection.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    assert ended is not None
    return str(row[0]), ended[0].isoformat()


def may_replicate(server: pg.Server) -> bool:
    """Whether the role may copy the cluster and the server keeps WAL for it."""
    with server.connect() as connection:
        row = connection.execute(
            "SELECT (rolreplication OR rolsuper) AND current_setting('wal_level') <> 'minimal'"
            " AND current_setting('max_wal_senders')::int > 0 FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    return bool(row and row[0])


def _write(path: Path, content: bytes) -> None:
    store(io.BytesIO(content), path.parent, path.name, ())
