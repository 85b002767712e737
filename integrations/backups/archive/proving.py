"""The archive of the running server, from the oldest physical copy that restores start from: by the clock, and whole
by `backup verify` and the drill. Damage is told while the server is still there and a new copy can be made."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from integrations.backups import files, pg
from integrations.backups.copy import making as copying
from integrations.backups.errors import BackupError
from integrations.backups.manifest import NAME, read_manifest
from integrations.backups.models import BackupRun
from integrations.backups.retention import rules as retention
from integrations.backups.services import source_server

from . import wal
from .checking import Fault, everything, in_time, twenty_fourth, wal_faults
from .index import SPOILT
from .walget import HISTORY, INDEX, SEGMENT

SUSPECTS = ".sospechosos"


@dataclass(frozen=True)
class Base:
    """A verified physical copy that is still here. `first` is the first segment that it needs."""

    taken_at: datetime
    first: str
    folder: Path
    files_missing: frozenset[str]

    @cached_property
    def file_marks(self) -> frozenset[bytes]:
        return files.marks_read(self.folder / copying.MARKS) or frozenset()

    @property
    def tells_files(self) -> bool:
        return (self.folder / copying.MARKS).exists()


@dataclass(frozen=True)
class Bases:
    """Of one cluster, oldest first."""

    known: list[Base]

    @property
    def needed_from(self) -> str:
        """See `retention.wal_needed_from`."""
        return retention.wal_needed_from([(base.taken_at, base.first) for base in self.known], timezone.now())

    @property
    def of_files(self) -> Base | None:
        """The oldest that restores to a moment start from, of those that tell which stored files they hold. None: made
        by an older version, and nothing is gained before the next copy."""
        needed = self.needed_from
        return next((base for base in self.known if base.first >= needed and base.tells_files), None)

    def breaks(self, fault: Fault) -> bool:
        """Whether no copy starts behind the fault: nothing that happens now can be brought back to the second."""
        newest = self.known[-1].first if self.known else ""
        if HISTORY.fullmatch(fault.name):
            return fault.name[:8] > newest[:8]
        return not SEGMENT.fullmatch(fault.name) or fault.name[8:24] >= newest[8:24]


def bases_of(system: str) -> Bases:
    runs = BackupRun.objects.filter(state=BackupRun.State.DONE, has_base=True)
    known = [base for run in runs if (base := _base(Path(run.path), system))]
    return Bases(sorted(known, key=lambda base: base.taken_at))


def _base(folder: Path, system: str) -> Base | None:
    """A damaged manifest is told by the check of its copy and stops nothing here."""
    try:
        manifest = read_manifest(folder / NAME)
    except BackupError:
        return None
    if manifest.system != system:
        return None
    return Base(manifest.taken_at, manifest.base_wal, folder, frozenset(manifest.files_missing))


def faults_now(folder: Path, bases: Bases, hour: int | None) -> list[Fault]:
    """Names and sizes of all, the bytes of a part of them at the first fetch of each hour (None: another one). What was
    found damaged is read again every time, until it isn't needed any more. What the caller has no time left to read is
    read the next day; by `backup verify` and the drill too."""
    suspects = _suspects(folder)
    is_due: Callable[[str], bool] = twenty_fourth(hour) if hour is not None else lambda name: False
    deep = in_time(lambda name: name in suspects or is_due(name))
    faults = wal_faults(folder, bases.needed_from, deep=deep)
    if (folder / SPOILT).exists():  # told once: the list was made anew
        (folder / SPOILT).unlink()
        faults.append(Fault(INDEX, f"{INDEX}, the list of the archive, was damaged and is made anew"))
    (folder / SUSPECTS).write_text(json.dumps([fault.name for fault in faults]), encoding="utf-8")
    return faults


def _suspects(folder: Path) -> set[str]:
    try:
        return set(json.loads((folder / SUSPECTS).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return set()


def system_of(server: pg.Server) -> str:
    with server.connect() as connection:
        row = connection.execute("SELECT system_identifier::text FROM pg_control_system()").fetchone()
    return str(row[0]) if row else ""


def wal_problems() -> list[str]:
    """The archive of WAL read through. Empty where the server keeps none."""
    server = source_server()
    if not copying.may_replicate(server):
        return []
    system = system_of(server)
    bases = bases_of(system)
    if not bases.known:
        return []
    folder = wal.wal_folder(settings.BACKUP_DIR, system)
    return [fault.text for fault in wal_faults(folder, bases.needed_from, deep=everything)]
