"""The web server: `python -m prsystem.web`. Granian in front of the door, and a way out that loses no request.

On SIGTERM with PRS_DRAIN_SECONDS the process says first that it isn't ready and goes on answering, so that a balancer
sends new requests elsewhere; then it stops accepting, finishes what is under way and exits. A second signal, or SIGINT,
skips the wait.
"""

import os
import signal
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from prsystem import env, exposure
from prsystem.core.health import draining

from . import sockets

TARGET = "prsystem.web.application:application"
FINISH_SECONDS = 15
HEADER_SECONDS = 15  # for all headers of a request, also the next one on a connection that was kept
STATEMENT_SECONDS = 15  # of the database, for each statement of a request
CONNECTIONS = 4096  # of each process; an idle or slow one costs a descriptor and some kilobytes


class DrainingServer(MPServer):
    """Granian's server with a pause between the request to stop and the stop."""

    def __init__(self, *, drain_seconds: float, **options: Any) -> None:
        self.drain_seconds = drain_seconds
        super().__init__(TARGET, **options)

    def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> None:
        if args[:1] == (signal.SIGTERM,) and self.drain_seconds and not draining.is_draining():
            draining.begin()
            pause = threading.Timer(self.drain_seconds, super().signal_handler_interrupt)
            pause.daemon = True
            pause.start()
            return
        super().signal_handler_interrupt(*args, **kwargs)


def server(folder: Path) -> DrainingServer:
    """By the environment: PRS_WEB_HOST, PORT, PRS_WEB_PROCESSES, PRS_WEB_THREADS, PRS_DRAIN_SECONDS. The workers are
    told through a mark in `folder`."""
    draining.use(folder / "draining")
    return DrainingServer(
        drain_seconds=env.integer("PRS_DRAIN_SECONDS", 0, maximum=300),
        address=exposure.web_host(),
        port=env.integer("PORT", 8000, minimum=1, maximum=65535),
        interface=Interfaces.ASGINL,
        workers=env.integer("PRS_WEB_PROCESSES", 2, minimum=1, maximum=64),
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=1000 * HEADER_SECONDS),
        backlog=CONNECTIONS,
        backpressure=CONNECTIONS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=FINISH_SECONDS,
        log_level=LogLevels.warning,
    )


def main() -> int:
    sockets.raise_descriptor_limit()
    os.environ.setdefault("PRS_STATEMENT_SECONDS", str(STATEMENT_SECONDS))
    try:
        with tempfile.TemporaryDirectory(prefix="prs-web-") as folder:
            counts = Path(folder) / "metrics"
            counts.mkdir()
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(counts)  # before the workers, which count into it, are made
            server(Path(folder)).serve()
    except env.ConfigurationError as error:
        sys.stderr.write(f"pr-system: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
