"""A stand-in for one Ollama node: a real HTTP server process with Ollama's wire format and failures on demand.

    python -m tests.standins.ollama_node [--port 0] [--set name=value ...]

Prints its port on the first line. Paths of Ollama: / /api/version /api/tags /api/ps /api/show /api/chat /api/embed.
Besides: `POST /standin/set {knob: value}` turns the knobs of `Knobs`, `GET /standin/stats` gives counts. Answers are
deterministic: they repeat the first sentence of the passages found in the prompt and cite their numbers.
"""

import argparse
import json
import socket
import sys
import threading
import time
from dataclasses import asdict, dataclass, field, fields
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from . import ollama_text
from .ollama_records import entry, full_name, loaded_entry, record

BUSY = "server busy, please try again.  maximum pending requests exceeded"


@dataclass
class Knobs:
    """`mode`: ok, error (500), hang (no byte, `/` and tags live on), cut, error_line, babble (endless), reset, busy,
    no_done (ends in order, without its last record), garbage. `after_tokens` says where the mid-stream modes strike.
    `answer`: passages, lines (every line of them), gullible (obeys and cites falsely), silent (no marker), echo (what
    it was asked). `parameters`: the size of its models."""

    mode: str = "ok"
    answer: str = "passages"
    chat_model: str = "qwen3:4b"
    embed_model: str = "bge-m3"
    thinks: bool = False
    slots: int = 1
    queue: int = 512
    tokens_per_second: float = 0.0
    first_token_seconds: float = 0.0
    load_seconds: float = 0.0
    after_tokens: int = 3
    dimensions: int = 32
    loaded: str = ""
    parameters: str = "4.0B"


