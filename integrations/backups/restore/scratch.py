"""A throw-away PostgreSQL cluster in a folder of its own, to restore into: an empty one, or one of a physical copy."""

import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg

from integrations.backups.archive import walget
from integrations.backups.errors import BackupError
from integrations.backups.pg import Server
from prsystem.runner.layout import Layout
from prsystem.runner.program import RunnerError, start, stop, wait_until
from prsystem.runner.servers import postgres
from prsystem.runner.servers.data_servers import prepare_folders

START_SECONDS = 60.0
RECOVERY_SECONDS = 6 * 3600.0
SETTINGS = {
    **postgres.UNSAFE_SETTINGS_FOR_TESTS,  # thrown away after use: it need not survive a crash
    "archive_mode": "off",
    "max_wal_size": "2GB",
    "autovacuum": "off",
    "hot_standby": "off",
    "recovery_prefetch": "off",  # reading ahead would ask for segments that a moment before them doesn't need
}


@contextmanager
def empty_cluster(folder: Path) -> Iterator[Server]:
    """A new cluster with the roles of an embedded instance; gone at the end."""
    layout = Layout(folder)
    with _folder(layout):
        try:
            postgres.initialise(layout)
        except RunnerError as error:
            raise BackupError("scratch_failed", str(error)) from error
        with _running(layout, {}, postgres.SUPERUSER, START_SECONDS) as server:
            yield server


@contextmanager
def recovered_cluster(
    folder: Path,
    unpack: Callable[[Path], None],
    *,
    user: str,
    recovery: dict[str, str] | None = None,
) -> Iterator[Server]:
    """The cluster of a physical copy, put into a folder by `unpack` and brought to a consistent state.

    `recovery` are PostgreSQL's recovery settings; without them it is the state at the end of the copy.
    """
    layout = Layout(folder)
    with _folder(layout):
        layout.postgres.mkdir(mode=0o700)
        unpack(layout.postgres)
        _make_ours(layout, is_recovery=recovery is not None)
        with _running(layout, recovery or {}, user, RECOVERY_SECONDS) as server:
            yield server


def unpack_base(stream: IO[bytes], folder: Path) -> None:
    """Unpack a gzipped tar of pg_basebackup: folders and files beneath `folder`, which are this process's own. Raises
    tarfile.TarError for anything else. (`filter="data"` says the same from Python 3.11.4 on; Debian 12 has 3.11.2.)"""
    with tarfile.open(fileobj=stream, mode="r|gz") as archive:
        archive.extraction_filter = lambda member, _path: member  # checked here
        for member in archive:
            is_beneath = (folder / member.name).resolve().is_relative_to(folder.resolve())
            if not is_beneath or not (member.isreg() or member.isdir()):
                raise tarfile.ExtractError(f"not a file beneath the folder: {member.name[:100]!r}")
            member.uid, member.gid, member.uname, member.gname = os.getuid(), os.getgid(), "", ""
            member.mode &= 0o755
            archive.extract(member, folder)


@contextmanager
def _folder(layout: Layout) -> Iterator[None]:
    remove(layout.data)
    prepare_folders(layout)
    try:
        yield
    finally:
        remove(layout.data)


def remove(folder: Path) -> None:
    """The cluster's folder and its run folder, which lies elsewhere when the path is long."""
    shutil.rmtree(Layout(folder).run, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def _make_ours(layout: Layout, *, is_recovery: bool) -> None:
    """Nothing of the source's settings is kept: they may archive, listen or load what isn't here."""
    for name, text in {
        "postgresql.conf": "",
        "postgresql.auto.conf": "",
        "pg_hba.conf": "local all all trust\n",
        "pg_ident.conf": "",
    }.items():
        (layout.postgres / name).write_text(text, encoding="utf-8")
    (layout.postgres / "standby.signal").unlink(missing_ok=True)
    if is_recovery:
        (layout.postgres / "recovery.signal").touch()
    layout.postgres.chmod(0o700)
    postgres.hand_over(layout.postgres)


@contextmanager
def _running(layout: Layout, recovery: dict[str, str], user: str, seconds: float) -> Iterator[Server]:
    program = postgres.program(layout, {**SETTINGS, **recovery})
    server = Server(f"postgresql://{user}@/postgres?host={layout.run}")
    process = start(program, layout, tied=True)
    try:
        wait_until(
            lambda: _takes_writes(server), name=postgres.NAME, log=program.log(layout), seconds=seconds, process=process
        )
        yield server
    except RunnerError as error:
        raise BackupError("scratch_failed", f"the copy's server did not start: {_last_words(layout)}") from error
    finally:
        stop(process, program)


def _takes_writes(server: Server) -> bool:
    try:
        with server.connect() as connection:
            row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
            return row is not None and not row[0]
    except psycopg.OperationalError:
        return False


def _last_words(layout: Layout) -> str:
    """What stopped the recovery, else the last error of the server's log."""
    log = layout.logs / f"{postgres.NAME}.log"
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    if named := [line for line in lines if line.startswith(walget.MARK)]:
        return named[-1].removeprefix(walget.MARK).strip()
    told = [line for line in lines if "FATAL" in line or "PANIC" in line or "ERROR" in line]
    return (told or lines or ["no message"])[-1][-300:]
