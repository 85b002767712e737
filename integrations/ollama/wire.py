"""Ollama's stream format: one JSON object a line (application/x-ndjson), read without trusting the sender."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from prsystem.core.outgoing.http import parsed_json

from .errors import NodeError

MAX_LINE_BYTES = 256 * 1024
MAX_STREAM_BYTES = 4 * 1024 * 1024
NANOSECONDS = 1e9
MOST_COUNTED = 2**53  # beyond it a float can't hold what was counted, nor a column of the database


@dataclass(frozen=True)
class ChatMetrics:
    """The last record of an answer. Zero-valued metrics are left out on the wire and read as 0 here."""

    node: str
    model: str
    done_reason: str
    prompt_tokens: int
    answer_tokens: int
    load_seconds: float
    total_seconds: float

    @property
    def is_complete(self) -> bool:
        """False when the answer was cut at the token limit."""
        return self.done_reason == "stop"


def records(chunks: Iterable[bytes], *, node: str) -> Iterator[dict[str, Any]]:
    """The JSON objects of an ndjson stream; raises NodeError `too_large`, `bad_answer` or `stream_error`."""
    rest, size = b"", 0
    for chunk in chunks:
        size += len(chunk)
        rest += chunk
        # Split on \n alone: str.splitlines would also cut at U+2028 inside a JSON string.
        *lines, rest = rest.split(b"\n")
        if size > MAX_STREAM_BYTES or len(rest) > MAX_LINE_BYTES:
            raise NodeError("too_large", node=node)
        yield from (_record(line, node) for line in lines if line.strip())
    if rest.strip():
        yield _record(rest, node)


def _record(line: bytes, node: str) -> dict[str, Any]:
    record = parsed_object(line, node=node)
    if "error" in record:
        raise NodeError("stream_error", node=node)
    return record


def parsed_object(body: bytes, *, node: str) -> dict[str, Any]:
    """A JSON object, else NodeError `bad_answer`."""
    try:
        value = parsed_json(body)
    except ValueError as error:
        raise NodeError("bad_answer", node=node) from error
    if not isinstance(value, dict):
        raise NodeError("bad_answer", node=node)
    return value


def content_of(record: dict[str, Any], *, node: str) -> str:
    """The text piece of a chat record. `message.thinking` is not part of the answer and is left out."""
    message = record.get("message")
    content = message.get("content", "") if isinstance(message, dict) else None
    if not isinstance(content, str):
        raise NodeError("bad_answer", node=node)
    return content


def metrics_of(record: dict[str, Any], *, node: str, model: str) -> ChatMetrics:
    """Counts and seconds of the `done` record; durations are nanoseconds on the wire."""

    def number(name: str) -> int:
        value = record.get(name, 0)
        return value if isinstance(value, int) and abs(value) < MOST_COUNTED else 0

    return ChatMetrics(
        node=node,
        model=model,
        done_reason=str(record.get("done_reason", "stop"))[:20],
        prompt_tokens=number("prompt_eval_count"),
        answer_tokens=number("eval_count"),
        load_seconds=number("load_duration") / NANOSECONDS,
        total_seconds=number("total_duration") / NANOSECONDS,
    )


def vectors_of(record: dict[str, Any], *, count: int, dimensions: int | None, node: str) -> list[list[float]]:
    """`count` vectors of one length; NodeError `wrong_dimension` when it isn't the expected one."""
    vectors = record.get("embeddings")
    if not isinstance(vectors, list) or len(vectors) != count:
        raise NodeError("bad_answer", node=node)
    if not all(isinstance(vector, list) and vector and _are_finite(vector) for vector in vectors):
        raise NodeError("bad_answer", node=node)
    if len({len(vector) for vector in vectors} | ({dimensions} if dimensions and vectors else set())) > 1:
        raise NodeError("wrong_dimension", node=node)
    return vectors


def _are_finite(vector: list[Any]) -> bool:
    return all(isinstance(value, int | float) and abs(value) < 1e6 for value in vector)
