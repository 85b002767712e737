"""One line of progress per step of a start, in Spanish: `[2/6] Base de datos y cola privadas … lista (1,2 s)`."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


def say(text: str, end: str = "\n") -> None:
    """Print and flush; a terminal that went away must not stop the servers."""
    with suppress(OSError, ValueError):
        sys.stdout.write(text + end)
        sys.stdout.flush()


def seconds_text(seconds: float) -> str:
    return f"{seconds:.1f}".replace(".", ",") + " s"


class Steps:
    """Counts the steps of one start."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """The title at once, how long it took at the end; nothing more when the block raises."""
        self.done += 1
        say(f"[{self.done}/{self.total}] {title} … ", end="")
        start = time.monotonic()
        try:
            yield
        except BaseException:
            say("")
            raise
        say(f"listo ({seconds_text(time.monotonic() - start)})")
