"""Is the continuous archive whole? Asked before a restore, at every fetch, and by `backup verify` and the drill."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from integrations.backups.errors import BackupError
from prsystem.core.bounds import deadlines

from .index import index_read
from .walget import INDEX, SEGMENT, Damage, Index, copy_proven, find, names_in, number, plain, segment_size, told

log = structlog.get_logger(__name__)
SHOWN = 5
Deep = Callable[[str], bool]


@dataclass(frozen=True)
class Fault:
    """What is wrong; `name` is the segment or history that it is about."""

    name: str
    text: str


def everything(name: str) -> bool:
    return True


def nothing(name: str) -> bool:
    return False


def in_time(deep: Deep) -> Deep:
    """As `deep`, as long as the caller has time left; the first that is left out is told in the log."""
    is_told = False

    def is_due(name: str) -> bool:
        nonlocal is_told
        if not deep(name):
            return False
        is_late = deadlines.left() <= 0
        if is_late and not is_told:
            is_told = True
            log.warning("backup.not_read", first=name)
        return not is_late

    return is_due


def twenty_fourth(hour: int) -> Deep:
    """The part of the archive that is read through in this hour: all of it in a day."""

    def is_due(name: str) -> bool:
        return int(plain(name)[-2:], 16) % 24 == hour if SEGMENT.fullmatch(name) else hour == 0

    return is_due


def wal_faults(folder: Path, first: str, *, deep: Deep = nothing) -> list[Fault]:
    """What is missing or damaged from the segment `first` (empty: the first that is kept) to the end of the archive.
    Files for which `deep` holds are read through; of the others only the size is compared."""
    if not folder.is_dir():
        return [Fault(first, f"there is no archive of WAL in {folder}")]
    try:
        index = index_read(folder)
    except BackupError as error:
        return [Fault(INDEX, str(error))]
    names = names_in(folder, index)
    segments = {name for name in names if SEGMENT.fullmatch(name)}
    first = first or min(segments, key=lambda name: name[8:], default="")
    if not segments:
        return [Fault(first, f"{first} is missing")] if first else []
    timelines, faults = _timelines(folder, first, segments, index)
    if faults:
        return faults  # which segments belong to it isn't known
    wanted = _wanted(first, segments, timelines, index)
    looked_at = (_looked_at(folder, name, index, deep(name)) for name in wanted)
    return [*_missing(folder, wanted, index), *(fault for fault in looked_at if fault)]


def refuse_unless_whole(folder: Path, first: str) -> None:
    """Before everything that the archive has is asked for."""
    if faults := wal_faults(folder, first):
        raise BackupError("wal_damaged", lines_of(faults))


def refuse_beyond(folder: Path, at: datetime) -> None:
    """Before a moment is asked for that the archive doesn't reach."""
    index = index_read(folder)
    if index and at > datetime.fromisoformat(index.until):
        raise BackupError("beyond_archive", f"the archive goes up to {index.until} and not to that moment")


def lines_of(faults: Iterable[Fault]) -> str:
    lines = [fault.text for fault in faults]
    more = [f"and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return "; ".join([*lines[:SHOWN], *more])


def _timelines(folder: Path, first: str, segments: set[str], index: Index | None) -> tuple[dict[int, int], list[Fault]]:
    """timeline -> its first segment's place in the WAL, of those that lead to the newest one."""
    start, newest = int(first[:8], 16), max(int(name[:8], 16) for name in segments)
    if newest <= start:
        return {start: 0}, []
    name = f"{newest:08X}.history"
    source = find(folder, name, index)
    if source is None:
        text = told(f"{name} is missing: what was written after the failover can't be read", name, index)
        return {start: 0}, [Fault(name, text)]
    try:
        return _parsed(source, name, index), []
    except Damage as error:
        return {start: 0}, [Fault(name, str(error))]


def _parsed(source: Path, name: str, index: Index | None) -> dict[int, int]:
    """Lines «timeline, tab, position at which it was left, tab, reason»."""
    content = io.BytesIO()
    copy_proven(source, name, content, index)
    size = segment_size(index)
    begins, last = {}, 0
    for line in content.getvalue().decode("utf-8", "replace").splitlines():
        fields = line.split()
        if not fields or fields[0].startswith("#"):
            continue
        try:
            high, low = fields[1].split("/")
            timeline, left = int(fields[0]), (int(high, 16) << 32 | int(low, 16)) // size
        except (ValueError, IndexError) as error:
            raise Damage(f"{name} is damaged: it is no history of a timeline") from error
        begins[timeline], last = last, left
    return {**begins, int(name[:8], 16): last}


def _wanted(first: str, segments: set[str], timelines: dict[int, int], index: Index | None) -> list[str]:
    """The segments that a recovery from `first` to the end reads, each of the newest timeline that has it."""
    size = segment_size(index)
    end = max(number(name, size) for name in segments)
    return [_name(place, timelines, size) for place in range(number(first, size), end + 1)]


def _name(place: int, timelines: dict[int, int], size: int) -> str:
    timeline = max((known for known, begin in timelines.items() if begin <= place), default=1)
    per_file = 0x1_0000_0000 // size
    return f"{timeline:08X}{place // per_file:08X}{place % per_file:08X}"


def _missing(folder: Path, wanted: list[str], index: Index | None) -> list[Fault]:
    """Runs of missing segments as one fault each."""
    faults: list[Fault] = []
    run: list[str] = []
    for name in [*wanted, ""]:
        if name and find(folder, name, index) is None:
            run.append(name)
        elif run:
            text = f"{run[0]} is missing" if len(run) == 1 else f"{run[0]} to {run[-1]} are missing ({len(run)})"
            faults.append(Fault(run[-1], told(text, run[0], index)))
            run = []
    return faults


def _looked_at(folder: Path, name: str, index: Index | None, deep: bool) -> Fault | None:
    source = find(folder, name, index)
    if source is None:
        return None
    is_part = source.name.endswith(".partial")
    entry = index.files.get(source.name) if index and not is_part else None
    if entry and source.stat().st_size != entry.size:
        text = f"{name} is damaged: {source.stat().st_size} bytes are stored instead of {entry.size}"
        return Fault(name, told(text, name, index))
    try:
        if deep or is_part:
            copy_proven(source, name, None, index)
    except Damage as error:
        return Fault(name, str(error))
    return None
