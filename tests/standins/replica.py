"""A real streaming replica of the test run's PostgreSQL, made with pg_basebackup."""

import os
import pwd
import subprocess
from functools import partial
from pathlib import Path
from types import TracebackType

import psycopg

from prsystem.runner.layout import Layout, layout_from_environment
from prsystem.runner.program import start, stop, wait_until
from prsystem.runner.servers import postgres

SECONDS = 60.0
NAME = "copia"


class Replica:
    """`with Replica(folder) as replica:` streams from the primary; `replica.layout.run` is the folder of its socket."""

    def __init__(self, folder: Path) -> None:
        self.layout = Layout(folder)
        self.primary = layout_from_environment()

    def __enter__(self) -> "Replica":
        for path in (self.layout.run, self.layout.logs, self.layout.postgres):
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
        if os.geteuid() == 0:
            os.chown(self.layout.postgres, pwd.getpwnam(postgres.UNPRIVILEGED_USER).pw_uid, -1)
        source = f"host={self.primary.run} user={postgres.SUPERUSER} application_name={NAME}"
        arguments = ("-D", str(self.layout.postgres), "-d", source, "-R", "-X", "stream", "-c", "fast", "--no-sync")
        command = (*postgres.unprivileged(), str(postgres.binaries() / "pg_basebackup"), *arguments)
        subprocess.run(command, check=True, cwd="/", capture_output=True)
        self.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        program = postgres.program(self.layout, postgres.UNSAFE_SETTINGS_FOR_TESTS)
        self.process, self.program = start(program, self.layout, tied=True), program
        log = program.log(self.layout)
        is_up = partial(postgres.is_up, self.layout)
        wait_until(is_up, name=NAME, log=log, seconds=SECONDS, process=self.process)

    def stop(self) -> None:
        stop(self.process, self.program)

    def run(self, statement: str) -> None:
        with postgres.connect(self.layout) as connection:
            connection.execute(statement)

    def catch_up(self) -> None:
        """Wait until it has everything that the primary has now."""
        with postgres.connect(self.primary) as connection:
            [target] = connection.execute("SELECT pg_current_wal_insert_lsn()").fetchone()
        with postgres.connect(self.layout) as connection:
            wait_until(partial(_has, connection, target), name=NAME, log=self.program.log(self.layout), seconds=SECONDS)


def _has(connection: psycopg.Connection, target: str) -> bool:
    return bool(connection.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", [target]).fetchone()[0])