@dataclass
class Stats:
    """Counts since the start."""

    chats: int = 0
    embeds: int = 0
    loads: int = 0
    cancelled: int = 0
    tokens: int = 0
    running: int = 0
    peak_running: int = 0
    last_body: dict[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """An answer with an error status before the first line."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Node(ThreadingHTTPServer):
    """State shared by the connections: knobs, counts, loaded models, parallel slots."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, handler: type["Handler"] | None = None) -> None:
        super().__init__(("127.0.0.1", port), handler or Handler)
        self.knobs, self.stats = Knobs(), Stats()
        self.free = threading.Condition()
        self.loading = threading.Lock()
        self.pending = 0
        self.loaded: dict[str, Any] = {}

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that went away is no error of the node."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def turn(self, **values: Any) -> None:
        known = {item.name: type(item.default) for item in fields(Knobs)}
        for name, value in values.items():
            setattr(self.knobs, name, known[name](value))
        if "loaded" in values:
            self.loaded = {full_name(values["loaded"]): None} if values["loaded"] else {}

    def models(self) -> dict[str, list[str]]:
        chat = ["completion", "thinking"] if self.knobs.thinks else ["completion"]
        found = {self.knobs.chat_model: chat, self.knobs.embed_model: ["embedding"]}
        return {full_name(name): capabilities for name, capabilities in found.items() if name}

    def tags(self) -> list[dict[str, Any]]:
        return [entry(name, capabilities, self.knobs.parameters) for name, capabilities in self.models().items()]

    def load(self, model: str, num_ctx: Any) -> None:
        """One load at a time, again for another num_ctx; only what must load may be refused as busy."""
        with self.free:
            if self.knobs.mode == "busy" or self.pending >= self.knobs.queue:
                raise Refused(503, BUSY)
            if self._is_ready(model, num_ctx):
                return
            self.pending += 1
        try:
            with self.loading:
                if not self._is_ready(model, num_ctx):
                    time.sleep(self.knobs.load_seconds)
                    self.loaded[full_name(model)] = num_ctx
                    self.stats.loads += 1
        finally:
            with self.free:
                self.pending -= 1

    def _is_ready(self, model: str, num_ctx: Any) -> bool:
        found = self.loaded.get(full_name(model), "absent")
        return found != "absent" and (found is None or found == num_ctx)

    def enter(self) -> None:
        with self.free:
            self.free.wait_for(lambda: self.stats.running < self.knobs.slots)
            self.stats.running += 1
            self.stats.peak_running = max(self.stats.peak_running, self.stats.running)

    def leave(self) -> None:
        with self.free:
            self.stats.running -= 1
            self.free.notify_all()


class Handler(BaseHTTPRequestHandler):
    """Routes of one connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Node

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        return

    def do_HEAD(self) -> None:
        self._text("")

    def do_GET(self) -> None:
        routes = {
            "/": lambda: self._text("Ollama is running"),
            "/api/version": lambda: self._json({"version": "0.17.1"}),
            "/api/tags": lambda: self._json({"models": self.server.tags()}),
            "/api/ps": lambda: self._json({"models": [loaded_entry(name) for name in list(self.server.loaded)]}),
            "/standin/stats": lambda: self._json(asdict(self.server.stats)),
        }
        self._routed(routes)

    def do_POST(self) -> None:
        routes = {
            "/api/chat": self._chat,
            "/api/embed": self._embed,
            "/api/show": self._show,
            "/standin/set": self._set,
        }
        self._routed(routes)

    def _routed(self, routes: dict[str, Any]) -> None:
        if self.path not in routes:
            return self._json({"error": "not found"}, status=404)
        try:
            routes[self.path]()
        except Refused as error:
            self._json({"error": str(error)}, status=error.status)
        except (BrokenPipeError, ConnectionResetError):
            self.server.stats.cancelled += 1
            self.close_connection = True
        return None

    def _body(self) -> dict[str, Any]:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not raw:
            raise Refused(400, "missing request body")
        try:
            return json.loads(raw)
        except ValueError as error:
            raise Refused(400, str(error)) from error

    def _model(self, body: dict[str, Any], capability: str) -> str:
        model = body.get("model") or ""
        if not model:
            raise Refused(400, "model is required")
        capabilities = self.server.models().get(full_name(model))
        if capabilities is None:
            raise Refused(404, f"model '{model}' not found")
        if capability and capability not in capabilities:
            raise Refused(400, f'"{model}" does not support {"chat" if capability == "completion" else capability}')
        if body.get("think") and "thinking" not in capabilities:
            raise Refused(400, f'"{model}" does not support thinking')
        return model

    def _set(self) -> None:
        self.server.turn(**self._body())
        self._json({})

    def _show(self) -> None:
        body = self._body()
        capabilities = self.server.models()[full_name(self._model(body, ""))]
        self._json({"capabilities": capabilities, "model_info": {"qwen3.context_length": 40960}})

    def _embed(self) -> None:
        body = self._body()
        self.server.stats.last_body = body
        model = self._model(body, "embedding")
        texts = body.get("input", "")
        texts = [texts] if isinstance(texts, str) and texts else texts or []
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise Refused(400, "invalid input type")
        self._misbehave_before()
        self.server.load(model, (body.get("options") or {}).get("num_ctx"))
        self.server.stats.embeds += len(texts)
        vectors = [ollama_text.vector(text, self.server.knobs.dimensions) for text in texts]
        self._json({"model": model, "embeddings": vectors, "total_duration": 14000000, "prompt_eval_count": 8})

    def _chat(self) -> None:
        body = self._body()
        self.server.stats.last_body = body
        model = self._model(body, "completion")
        messages = body.get("messages") or []
        if not messages and body.get("keep_alive") == 0:
            self.server.loaded.pop(full_name(model), None)
            return self._json(record(model, "", done_reason="unload"))
        self._misbehave_before()
        self.server.load(model, (body.get("options") or {}).get("num_ctx"))
        if not messages:
            return self._json(record(model, "", done_reason="load"))
        self.server.enter()
        try:
            self.server.stats.chats += 1
            return self._answered(model, body, messages)
        finally:
            self.server.leave()

    def _misbehave_before(self) -> None:
        mode = self.server.knobs.mode
        if mode == "error":
            raise Refused(500, "llama runner process has terminated: exit status 2")
        if mode == "reset":
            self.connection.shutdown(socket.SHUT_RDWR)
            raise ConnectionResetError
        while self.server.knobs.mode == "hang":
            time.sleep(0.05)

    def _answered(self, model: str, body: dict[str, Any], messages: list[dict[str, Any]]) -> None:
        knobs = self.server.knobs
        text = ollama_text.answer(messages, schema=bool(body.get("format")), kind=knobs.answer)
        time.sleep(knobs.first_token_seconds)
        options = body.get("options") or {}
        pieces = ollama_text.pieces(ollama_text.stopped(text, options.get("stop") or []))
        limit = options.get("num_predict") or 0
        reason = "length" if 0 < limit < len(pieces) else "stop"
        pieces = pieces[:limit] if limit > 0 else pieces
        if body.get("stream") is False:
            return self._json(record(model, "".join(pieces), done_reason=reason, tokens=len(pieces)))
        self._head("application/x-ndjson", chunked=True)
        if knobs.thinks and body.get("think") is not False:
            self._line(record(model, "", thinking="Veamos los pasajes."))
        if self._stream(model, pieces):
            self._line(record(model, "", done_reason=reason, tokens=len(pieces)))
        self.wfile.write(b"0\r\n\r\n")
        return None

    def _stream(self, model: str, pieces: list[str]) -> bool:
        """Send the pieces; False when the stream must end without its last record."""
        knobs, number = self.server.knobs, 0
        while number < len(pieces) or knobs.mode == "babble":
            if number == knobs.after_tokens and knobs.mode in ("cut", "error_line", "no_done", "garbage", "hang_later"):
                return self._misbehave_within()
            self._line(record(model, pieces[number % len(pieces)]))
            self.server.stats.tokens += 1
            time.sleep(1 / knobs.tokens_per_second if knobs.tokens_per_second else 0)
            number += 1
        return True

    def _misbehave_within(self) -> bool:
        mode = self.server.knobs.mode
        if mode == "cut":
            self.connection.shutdown(socket.SHUT_RDWR)
            raise ConnectionResetError
        while self.server.knobs.mode == "hang_later":
            time.sleep(0.05)
        if mode == "garbage":
            self._chunk(b"<html>bad gateway</html>\n")
        if mode == "error_line":
            self._line({"error": "an error was encountered while running the model"})
        return False

    def _head(self, content_type: str, *, status: int = 200, length: int = 0, chunked: bool = False) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header(*(("Transfer-Encoding", "chunked") if chunked else ("Content-Length", str(length))))
        self.end_headers()

    def _text(self, text: str) -> None:
        self._head("text/plain; charset=utf-8", length=len(text))
        self.wfile.write(text.encode())

    def _json(self, value: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(value, ensure_ascii=False).encode()
        self._head("application/json; charset=utf-8", status=status, length=len(body))
        self.wfile.write(body)

    def _line(self, value: dict[str, Any]) -> None:
        self._chunk(json.dumps(value, ensure_ascii=False).encode() + b"\n")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    options = parser.parse_args()
    node = Node(options.port)
    node.turn(**dict(item.split("=", 1) for item in options.set))
    print(node.server_address[1], flush=True)
    node.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main()
