"""`make run` as a person sees it: from the command to the first answer, on a new folder and again."""

import http.client
import os
import signal
import subprocess
import sys
import time

from prsystem.runner import endpoints
from prsystem.runner.layout import Layout
from prsystem.runner.program import PROJECT, RunnerError
from prsystem.runner.servers import data_servers

from .figures import Figure

SUITE = "Arrancar"
LIMIT_SECONDS = 180.0
POLL_SECONDS = 0.02
SECOND_START_TARGET_SECONDS = 5


def run(layout: Layout) -> list[Figure]:
    """First and second start; the data servers alone are the floor of the second."""
    first, second = _start_and_stop(layout), _start_and_stop(layout)
    floor = _data_servers_alone(layout)
    return [
        Figure(SUITE, "primer arranque, con datos de demostración", first, "s"),
        Figure(SUITE, "segundo arranque", second, "s", floor, target=SECOND_START_TARGET_SECONDS),
    ]


def _start_and_stop(layout: Layout) -> float:
    """Seconds until /api/health answers 200."""
    port = endpoints.free_port()
    log = layout.logs / "bench-run.log"
    began = time.perf_counter()
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "prsystem.runner"],
            cwd=PROJECT,
            env={**os.environ, "PORT": str(port), "PRS_DATA_DIR": str(layout.data)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        while not _answers(port):
            if process.poll() is not None or time.perf_counter() - began > LIMIT_SECONDS:
                raise RunnerError(f"el arranque no terminó. Registro: {log}")
            time.sleep(POLL_SECONDS)
        return time.perf_counter() - began
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(LIMIT_SECONDS)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(endpoints.LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _data_servers_alone(layout: Layout) -> float:
    servers = data_servers.DataServers(layout)
    began = time.perf_counter()
    try:
        servers.start()
        return time.perf_counter() - began
    finally:
        servers.stop()
