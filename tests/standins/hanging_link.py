"""A TCP link to the Unix socket of a server, that can hang: connections stay open, nothing passes, no one is told."""

import socket
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from prsystem.runner.endpoints import LOOPBACK


class HangingLink:
    """`with HangingLink(path) as link:` listens on `link.port`; while `link.hangs` nothing is carried."""

    def __init__(self, server: Path) -> None:
        self.server = server
        self._carries, self._ended = threading.Event(), threading.Event()
        self._carries.set()
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port = self._listener.getsockname()[1]

    @property
    def hangs(self) -> bool:
        return not self._carries.is_set()

    @hangs.setter
    def hangs(self, value: bool) -> None:
        (self._carries.clear if value else self._carries.set)()

    def __enter__(self) -> "HangingLink":
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ended.set()
        self._carries.set()
        self._listener.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while not self._ended.is_set():
                client, _address = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self.server))
                for one, other in ((client, server), (server, client)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self._carries.wait()
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
