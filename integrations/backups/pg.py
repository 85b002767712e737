"""PostgreSQL's own tools (pg_dump, pg_restore, pg_basebackup, pg_receivewal, pg_verifybackup) as child processes.

Passwords travel in the environment, never on a command line. Output is streamed.
"""

import math
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from prsystem.core.bounds import deadlines
from prsystem.runner.servers.postgres import binaries

from .errors import BackupError

ERROR_LENGTH = 300
_VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}


@dataclass(frozen=True)
class Server:
    """A database by its libpq URL or connection string."""

    url: str

    def as_url(self) -> str:
        """The same as a URL, for DATABASE_URL of another process."""
        parts = {name: str(value) for name, value in conninfo_to_dict(self.url).items()}
        return f"postgresql:///{quote(parts.pop('dbname', ''))}?{urlencode(parts)}"

    @property
    def database(self) -> str:
        return str(conninfo_to_dict(self.url).get("dbname") or "")

    def environment(self) -> dict[str, str]:
        """The process environment with what libpq reads, and nothing of the shell's own PG* variables."""
        known = conninfo_to_dict(self.url)
        given = {_VARIABLES[name]: str(value) for name, value in known.items() if name in _VARIABLES}
        others = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return {**others, "PGCONNECT_TIMEOUT": "10", "PGAPPNAME": "pr-system-backup", **given}

    def connect(self, *, autocommit: bool = True) -> psycopg.Connection:
        return psycopg.connect(self.url, autocommit=autocommit, connect_timeout=10, application_name="pr-system-backup")

    def other(self, database: str) -> "Server":
        """Another database of the same server."""
        return Server(make_conninfo(self.url, dbname=database))


def tool(name: str) -> str:
    path = binaries() / name
    if not path.is_file():
        raise BackupError("tool_missing", f"{name} is missing in {path.parent}")
    return str(path)


def _failed(name: str, status: int, stderr: IO[bytes]) -> BackupError:
    stderr.seek(0)
    lines = [line.strip() for line in stderr.read().decode("utf-8", "replace").splitlines() if line.strip()]
    of_server = [line for line in lines if "ERROR:" in line or "FATAL:" in line]  # a tool's own last word says less
    told = (of_server or lines or ["no message"])[-1]
    return BackupError("tool_failed", f"{name} ended with {status}: {told[:ERROR_LENGTH]}")


def run(name: str, *arguments: str, server: Server | None = None, seconds: float | None = None) -> str:
    """Run a tool to its end; its standard output. BackupError when it fails or takes longer than `seconds`, or than the
    caller has left (`deadlines`)."""
    seconds = min(seconds or math.inf, max(deadlines.left(), 0.0))
    environment = server.environment() if server else None
    with tempfile.TemporaryFile() as stderr:
        try:
            done = subprocess.run(  # noqa: S603
                [tool(name), *arguments],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stderr,
                timeout=None if seconds == math.inf else seconds,
                check=False,
                cwd="/",
            )
        except subprocess.TimeoutExpired as error:
            raise BackupError("tool_late", f"{name} took longer than {seconds:.0f} s") from error
        if done.returncode != 0:
            raise _failed(name, done.returncode, stderr)
    return done.stdout.decode()


@contextmanager
def reading(name: str, *arguments: str, server: Server) -> Iterator[IO[bytes]]:
    """The tool's output as a stream. A tool that doesn't end with 0 is an error, however much it has written."""
    with tempfile.TemporaryFile() as stderr:
        process = subprocess.Popen(  # noqa: S603
            [tool(name), *arguments],
            env=server.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            cwd="/",
        )
        assert process.stdout is not None
        try:
            yield process.stdout
            status = process.wait()
        finally:
            _end(process)
        if status != 0:
            raise _failed(name, status, stderr)


@contextmanager
def writing(name: str, *arguments: str, server: Server) -> Iterator[IO[bytes]]:
    """A stream into the tool. A tool that stops reading or ends in error is a BackupError with its last words."""
    with tempfile.TemporaryFile() as stderr:
        process = subprocess.Popen(  # noqa: S603
            [tool(name), *arguments],
            env=server.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            cwd="/",
        )
        assert process.stdin is not None
        try:
            yield process.stdin
            process.stdin.close()
        except BrokenPipeError as error:
            raise _failed(name, process.wait(), stderr) from error
        else:
            if (status := process.wait()) != 0:
                raise _failed(name, status, stderr)
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None and not stream.closed:
            try:
                stream.close()
            except BrokenPipeError:
                continue


@contextmanager
def dumping(server: Server, snapshot: str) -> Iterator[IO[bytes]]:
    """A logical dump in the custom format, of exactly what the exported snapshot sees."""
    with reading("pg_dump", "--format=custom", "--compress=3", f"--snapshot={snapshot}", server=server) as stream:
        yield stream


@contextmanager
def base_backup(server: Server) -> Iterator[IO[bytes]]:
    """A physical copy of the cluster as gzipped tar, with the WAL that makes it consistent and its own manifest."""
    options = ("--pgdata=-", "--format=tar", "--compress=client-gzip:1", "--wal-method=fetch", "--checkpoint=fast")
    with reading("pg_basebackup", *options, server=server) as stream:
        yield stream


def verify_base(folder: Path) -> None:
    """Check an unpacked physical copy against its own manifest."""
    run("pg_verifybackup", "--no-parse-wal", "--quiet", str(folder))
