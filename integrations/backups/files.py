"""Attachments and other stored files in a copy: a tar stream of every file that a row of the database names."""

import hashlib
import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

import psycopg
from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import FileField
from psycopg import sql

from prsystem.core.files.stored import StoreAway, store_reached

from .encryption import CHUNK, Reader
from .errors import BackupError

MARK_BYTES = 16


def names_in(connection: psycopg.Connection) -> Iterator[str]:
    """The names of stored files, once each, as the connection's snapshot knows them."""
    columns = [
        (model._meta.db_table, str(field.column))
        for model in apps.get_models()
        if not model._meta.proxy
        for field in model._meta.concrete_fields
        if isinstance(field, FileField)
    ]
    if not columns:
        return
    parts: list[sql.Composable] = [
        sql.SQL("SELECT {c} FROM {t} WHERE {c} <> ''").format(c=sql.Identifier(column), t=sql.Identifier(table))
        for table, column in columns
    ]
    query = sql.SQL(" UNION ").join(parts)
    with connection.cursor("files") as cursor:
        for row in cursor.execute(query):
            yield row[0]


def mark_of(name: str) -> bytes:
    """A stored file's name in 16 bytes: a copy may hold a million of them."""
    return hashlib.blake2b(name.encode(), digest_size=MARK_BYTES).digest()


def marks_read(path: Path) -> frozenset[bytes] | None:
    """The marks of the files that a copy holds; None for a copy of an older version."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    return frozenset(content[at : at + MARK_BYTES] for at in range(0, len(content), MARK_BYTES))


class TarStream:
    """A tar archive made while it is read, one block in memory. `count`, `marks` and `missing` are known at its end."""

    def __init__(self, names: Iterator[str]) -> None:
        self.count, self.missing, self.marks = 0, list[str](), bytearray()
        self._blocks = self._made(names)
        self._rest = b""

    def read(self, size: int = -1, /) -> bytes:
        while not self._rest:
            try:
                self._rest = next(self._blocks)
            except StopIteration:
                return b""
        size = len(self._rest) if size < 0 else size
        block, self._rest = self._rest[:size], self._rest[size:]
        return block

    def _made(self, names: Iterator[str]) -> Iterator[bytes]:
        for name in names:
            try:
                with store_reached(), default_storage.open(name) as file:
                    size = file.size
                    yield _header(name, size)
                    yield from _body(name, file, size)
            except FileNotFoundError:
                self.missing.append(name)
                continue
            except StoreAway as error:
                raise BackupError("store_failed", "the store of files doesn't answer") from error
            self.count += 1
            self.marks += mark_of(name)
        yield b"\0" * (2 * tarfile.BLOCKSIZE)


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.PAX_FORMAT)


def _body(name: str, file: Reader, size: int) -> Iterator[bytes]:
    left = size
    while left:
        block = file.read(min(CHUNK, left))
        if not block:
            raise BackupError("file_shrank", f"the stored file {name} is shorter than it says")
        left -= len(block)
        yield block
    if size % tarfile.BLOCKSIZE:
        yield b"\0" * (tarfile.BLOCKSIZE - size % tarfile.BLOCKSIZE)


@contextmanager
def unpacked(stream: IO[bytes]) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """The files of an archive one after the other; names that leave the folder are refused."""
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        yield _members(archive)


def _members(archive: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for info in archive:
        path = PurePosixPath(info.name)
        if not info.isreg() or path.is_absolute() or ".." in path.parts:
            raise BackupError("bad_archive", "the archive of files holds something that is not a plain file")
        content = archive.extractfile(info)
        yield info.name, content if content is not None else io.BytesIO()


def digests(stream: IO[bytes]) -> dict[str, str]:
    """name -> SHA-256 of every file of an archive."""
    found = {}
    with unpacked(stream) as members:
        for name, content in members:
            digest = hashlib.sha256()
            while block := content.read(CHUNK):
                digest.update(block)
            found[name] = digest.hexdigest()
    return found
