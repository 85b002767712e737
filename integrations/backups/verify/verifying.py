"""Proves a copy by restoring it: checksums, then a scratch cluster whose content must equal what was copied."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.models import FileField
from psycopg import sql

from integrations.backups import files, pg
from integrations.backups.copy import snapshot
from integrations.backups.encryption import check_stored, copy_opened, opened
from integrations.backups.errors import BackupError
from integrations.backups.manifest import BASE, DUMP, FILES, NAME, Manifest, read_manifest
from integrations.backups.restore import scratch

from . import examining

SCRATCH_NAME = ".prueba"
DATABASE = "copia"
SHOWN = 20
AUDIT = "audit"


@dataclass(frozen=True)
class Proof:
    """What was found; `problems` is empty when the copy is as good as its source."""

    tables: int = 0
    rows: int = 0
    files: int = 0
    with_base: bool = False
    asked: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def copy_check_files(folder: Path) -> Manifest:
    """The manifest, when every part is there with its checksum; BackupError naming the first that isn't."""
    manifest = read_manifest(folder / NAME)
    for part in manifest.parts:
        check_stored(folder, part)
    return manifest


def copy_prove(folder: Path, identities: Sequence[Any], room: Path, *, only: str = AUDIT) -> Proof:
    """Restore the copy in `folder` into a scratch cluster under `room` and compare. BackupError when it can't even be
    restored. `only` names what is asked of it besides; empty means everything."""
    manifest = copy_check_files(folder)
    problems: list[str] = []
    place = room / f"{SCRATCH_NAME}-{manifest.copy_id}"
    with scratch.empty_cluster(place) as cluster:
        server = database_create(cluster, DATABASE)
        load_dump(folder, manifest, server, identities)
        problems += content_problems(manifest, server)
        problems += _file_problems(folder, manifest, server, identities)
        examination = examining.examine(server, only)
        problems += examination.problems
    if base := manifest.part(BASE):
        problems += _base_problems(folder, manifest, base.name, identities, place)
    return Proof(
        tables=len(manifest.content.tables),
        rows=manifest.rows,
        files=manifest.files,
        with_base=base is not None,
        asked=examination.asked,
        problems=problems[:SHOWN],
    )


def database_create(cluster: pg.Server, name: str) -> pg.Server:
    with cluster.connect() as connection:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'")
        connection.execute(statement.format(sql.Identifier(name)))
    return cluster.other(name)


def load_dump(folder: Path, manifest: Manifest, server: pg.Server, identities: Sequence[Any]) -> None:
    """Restore the logical dump; the first error ends it."""
    part = manifest.part(DUMP)
    if part is None:
        raise BackupError("no_dump", "the copy holds no logical dump")
    options = ("--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={server.database}")
    with pg.writing("pg_restore", *options, server=server) as target:
        copy_opened(folder / part.name, target, identities)


def content_problems(manifest: Manifest, server: pg.Server) -> list[str]:
    """How the restored database differs from what was copied."""
    chosen = {table: list(rows) for table, rows in manifest.content.canaries.items()}
    with server.connect() as connection:
        snapshot.settle(connection)
        found = snapshot.content_of(connection, canary_ids=chosen)
        broken = snapshot.broken_indexes(connection)
    return [*snapshot.differences(manifest.content, found), *(f"index {name} is broken" for name in broken)]


def _file_problems(folder: Path, manifest: Manifest, server: pg.Server, identities: Sequence[Any]) -> list[str]:
    """Files that are missing or differ from the digest that their row states."""
    part = manifest.part(FILES)
    if part is None:
        return ["the copy holds no archive of files"]
    with opened(folder / part.name, identities) as stream:
        found = files.digests(stream)
    lines = (
        [f"the archive holds {len(found)} files instead of {manifest.files}"] if len(found) != manifest.files else []
    )
    stated = _stated_digests(server)
    missing = {*manifest.files_missing}
    lines += [f"file {name} is missing" for name in stated if name not in found and name not in missing]
    return lines + [f"file {name} differs" for name, digest in stated.items() if found.get(name, digest) != digest]


def _stated_digests(server: pg.Server) -> dict[str, str]:
    """File name -> SHA-256, of the models that keep one beside the name of the file."""
    stated: dict[str, str] = {}
    with server.connect() as connection:
        for model in apps.get_models():
            columns = {field.name: field for field in model._meta.concrete_fields}
            named = [field for field in columns.values() if isinstance(field, FileField)]
            if not named or "sha256" not in columns or model._meta.proxy:
                continue
            query = sql.SQL("SELECT {f}, {d} FROM {t} WHERE {f} <> '' AND {d} <> ''").format(
                f=sql.Identifier(str(named[0].column)),
                d=sql.Identifier(str(columns["sha256"].column)),
                t=sql.Identifier(model._meta.db_table),
            )
            stated.update(connection.execute(query).fetchall())
    return stated


def _base_problems(folder: Path, manifest: Manifest, name: str, identities: Sequence[Any], place: Path) -> list[str]:
    """Start the physical copy by itself. It is a moment later than the dump: nothing that is only added may be less."""

    def unpack(target: Path) -> None:
        with opened(folder / name, identities) as stream:
            scratch.unpack_base(stream, target)
        pg.verify_base(target)

    source = manifest.source_database
    with (
        scratch.recovered_cluster(place, unpack, user=manifest.source_user) as cluster,
        cluster.other(source).connect() as connection,
    ):
        found = snapshot.summary_of(connection)
    lines = [] if found.migrations == manifest.content.migrations else ["the physical copy has other migrations"]
    if found.audit_head < manifest.content.audit_head:
        lines.append(f"the physical copy's audit trail ends at {found.audit_head}")
    missing = sorted({*manifest.content.tables} - {*found.tables})
    return lines + [f"table {name} is missing in the physical copy" for name in missing]
