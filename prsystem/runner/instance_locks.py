"""Who may start and stop the private servers of a data folder. Kernel locks: a killed holder frees them.

- `runner.lock`: held by the running instance.
- `commands.lock`: shared by management commands that use the servers; the last one stops what they started.
- `start.lock`: held briefly while deciding.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FileLock:
    """An advisory lock on one file of the data folder; not inherited by child processes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def try_exclusive(self) -> bool:
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def exclusive(self) -> None:
        fcntl.flock(self.descriptor, fcntl.LOCK_EX)

    def shared(self) -> None:
        fcntl.flock(self.descriptor, fcntl.LOCK_SH)

    def release(self) -> None:
        fcntl.flock(self.descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self.descriptor)

    def write(self, text: str) -> None:
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, text.encode(), 0)


@contextmanager
def deciding(data: Path) -> Iterator[None]:
    """Nobody else starts or stops servers of this folder inside the block."""
    lock = FileLock(data / "start.lock")
    lock.exclusive()
    try:
        yield
    finally:
        lock.close()


def runner_lock(data: Path) -> FileLock:
    return FileLock(data / "runner.lock")


def commands_lock(data: Path) -> FileLock:
    return FileLock(data / "commands.lock")


def instance_is_running(data: Path) -> bool:
    lock = runner_lock(data)
    try:
        return not lock.try_exclusive()
    finally:
        lock.close()
