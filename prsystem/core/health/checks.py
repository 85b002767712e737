"""Is what the system needs there? Checks run side by side, each with a deadline, and say only ok, error or off."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from functools import cache
from time import monotonic

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from prsystem.core import redis_store
from prsystem.core.replica import watching

from .draining import is_draining

log = structlog.get_logger(__name__)
OK, ERROR, OFF = "ok", "error", "off"
NAMES = ("database", "replica", "redis", "chromadb", "ollama", "storage", "workers", "backups")  # of the report
WATCHED = ("redis", "chromadb", "embedder")  # of the metrics, see `telemetry.parts`
DEADLINE_SECONDS = 1.0
READY_SECONDS = 2.0
_WORKER_SECONDS = 0.8
_SOCKET_SECONDS = 0.8

Check = Callable[[], str]
_checks: dict[str, Check] = {}
_pool = ThreadPoolExecutor(max_workers=16, thread_name_prefix="check")


def register(name: str, check: Check) -> None:
    """Bind one of NAMES or WATCHED to its check, from `AppConfig.ready()` of the app that knows how. A check returns OK
    or OFF, or raises."""
    if name not in NAMES + WATCHED:
        raise KeyError(name)
    _checks[name] = check


def states(names: tuple[str, ...] = NAMES) -> dict[str, str]:
    """The state of each, within DEADLINE_SECONDS; what nobody has registered is off."""
    end = monotonic() + DEADLINE_SECONDS
    running = {name: _pool.submit(_run, _checks[name]) for name in names if name in _checks}
    return {name: _state(name, running[name], end) if name in running else OFF for name in names}


def state_of(name: str, seconds: float = DEADLINE_SECONDS) -> str:
    """The state of one, within `seconds`."""
    if name not in _checks:
        return OFF
    return _state(name, _pool.submit(_run, _checks[name]), monotonic() + seconds)


def _run(check: Check) -> str:
    """In a thread of its own, whose database connections go back at the end."""
    try:
        return check()
    finally:
        connections.close_all()


def _state(name: str, future: Future[str], end: float) -> str:
    try:
        error = future.exception(timeout=max(end - monotonic(), 0))
    except Late:
        log.warning("check.late", check=name)
        return ERROR
    if error is not None:
        log.warning("check.failed", check=name, reason=type(error).__name__)
        return ERROR
    return future.result()


def _database() -> str:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT 1")
    return OK


def _replica() -> str:
    """Streaming, and near enough to be read from."""
    if not watching.is_configured():
        return OFF
    return OK if watching.look().lag_seconds <= watching.LAG_LIMIT_SECONDS else ERROR


def _redis() -> str:
    redis_store.client(_SOCKET_SECONDS).ping()
    return OK


def _storage() -> str:
    name = default_storage.save("salud/prueba.txt", ContentFile(b"ok"))
    default_storage.delete(name)
    return OK


def _workers() -> str:
    """At least one worker answers."""
    from prsystem.celery import app

    return OK if app.control.ping(timeout=_WORKER_SECONDS, limit=1) else ERROR


for _name, _check in (
    ("database", _database),
    ("replica", _replica),
    ("redis", _redis),
    ("storage", _storage),
    ("workers", _workers),
):
    register(_name, _check)


_ready: tuple[float, bool] = (0.0, False)


def is_ready() -> bool:
    """May receive traffic: not on its way out, and the database takes writes and has every migration of this code.
    The database's answer is kept for READY_SECONDS."""
    global _ready
    if is_draining():
        return False
    known_until, answer = _ready
    if monotonic() < known_until:
        return answer
    _migrations_needed()  # read from disk once, before the clock runs
    future = _pool.submit(_run, _takes_writes)
    answer = _state("ready", future, monotonic() + READY_SECONDS) == OK
    _ready = (monotonic() + READY_SECONDS, answer)
    return answer


def _takes_writes() -> str:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'")
        if cursor.fetchone()[0]:
            return ERROR
        cursor.execute("SELECT app, name FROM django_migrations")
        return OK if _migrations_needed() <= set(cursor.fetchall()) else ERROR


@cache
def _migrations_needed() -> frozenset[tuple[str, str]]:
    """The last migrations of every app of this code; read once."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())
