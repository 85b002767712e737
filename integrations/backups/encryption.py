"""Parts of a copy as files: streamed, hashed, encrypted with age for recipients, on disk before they count."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from .errors import BackupError

CHUNK = 1024 * 1024
SUFFIX = ".age"


class Reader(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True)
class Part:
    """One stored file: `sha256` is of its bytes as they are stored."""

    name: str
    size: int
    sha256: str


class _HashingWriter:
    def __init__(self, target: IO[bytes]) -> None:
        self.target, self.digest, self.size = target, hashlib.sha256(), 0

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        self.size += len(data)
        self.target.write(data)
        return len(data)

    def flush(self) -> None:
        self.target.flush()


def recipients_of(texts: Sequence[str]) -> list[Any]:
    """age recipients (age1…); BackupError naming the position of one that isn't."""
    import pyrage

    found = []
    for position, text in enumerate(texts, start=1):
        try:
            found.append(pyrage.x25519.Recipient.from_str(text))
        except pyrage.RecipientError as error:
            raise BackupError("bad_recipient", f"recipient {position} is not an age recipient") from error
    return found


def identities_of(text: str) -> list[Any]:
    """The identities of an age key file; comments and blank lines are skipped."""
    import pyrage

    lines = [line.strip() for line in text.splitlines()]
    try:
        return [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except pyrage.IdentityError as error:
        raise BackupError("bad_identity", "the key file holds something that is not an age identity") from error


def new_identity() -> Any:
    import pyrage

    return pyrage.x25519.Identity.generate()


def store(source: Reader, folder: Path, name: str, recipients: Sequence[Any]) -> Part:
    """Write the stream to `folder/name` (`.age` added when it is encrypted) and to the disk."""
    stored = name + SUFFIX if recipients else name
    descriptor = os.open(folder / stored, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        writer = _HashingWriter(file)
        _copy(source, writer, recipients)
        file.flush()
        os.fsync(file.fileno())
    return Part(stored, writer.size, writer.digest.hexdigest())


def _copy(source: Reader, writer: _HashingWriter, recipients: Sequence[Any]) -> None:
    if not recipients:
        while block := source.read(CHUNK):
            writer.write(block)
        return
    import pyrage

    try:
        pyrage.encrypt_io(source, writer, list(recipients))
    except pyrage.EncryptError as error:
        raise BackupError("not_encrypted", f"the part could not be encrypted: {error}") from error


def copy_opened(path: Path, target: IO[bytes], identities: Sequence[Any]) -> None:
    """Write the plain content of a stored file into `target`."""
    if path.suffix != SUFFIX:
        with path.open("rb") as file:
            while block := file.read(CHUNK):
                target.write(block)
        return
    import pyrage

    if not identities:
        raise BackupError("no_identity", f"{path.name} is encrypted: its age key is needed")
    try:
        with path.open("rb") as file:
            pyrage.decrypt_io(file, target, list(identities))
    except pyrage.DecryptError as error:
        raise BackupError("not_decrypted", f"{path.name} can't be decrypted with this key: {error}") from error


def check_stored(folder: Path, part: Part) -> None:
    """BackupError naming the file that is missing, shorter or different."""
    path = folder / part.name
    if not path.is_file():
        raise BackupError("part_missing", f"{part.name} is missing")
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(CHUNK):
            digest.update(block)
    if path.stat().st_size != part.size or digest.hexdigest() != part.sha256:
        raise BackupError("part_changed", f"{part.name} is not what was written: its checksum differs")


@contextmanager
def opened(path: Path, identities: Sequence[Any]) -> Iterator[IO[bytes]]:
    """The plain content as a stream; encrypted files are decrypted by a thread through a pipe."""
    if path.suffix != SUFFIX:
        with path.open("rb") as file:
            yield file
        return
    with _Pipe(path, identities) as stream:
        yield stream


class _Pipe:
    """`copy_opened` in a thread, read at the other end; what it raises is raised when the block ends."""

    def __init__(self, path: Path, identities: Sequence[Any]) -> None:
        from concurrent.futures import ThreadPoolExecutor

        self.path, self.identities = path, identities
        self.pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="age")

    def __enter__(self) -> IO[bytes]:
        read_end, write_end = os.pipe()
        self.stream = os.fdopen(read_end, "rb", buffering=CHUNK)
        self.work = self.pool.submit(self._fill, write_end)
        return self.stream

    def _fill(self, write_end: int) -> None:
        with os.fdopen(write_end, "wb") as target:
            copy_opened(self.path, target, self.identities)

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is None:
            while self.stream.read(CHUNK):
                continue
        self.stream.close()
        failure = self.work.exception()
        self.pool.shutdown()
        if isinstance(failure, BackupError) or (failure is not None and kind is None):
            raise failure


def sync_folder(folder: Path) -> None:
    """Make names on disk as lasting as the files."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
