"""Which private servers a management command needs, started for its duration when they are not running."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType

from . import endpoints, leftovers, programs, schema
from .instance_locks import FileLock, commands_lock, deciding, instance_is_running
from .layout import Layout, layout_from_environment
from .program import start, wait_until
from .servers import data_servers, postgres

WITHOUT_SERVERS = frozenset(
    {
        *("help", "version", "check", "makemigrations", "makemessages", "compilemessages", "collectstatic"),
        *("findstatic", "startapp", "startproject", "diffsettings", "spectacular", "openapi", "test"),
    }
)
WITH_MODELS = frozenset(
    {"demo", "exam", "reindex", "replay", "restore", "evaluate_manuals", "evaluate_retrieval", "evaluate_triage"}
)
MODEL_SECONDS = 60.0


def needs_servers(argv: list[str]) -> bool:
    """Whether `manage.py` called with `argv` (program name first) may ask the database."""
    if len(argv) < 2 or {"--help", "-h", "--version"} & set(argv):
        return False
    return argv[1] not in WITHOUT_SERVERS and not argv[1].startswith("-")


@contextmanager
def servers_for_command(argv: list[str]) -> Iterator[None]:
    """Start the embedded servers that `argv` needs and stop them again; nothing to do on outside servers.

    A running instance is used as it is. Commands that run at the same time share the servers; the last one
    to end stops them. On a new data folder the schema is made first.
    """
    if not needs_servers(argv) or not programs.uses_private_database():
        yield
        return
    layout = layout_from_environment()
    data_servers.prepare_folders(layout)
    schema.check_settings()
    lock = commands_lock(layout.data)
    try:
        _enter(layout, lock, argv[1])
        yield
    finally:
        _leave(layout, lock)


def _enter(layout: Layout, lock: FileLock, command: str) -> None:
    with deciding(layout.data):
        running = instance_is_running(layout.data)
        if not running and lock.try_exclusive():
            leftovers.stop_all(layout)
        lock.shared()
        if not running:
            signal.signal(signal.SIGTERM, _end_command)
            _start(layout, models=command in WITH_MODELS)
    if running:
        _wait_for_instance(layout)
    elif command != "migrate" and not schema.is_current(layout):
        _migrate(layout)


def _leave(layout: Layout, lock: FileLock) -> None:
    with deciding(layout.data):
        lock.release()
        if lock.try_exclusive() and not instance_is_running(layout.data):
            leftovers.stop_all(layout)
        lock.close()


def _end_command(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _start(layout: Layout, *, models: bool) -> None:
    """Not tied to this command: another one may still use the servers when this one ends."""
    data_servers.DataServers(layout, tied=False).start()
    names = programs.private_model_names() if models else ()
    missing = tuple(name for name in names if not endpoints.accepts_connections(layout.endpoint(name)))
    if not missing:
        return
    for name in endpoints.choose(layout, missing):
        program = programs.model_program(layout, name)
        process = start(program, layout, tied=False)
        is_up = partial(endpoints.accepts_connections, layout.endpoint(name))
        wait_until(is_up, name=name, log=program.log(layout), seconds=MODEL_SECONDS, process=process)


def _wait_for_instance(layout: Layout) -> None:
    """The running instance may still be starting."""
    log = layout.logs / "postgres.log"
    is_up = partial(postgres.is_up, layout, postgres.DATABASE)
    wait_until(is_up, name="PostgreSQL", log=log, seconds=data_servers.START_SECONDS)


def _migrate(layout: Layout) -> None:
    import django

    django.setup()
    schema.migrate(layout)
