"""The message through Redis that wakes a worker. A broker that is away or hangs costs its caller next to nothing."""

import threading
from time import monotonic

import structlog
from kombu import Connection
from kombu.exceptions import OperationalError as BrokerDown
from redis.exceptions import RedisError

from prsystem import celery_app

log = structlog.get_logger(__name__)
PAUSE_SECONDS = 5.0
SECONDS = 0.3
_silent_until = 0.0
_mine = threading.local()


def ring(job_id: int, queue: str, **limits: int) -> None:
    """Send the message, unless one couldn't be sent just now; `limits` are Celery's for the task."""
    global _silent_until
    if monotonic() < _silent_until:
        return
    from prsystem.core.tasks import job_run_task

    try:
        job_run_task.apply_async((job_id,), queue=queue, retry=False, connection=connection(), **limits)
    except (BrokerDown, RedisError, OSError) as error:
        forget()
        _silent_until = monotonic() + PAUSE_SECONDS
        log.warning("bell.silent", reason=type(error).__name__)


def connection() -> Connection:
    """This thread's connection to the broker, which gives up soon: a broker that hangs must not hold a report."""
    if not hasattr(_mine, "connection"):
        options = {**celery_app.conf.broker_transport_options, "socket_timeout": SECONDS}
        _mine.connection = celery_app.connection_for_write(transport_options=options)
    return _mine.connection


def forget() -> None:
    """The next ring makes a new connection."""
    lost = _mine.__dict__.pop("connection", None)
    if lost is not None:
        lost.release()
