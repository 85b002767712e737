"""How far the replica is. Looked at from a thread of its own, so that no request waits for a replica that hangs."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from math import inf
from time import monotonic

import structlog
from django.conf import settings
from django.db import Error, connections

log = structlog.get_logger(__name__)
ALIAS = "replica"
LAG_LIMIT_SECONDS = 10.0
LOOK_AGAIN_SECONDS = 0.5
LOOK_FOR_WRITER_SECONDS = 0.05
BELIEVED_SECONDS = 1.5
PAUSE_SECONDS = 5.0

_PRIMARY = "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn, extract(epoch FROM clock_timestamp())"
# A replica that was promoted has everything.
_REPLICA = """
SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END - '0/0'::pg_lsn,
       extract(epoch FROM pg_last_xact_replay_timestamp())
"""


@dataclass(frozen=True)
class Sight:
    """The replica at one moment: it has everything up to the byte `position` of the log; `lag_seconds` is 0 when it
    had all that the primary had, infinite when that can't be told."""

    position: int
    lag_seconds: float
    seen_at: float


_NEVER = Sight(position=-1, lag_seconds=inf, seen_at=-inf)
_sight = _NEVER
_paused_until = 0.0
_looking: Future[None] | None = None
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="replica")


def is_configured() -> bool:
    return ALIAS in settings.DATABASES


def look() -> Sight:
    """Ask both servers now; django.db.Error when one doesn't answer."""
    position, now = _row("default", _PRIMARY)
    reached, replayed_at = _row(ALIAS, _REPLICA)
    if reached is None:
        return _NEVER
    lag = 0.0
    if reached < position:  # by the primary's clock alone: commits carry it
        lag = max(float(now - replayed_at), 0.0) if replayed_at is not None else inf
    return Sight(int(reached), lag, monotonic())


def _row(alias: str, sql: str) -> tuple:
    with connections[alias].cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()


def may_serve(required: int) -> bool:
    """Whether the replica is near enough and has everything up to the position `required`. Never waits: what was seen
    last decides, and a new look is started when it is old."""
    sight, now = _sight, monotonic()
    has_it = sight.position >= required
    if now - sight.seen_at > (LOOK_AGAIN_SECONDS if has_it else LOOK_FOR_WRITER_SECONDS):
        _look_soon(now)
    return has_it and sight.lag_seconds <= LAG_LIMIT_SECONDS and now - sight.seen_at <= BELIEVED_SECONDS


def _look_soon(now: float) -> None:
    global _looking
    if now < _paused_until or (_looking is not None and not _looking.done()):
        return
    _looking = _thread.submit(_look_in_thread)


def _look_in_thread() -> None:
    global _sight
    try:
        _sight = look()
    except Error as error:
        leave_alone(type(error).__name__)
    finally:
        connections.close_all()


def leave_alone(reason: str) -> None:
    """After a failure: reads go to the primary, the next look comes after PAUSE_SECONDS."""
    global _sight, _paused_until
    _sight, _paused_until = _NEVER, monotonic() + PAUSE_SECONDS
    log.warning("replica.left_alone", reason=reason)
