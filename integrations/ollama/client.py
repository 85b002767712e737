"""One Ollama node: chat streams, vectors, models. Wire facts from Ollama's api.md, errors.mdx and types.go."""

import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import httpx

from prsystem.core.outgoing.http import ResponseTooLarge, json_client

from .errors import NodeError, error_of_status
from .names import node_name
from .wire import ChatMetrics, content_of, metrics_of, parsed_object, records, vectors_of

PROBE_SECONDS = 2.0
IDLE_SECONDS = 20.0
CONNECT_SECONDS = 1.0
CONNECTIONS = 32
MOST_MODELS = 1000
KEEP_ALIVE = "30m"
# Another num_ctx than the loaded runner's makes Ollama unload and load: every chat sends the same options.
CHAT_OPTIONS: Mapping[str, Any] = {"temperature": 0, "seed": 7, "num_ctx": 8192, "num_predict": 640}


class OllamaNode:
    """`url` may carry credentials; `name` (host:port) never does and is what logs and metrics show.

    Deadlines are moments of `time.monotonic()`. Every failure is a NodeError.
    """

    def __init__(self, url: str, *, idle_seconds: float = IDLE_SECONDS) -> None:
        self._idle_seconds = idle_seconds
        self.name = node_name(url)
        self._url = url

    def chat_stream(
        self,
        messages: Sequence[Mapping[str, str]],
        *,
        model: str,
        schema: Mapping[str, Any] | None = None,
        options: Mapping[str, Any] = CHAT_OPTIONS,
        think: bool | None = None,
        deadline: float,
        first_token_seconds: float,
    ) -> Generator[str | ChatMetrics, None, None]:
        """Yield the pieces of the answer as they come and at the end one ChatMetrics.

        `schema` is a JSON schema for the answer. `think` goes to thinking models only: Ollama refuses it for others.
        Closing the iterator closes the connection, which cancels the work on the node. The first piece must come within
        `first_token_seconds`; silence between two pieces lasts at most `idle_seconds`, and the whole overruns
        `deadline` by less than that.
        """
        body: dict[str, Any] = {"model": model, "messages": list(messages), "stream": True, "keep_alive": KEEP_ALIVE}
        body |= {"options": dict(options)} if options else {}
        body |= {"format": dict(schema)} if schema else {}
        body |= {"think": think} if think is not None else {}
        first_token_at = min(deadline, time.monotonic() + first_token_seconds)
        wait_seconds = _left(first_token_at, self.name)
        with self._streamed("/api/chat", body, read_seconds=wait_seconds, deadline=deadline) as response:
            yield from self._pieces(response, model, deadline, first_token_at)

    def embed(
        self,
        texts: Sequence[str],
        *,
        model: str,
        deadline: float,
        dimensions: int | None = None,
        role: str | None = None,
    ) -> list[list[float]]:
        """One L2-normalised vector per text. `role` ("query" or "passage") is for the embedded node; Ollama ignores it.

        Sends no options: they must be the same in every call for a model or Ollama loads it again.
        """
        if not texts:
            return []
        body: dict[str, Any] = {"model": model, "input": list(texts), "keep_alive": KEEP_ALIVE}
        body |= {"role": role} if role else {}
        record = self._object("POST", "/api/embed", body, read_seconds=_left(deadline, self.name))
        return vectors_of(record, count=len(texts), dimensions=dimensions, node=self.name)

    def tags(self) -> list[dict[str, Any]]:
        """The installed models: name, digest, capabilities and so on."""
        return self._models("/api/tags")

    def ps(self) -> list[dict[str, Any]]:
        """The loaded models, those still loading included."""
        return self._models("/api/ps")

    def show(self, model: str) -> dict[str, Any]:
        """`capabilities`, `model_info` and so on of one model."""
        return self._object("POST", "/api/show", {"model": model})

    def version(self) -> str:
        return str(self._object("GET", "/api/version").get("version", ""))

    def _pieces(
        self, response: httpx.Response, model: str, deadline: float, first_token_at: float
    ) -> Iterator[str | ChatMetrics]:
        watch = _Watch(self.name, deadline, first_token_at, self._idle_seconds)
        for record in records(watch.over(response.iter_bytes()), node=self.name):
            if content := content_of(record, node=self.name):
                yield content
            watch.came(is_content=bool(content))
            if record.get("done") is True:
                yield metrics_of(record, node=self.name, model=model)
                return
            watch.check()
        raise NodeError("stream_cut", node=self.name)

    def _models(self, path: str) -> list[dict[str, Any]]:
        models = self._object("GET", path).get("models")
        if models is None:  # Go writes an empty list as null
            return []
        if not isinstance(models, list) or len(models) > MOST_MODELS or not all(isinstance(m, dict) for m in models):
            raise NodeError("bad_answer", node=self.name)
        return models

    def _object(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, read_seconds: float = PROBE_SECONDS
    ) -> dict[str, Any]:
        with self._streamed(path, body, read_seconds=read_seconds, method=method) as response:
            record = parsed_object(response.read(), node=self.name)
        if "error" in record:
            raise NodeError("server_error", node=self.name)
        return record

    @contextmanager
    def _streamed(
        self,
        path: str,
        body: Mapping[str, Any] | None,
        *,
        read_seconds: float,
        method: str = "POST",
        deadline: float = float("inf"),
    ) -> Iterator[httpx.Response]:
        """An answer with status 200 whose body isn't read yet; every transport failure becomes a NodeError."""
        timeout = httpx.Timeout(read_seconds, connect=CONNECT_SECONDS)
        has_headers = False
        try:
            client = json_client(self._url, connections=CONNECTIONS)
            with client.stream(method, path, json=body, timeout=timeout) as response:
                has_headers = True
                if response.status_code != httpx.codes.OK:
                    raise error_of_status(response.status_code, node=self.name)
                if deadline < float("inf"):  # a stream: from here on the gap between bytes counts, and its own end
                    gap_seconds = min(self._idle_seconds, max(0.05, deadline - time.monotonic()))
                    response.request.extensions["timeout"]["read"] = gap_seconds
                    response.request.extensions["deadline"] = deadline
                yield response
        except ResponseTooLarge as error:
            raise NodeError("too_large", node=self.name) from error
        except httpx.PoolTimeout as error:
            raise NodeError("busy", node=self.name) from error
        except httpx.ConnectTimeout as error:
            raise NodeError("unreachable", node=self.name) from error
        except httpx.TimeoutException as error:
            is_late = has_headers and time.monotonic() >= deadline
            code = "deadline" if is_late else "idle_timeout" if has_headers else "first_token_timeout"
            raise NodeError(code, node=self.name) from error
        except (httpx.RequestError, httpx.InvalidURL) as error:
            raise NodeError("stream_cut" if has_headers else "unreachable", node=self.name) from error


class _Watch:
    """The clock of one stream, looked at for every piece of it that arrives: bytes that never become a record are as
    good as silence."""

    def __init__(self, node: str, deadline: float, first_token_at: float, idle_seconds: float) -> None:
        self._node, self._deadline, self._idle_seconds = node, deadline, idle_seconds
        self._first_token_at, self._record_by = first_token_at, float("inf")

    def came(self, *, is_content: bool) -> None:
        """A record did, and was dealt with."""
        self._record_by = time.monotonic() + self._idle_seconds
        if is_content:
            self._first_token_at = float("inf")

    def over(self, parts: Iterable[bytes]) -> Iterator[bytes]:
        for part in parts:
            self.check()
            yield part

    def check(self) -> None:
        now = time.monotonic()
        limits = {"deadline": self._deadline, "first_token_timeout": self._first_token_at}
        limits |= {"idle_timeout": self._record_by}
        if late := next((code for code, moment in limits.items() if now > moment), ""):
            raise NodeError(late, node=self._node)


def _left(moment: float, node: str) -> float:
    """Seconds until `moment`; NodeError `deadline` when it has passed."""
    left = moment - time.monotonic()
    if left <= 0:
        raise NodeError("deadline", node=node)
    return left
