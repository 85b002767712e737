"""The embedded embedder: a small HTTP server that speaks the embedding part of Ollama's API.

    python -m integrations.embedder.node --port 8123 [--host 127.0.0.1] [--model NAME]
    python -m integrations.embedder.node --socket FILE [--model NAME]

`POST /api/embed` {model, input, role, language} -> {"model", "embeddings"}. `role` ("query" or "passage", the default)
and `language` (one for all inputs, or a list: "es", "en", "") are additions that Ollama ignores. `model` is this
model's name, or "default". Without Django; no authentication, as in Ollama: a socket lets this user in alone, a port
belongs on a private network.
"""

import argparse
import json
import logging
import os
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from .model import DEFAULT_MODEL, MODELS, SECOND_MODEL, EmbeddingModel, ModelError, Role, load_model
from .scheduling import Busy, FairEmbedder

logger = logging.getLogger("prsystem.embedder")

MAX_BODY_BYTES = 8 * 1024 * 1024
MAX_INPUTS = 512
IDLE_SECONDS = 75
STARTED_AT = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


class BadRequest(Exception):
    """The request can't be served; `status` and the message go to the caller."""

    def __init__(self, message: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(message)
        self.status = status


class EmbedderServer(ThreadingHTTPServer):
    """One thread per connection; connections stay open."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int] | str, *models: EmbeddingModel) -> None:
        """`address`: host and port, or the path of a Unix socket, which is made anew. The first model is the default
        one."""
        if isinstance(address, str):
            self.address_family = socket.AF_UNIX
        super().__init__(address, SocketHandler if isinstance(address, str) else Handler)  # type: ignore[arg-type]  # its stub knows TCP alone
        self.embedders = {model.name: FairEmbedder(model) for model in models}
        self.models = models

    def server_bind(self) -> None:
        if self.address_family != socket.AF_UNIX:
            super().server_bind()
            return
        path = str(self.server_address)
        with suppress(FileNotFoundError):
            Path(path).unlink()
        before = os.umask(0o077)
        try:
            self.socket.bind(path)
        finally:
            os.umask(before)
        self.server_name, self.server_port = path, 0

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that went away is no error; everything else is logged without contents."""
        error = sys.exc_info()[0]
        if error and not issubclass(error, (ConnectionError, TimeoutError)):
            logger.exception("request failed")  # noqa: LOG004 -- the server calls this within its handler


class Handler(BaseHTTPRequestHandler):
    """Routes of one connection."""

    protocol_version = "HTTP/1.1"
    server_version = "prsystem-embedder"
    sys_version = ""
    wbufsize = 64 * 1024
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    server: EmbedderServer

    def do_GET(self) -> None:
        self._answer({"/": self._root, "/api/tags": self._tags, "/api/version": self._version})

    def do_HEAD(self) -> None:
        self._answer({"/": self._root})

    def do_POST(self) -> None:
        self._answer({"/api/embed": self._embed, "/api/show": self._show})

    def _answer(self, routes: dict[str, Any]) -> None:
        try:
            body = self._body()
            handle = routes.get(self.path.partition("?")[0])
            if handle is None:
                raise BadRequest("404 page not found", HTTPStatus.NOT_FOUND)
            self._send(HTTPStatus.OK, handle(body))
        except BadRequest as error:
            self._send(error.status, {"error": str(error)})
        except Busy:
            message = "server busy, please try again.  maximum pending requests exceeded"
            self._send(HTTPStatus.SERVICE_UNAVAILABLE, {"error": message})

    def _root(self, body: bytes) -> str:
        return "PR-System embedder is running"

    def _version(self, body: bytes) -> dict[str, Any]:
        return {"version": "0.0.0-prsystem"}

    def _tags(self, body: bytes) -> dict[str, Any]:
        return {"models": [_listed(model) for model in self.server.models]}

    def _show(self, body: bytes) -> dict[str, Any]:
        model = self._model(parsed_object(body))
        info = {"general.architecture": model.name, f"{model.name}.embedding_length": model.dimensions}
        return {"capabilities": ["embedding"], "digest": model.digest, "model_info": info}

    def _embed(self, body: bytes) -> dict[str, Any]:
        request = parsed_object(body)
        model = self._model(request)
        texts, role = parsed_texts(request), parsed_role(request)
        languages = parsed_languages(request, len(texts))
        started = time.perf_counter_ns()
        vectors = self.server.embedders[model.name].embed(texts, role, languages)
        rows = [[round(value, 7) for value in row] for row in vectors.tolist()]
        elapsed = time.perf_counter_ns() - started
        return {"model": model.name, "embeddings": rows, "total_duration": elapsed}

    def _model(self, request: dict[str, Any]) -> EmbeddingModel:
        name = request.get("model") or request.get("name")
        if not isinstance(name, str):
            raise BadRequest("model is required")
        name = name.removesuffix(":latest")
        for model in self.server.models:
            if name in (model.name, "default"):
                return model
        raise BadRequest(f"model '{name[:100]}' not found", HTTPStatus.NOT_FOUND)

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            self.close_connection = True
            raise BadRequest("a Content-Length is required", HTTPStatus.LENGTH_REQUIRED)
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY_BYTES:
            self.close_connection = True
            raise BadRequest("request body too large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return self.rfile.read(int(length))

    def _send(self, status: HTTPStatus, answer: dict[str, Any] | str) -> None:
        is_text = isinstance(answer, str)
        payload = (answer if isinstance(answer, str) else json.dumps(answer, separators=(",", ":"))).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8" if is_text else "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(payload)
        self.wfile.flush()

    def log_message(self, *args: Any) -> None:
        """No access log: requests hold what people wrote."""


class SocketHandler(Handler):
    """On a Unix socket there is no Nagle's algorithm to switch off."""

    disable_nagle_algorithm = False


def _listed(model: EmbeddingModel) -> dict[str, Any]:
    details = {"format": "package", "family": model.name, "embedding_length": model.dimensions}
    entry = {"name": model.name, "model": model.name, "modified_at": STARTED_AT, "size": 0, "digest": model.digest}
    return entry | {"details": details, "capabilities": ["embedding"]}


def parsed_object(body: bytes) -> dict[str, Any]:
    if not body:
        raise BadRequest("missing request body")
    try:
        request = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest("invalid JSON") from error
    if not isinstance(request, dict):
        raise BadRequest("invalid JSON: expected an object")
    return request


def parsed_texts(request: dict[str, Any]) -> list[str]:
    value = request.get("input", [])
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise BadRequest("invalid input type")
    if len(texts) > MAX_INPUTS:
        raise BadRequest(f"at most {MAX_INPUTS} inputs")
    return [text.encode("utf-8", "replace").decode() for text in texts]


def parsed_role(request: dict[str, Any]) -> Role:
    role = request.get("role", "passage")
    if role == "query":
        return "query"
    if role == "passage":
        return "passage"
    raise BadRequest("role must be 'query' or 'passage'")


def parsed_languages(request: dict[str, Any], count: int) -> list[str]:
    value = request.get("language") or ""
    languages = [value] * count if isinstance(value, str) else value
    if not isinstance(languages, list) or not all(isinstance(language, str) for language in languages):
        raise BadRequest("language must be a string or a list of strings")
    if len(languages) != count:
        raise BadRequest("language and input differ in length")
    return languages


def main() -> None:
    parser = argparse.ArgumentParser(description="Embedder with the wire format of Ollama's /api/embed")
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--port", type=int)
    place.add_argument("--socket", metavar="FILE")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--model", default=DEFAULT_MODEL, choices=sorted(MODELS))
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        server = EmbedderServer(options.socket or (options.host, options.port), *models_served(options.model))
    except (ModelError, OSError) as error:
        sys.exit(f"embedder: {error}")
    serve_until_signal(server)


def models_served(name: str) -> list[EmbeddingModel]:
    """The model of the index, and the second one beside it where its package is there."""
    models = [load_model(name)]
    try:
        models += [load_model(SECOND_MODEL)] if name != SECOND_MODEL else []
    except (ModelError, ImportError) as error:
        logger.warning("no second model: %s", error)
    return models


def serve_until_signal(server: EmbedderServer) -> None:
    """Serve until SIGTERM or SIGINT, then close the socket; answers under way are finished by their threads."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=server.serve_forever, name="accept", daemon=True).start()
    logger.info("model %s ready on %s port %d", ", ".join(server.embedders), server.server_name, server.server_port)
    stop.wait()
    server.shutdown()
    server.server_close()


if __name__ == "__main__":
    main()
