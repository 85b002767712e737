"""supervisord that outlives a full disk: what it can't write to its logs is lost, and it goes on watching.

By itself it ends on the first line that a log doesn't take: the error is written to standard error, which is a file on
the same disk, and a log that can't be turned over isn't caught at all.
"""

import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from supervisor import loggers, supervisord


class LossyStream:
    """Standard error that may not be writable."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError, ValueError):
            return int(self._stream.write(text))
        return len(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def lose_what_cannot_be_logged() -> None:
    sys.stderr = LossyStream(sys.stderr)
    whole = loggers.RotatingFileHandler.emit

    def emit(self: Any, record: Any) -> None:
        with suppress(OSError, ValueError):
            if self.stream.closed:  # turned over while no file could be made
                self.stream = Path(self.baseFilename).open("ab")  # noqa: SIM115 # as the library keeps it
            whole(self, record)

    loggers.RotatingFileHandler.emit = emit


if __name__ == "__main__":
    lose_what_cannot_be_logged()
    supervisord.main()
