"""What the application answers, as the server sends it: whole, as a file, or part by part."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any, BinaryIO

Headers = list[tuple[str, str]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

BLOCK_BYTES = 256 * 1024  # what is in memory of a file that is sent
WHOLE_BYTES = 1024 * 1024  # an answer in parts that isn't longer is sent as one


class FileBlocks:
    """WSGI's `wsgi.file_wrapper`: a file that is read while it is sent, without a thread of the application."""

    def __init__(self, file: BinaryIO, _block_size: int = 0) -> None:
        self.file = file

    def block(self) -> bytes:
        """BLOCK_BYTES of it, fewer at its end only."""
        parts, missing = [], BLOCK_BYTES
        while missing and (part := self.file.read(missing)):
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def __iter__(self) -> Iterator[bytes]:
        while block := self.block():
            yield block

    def close(self) -> None:
        self.file.close()


class Answer:
    """Status and headers as the application gave them, then its first bytes; `rest` is what follows them, if any."""

    def __init__(self) -> None:
        self.status, self.headers = 500, Headers()
        self.first = b""
        self.rest: Iterator[bytes] | FileBlocks | None = None

    def start(self, status: str, headers: Headers, _exc_info: Any = None, /) -> Callable[[bytes], object]:
        """WSGI's `start_response`; nobody here uses the function that it returns for writing."""
        self.status, self.headers = int(status.split(" ", 1)[0]), headers
        return bytes

    def take(self, result: Iterable[bytes]) -> None:
        """What the application returned; all of it where it isn't long."""
        if isinstance(result, FileBlocks):
            self.first = result.block()
            self.rest = result if len(self.first) == BLOCK_BYTES else None
            return
        parts, size, chunks = [], 0, iter(result)
        for chunk in chunks:
            if size >= WHOLE_BYTES:
                parts.append(chunk)
                self.rest = chunks
                break
            parts.append(chunk)
            size += len(chunk)
        self.first = b"".join(parts)

    def head(self) -> dict[str, Any]:
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        return {"type": "http.response.start", "status": self.status, "headers": raw}


def part(data: bytes, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": data, "more_body": more}
