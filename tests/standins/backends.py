"""Small HTTP backends that tell what reached them, for the tests of nginx."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        with self.server.lock:
            self.server.requests.append(f"{self.command} {self.path}")
        if self.path.startswith("/muere") or (self.server.dies_on_write and self.command == "POST"):
            self.close_connection = True
            return
        if self.path.startswith("/mcp"):
            self._stream()
            return
        if self.path.startswith("/lento"):
            time.sleep(1.5)
        told = {"headers": [list(pair) for pair in self.headers.items()], "length": len(body), "path": self.path}
        answer = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Security-Policy", "default-src 'self'")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_POST = do_GET

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        for part in (b"uno\n", b"dos\n"):
            self.wfile.write(part)
            self.wfile.flush()
            self.server.go_on.wait(5)

    def log_message(self, *arguments: Any) -> None:
        return


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.lock, self.go_on = threading.Lock(), threading.Event()
        self.requests: list[str] = []
        self.dies_on_write = False


class Backend:
    """`with Backend() as backend:` listens on `backend.port`; `backend.requests` is what reached it."""

    def __enter__(self) -> "Backend":
        self.server = _Server()
        self.port, self.requests = self.server.server_address[1], self.server.requests
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
