"""Where a copy is restored from: its own folder, a folder of copies, or the same in an S3 store.

`--from` is text from a person: a folder is only read, an address names a bucket that is configured here.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from integrations.backups.archive.wal import wal_folder

from .errors import BackupError
from .manifest import NAME, Manifest, read_manifest

log = structlog.get_logger(__name__)
DAMAGES = frozenset({"part_missing", "part_changed", "bad_manifest", "not_equal"})  # others: it couldn't be looked at
PROOF_NAME = "verificacion.json"


Bring = Callable[[str, Path], bool]


def _nothing_else(name: str, target: Path) -> bool:
    return False


@dataclass(frozen=True)
class Found:
    """A copy on this machine, and the folder of the WAL that goes on from it. `bring` puts a stored file of the archive
    of files into a path; False when the archive hasn't got it, BackupError when it is damaged there."""

    folder: Path
    manifest: Manifest
    wal: Path
    bring: Bring = _nothing_else

    @property
    def is_proven(self) -> bool:
        return (self.folder / PROOF_NAME).exists()


def find(folder: Path, at: datetime | None) -> Found:
    """The copy itself, or the best of a folder of copies: with a moment the last physical one before it, else the
    newest verified one, else the newest."""
    if (folder / NAME).exists():
        found = _found(folder)
        if at and not found.manifest.base_wal:
            raise BackupError("no_base", "this copy has no physical part: it can't be rolled forward to a moment")
        if at and at <= found.manifest.rolls_from:
            moment = found.manifest.rolls_from
            raise BackupError("too_early", f"the copy is of {moment:%Y-%m-%d %H:%M:%S %Z}, after that")
        return found
    return _best(_copies_in(folder), at)


def _copies_in(folder: Path) -> list[Found]:
    """Those that can be read: one damaged manifest doesn't stand in the way of the other copies."""
    copies, damaged = [], BackupError("no_copy", f"there is no copy in {folder}")
    for path in sorted(folder.glob(f"*/{NAME}")):
        try:
            copies.append(_found(path.parent))
        except BackupError as error:
            log.warning("backup.left_out", copy=path.parent.name, reason=str(error))
            damaged = error
    if not copies:
        raise damaged
    return copies


def _found(folder: Path) -> Found:
    manifest = read_manifest(folder / NAME)
    return Found(folder, manifest, wal_folder(folder.parent, manifest.system))


def _best(copies: Iterable[Found], at: datetime | None) -> Found:
    fitting = [c for c in copies if at is None or (c.manifest.base_wal and c.manifest.rolls_from <= at)]
    if not fitting:
        raise BackupError("too_early", "no physical copy is older than that moment")
    return max(fitting, key=lambda copy: (copy.is_proven, copy.manifest.taken_at))


def mark_proven(folder: Path, moment: datetime) -> None:
    """Leave beside the copy that it was restored and found equal, for those who have only the folder."""
    scratch = folder / f"{PROOF_NAME}.new"
    scratch.touch(mode=0o600)
    scratch.write_text(json.dumps({"verificado_en": moment.isoformat()}), encoding="utf-8")
    scratch.replace(folder / PROOF_NAME)


def unmark_damaged(folder: Path, error: Exception) -> None:
    """When the error says that the copy isn't what it was, a restore from the folder prefers the others again."""
    if isinstance(error, BackupError) and error.code in DAMAGES:
        (folder / PROOF_NAME).unlink(missing_ok=True)


def proven_moment(folder: Path) -> datetime | None:
    """When the copy was last proven; None when it never was."""
    try:
        return datetime.fromisoformat(json.loads((folder / PROOF_NAME).read_text(encoding="utf-8"))["verificado_en"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
