"""Stored files out of the archive, in a folder or a store, encrypted or not, each compared with the list."""

import shutil
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from integrations.backups.encryption import SUFFIX, copy_opened
from integrations.backups.errors import BackupError

from .stored import FOLDER, INDEX, Entry, entries_read, inside, is_as_listed

Get = Callable[[str, Path], bool]


class StoredFiles:
    """`get` puts an object of the archive into a path and answers False when there is none."""

    def __init__(self, get: Get, identities: Sequence[Any], room: Path) -> None:
        self._get, self._identities, self._room = get, identities, room

    def bring(self, name: str, target: Path) -> bool:
        """False when the archive hasn't got the file. BackupError when it is another than the list says, or the list
        doesn't say."""
        if not self._opened(name, target):
            return False
        entry = self._entries.get(name)
        if entry is None:
            raise BackupError("file_unproven", f"the stored file {name} can't be proven: {self._lack}")
        if not is_as_listed(target, entry):
            raise BackupError("file_damaged", f"the stored file {name} is damaged in the archive")
        return True

    @property
    def _lack(self) -> str:
        return "it isn't in the list" if (self._room / INDEX).exists() else f"{INDEX}, the list, is missing"

    @cached_property
    def _entries(self) -> dict[str, Entry]:
        self._room.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._opened(INDEX, self._room / INDEX)
        return entries_read(self._room)

    def _opened(self, file: str, target: Path) -> bool:
        if self._get(file, target):
            return True
        packed = target.with_name(target.name + SUFFIX)
        if not self._get(file + SUFFIX, packed):
            return False
        with target.open("wb") as plain:
            copy_opened(packed, plain, self._identities)
        packed.unlink()
        return True


def of_folder(root: Path, identities: Sequence[Any], room: Path) -> StoredFiles:
    """Of the archive beside the copies in `root`."""

    def get(file: str, target: Path) -> bool:
        source = inside(root / FOLDER, file)
        if source.is_file():
            shutil.copyfile(source, target)
        return source.is_file()

    return StoredFiles(get, identities, room)


def of_store(name: str, identities: Sequence[Any], room: Path) -> StoredFiles:
    from integrations.backups import stores

    def get(file: str, target: Path) -> bool:
        key = f"{FOLDER}/{file}"
        if not stores.exists(name, key):
            return False
        stores.get(name, key, target)
        return True

    return StoredFiles(get, identities, room)
