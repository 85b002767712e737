"""The sealer: `python -m audit.sealer`. Seals every second; a second one only stands by (see `sealing`).

With database roles apart it is the one process at work that is given the owner (`DATABASE_OWNER_URL`), for what only
the owner may do with the trail (see `retention`): nothing from outside reaches it.
"""

import os
import signal
import threading

import django
import structlog

log = structlog.get_logger("audit.sealer")
PAUSE_SECONDS = 1.0
AFTER_ERROR_SECONDS = 3.0

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prsystem.settings")
    django.setup()

from django.db import Error, connection  # noqa: E402

from audit.seals.sealing import MAX_BATCH, batch_seal  # noqa: E402

from .retention import duties_do  # noqa: E402


def run(stopping: threading.Event, pause_seconds: float = PAUSE_SECONDS) -> None:
    """Seal until told to stop. A database that is away is asked again."""
    while not stopping.is_set():
        try:
            sealed = batch_seal()
            duties_do()
        except Error as error:
            log.warning("sealer.database", reason=type(error).__name__)
            connection.close()
            stopping.wait(AFTER_ERROR_SECONDS)
            continue
        if sealed < MAX_BATCH:
            stopping.wait(pause_seconds)


def main() -> None:
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    run(stopping)


if __name__ == "__main__":
    main()
