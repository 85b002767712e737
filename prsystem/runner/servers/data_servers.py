"""PostgreSQL and Valkey started directly, without the process runner: for tests and management commands."""

import subprocess
from functools import partial

from prsystem.runner.layout import Layout
from prsystem.runner.program import Program, start, stop, wait_until

from . import postgres, valkey

START_SECONDS = 60.0


def prepare_folders(layout: Layout) -> None:
    """The data folder and its parts, private to this user."""
    layout.prepare_data()
    for folder in (layout.run, layout.logs, layout.media, layout.chroma):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    layout.run.chmod(0o700)


class DataServers:
    """The two data servers of one instance as children of this process."""

    def __init__(self, layout: Layout, *, postgres_settings: dict[str, str] | None = None, tied: bool = True) -> None:
        self.layout = layout
        self.tied = tied
        self.postgres_settings = postgres_settings or {}
        self.running: list[tuple[Program, subprocess.Popen[bytes]]] = []

    def start(self) -> None:
        """Start what does not answer yet and create the application's database; RunnerError when it can't be."""
        prepare_folders(self.layout)
        if not valkey.is_up(self.layout):
            self._start(valkey.program(self.layout))
        if not postgres.is_initialised(self.layout):
            postgres.initialise(self.layout)
        if not postgres.is_up(self.layout):
            postgres.check_folder(self.layout)
            self._start(postgres.program(self.layout, self.postgres_settings))
        for program, process in self.running:
            self._wait(program, process)
        postgres.create_database(self.layout)

    def _start(self, program: Program) -> None:
        self.running.append((program, start(program, self.layout, tied=self.tied)))

    def _wait(self, program: Program, process: subprocess.Popen[bytes]) -> None:
        is_up = postgres.is_up if program.name == postgres.NAME else valkey.is_up
        log = program.log(self.layout)
        wait_until(partial(is_up, self.layout), name=program.name, log=log, seconds=START_SECONDS, process=process)

    def stop(self) -> None:
        for program, process in reversed(self.running):
            stop(process, program)
        self.running.clear()
