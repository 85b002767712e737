"""HTTP over a Unix socket, as far as the docker client speaks it."""

import json
import socket
import socketserver
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from .rules import Refused

Answer = Callable[[str, str, dict[str, str], Any], Any]


class Hijacked:
    """The connection becomes a stream: `output` is what the command wrote."""

    def __init__(self, output: bytes) -> None:
        self.output = output


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        raw = self._body()
        body = json.loads(raw) if raw else None
        try:
            found = self.server.answer(self.command, address.path, dict(parse_qsl(address.query)), body)
        except Refused as refused:
            self._send(refused.status, json.dumps({"message": refused.message}).encode())
            return
        if isinstance(found, Hijacked):
            self._hijack(found)
        elif isinstance(found, bytes):
            self._send(200, found, "application/vnd.docker.raw-stream")
        else:
            created = 201 if self.path.split("?")[0].endswith(("/create", "/exec")) else 200
            self._send(created, json.dumps(found).encode())

    do_POST = do_DELETE = do_HEAD = do_GET

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _send(self, status: int, content: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        own = {"Api-Version": "1.50", "Docker-Experimental": "false", "Ostype": "linux", "Swarm": "active/manager"}
        for name, value in {**own, "Content-Type": kind, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _hijack(self, found: Hijacked) -> None:
        head = b"HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\n"
        frame = b"\x01\x00\x00\x00" + len(found.output).to_bytes(4, "big") + found.output
        self.wfile.write(head + b"Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n" + frame)
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_WR)
        while self.rfile.read(65536):  # what the command is given, to its end
            pass

    def address_string(self) -> str:
        return "docker"

    def log_message(self, *arguments: Any) -> None:
        return


class Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True

    def __init__(self, path: str, answer: Answer) -> None:
        Path(path).unlink(missing_ok=True)
        super().__init__(path, _Handler)
        self.answer = answer
