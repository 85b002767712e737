"""PostgreSQL's restore_command: `python walget.py ARCHIVE NAME TARGET`. Run alone, without the product around it.

Segments are gzipped; the last one may be a part, which is filled with zeros up to the size that its header states.

"There is no such file" is an answer that ends a recovery as if all were well, so it is given only past what the archive
is known to hold. Whatever else keeps a file from being handed over, a fault of this program included, must stop the
recovery: `restore_command` in `restoring` turns every status but 0 and END into one that PostgreSQL takes for a stop.
"""

import gzip
import hashlib
import json
import re
import struct
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

CHUNK = 1024 * 1024
END = 3  # the archive rightly has no such file; not 1 or 2, with which Python itself ends when it fails
MARK = "prs-wal:"  # starts the line that says what is damaged, for those who read the server's log
INDEX = "wal.json"
SAVED = ".antes-"  # the unfinished segment as it was before a fetch that may be killed
SEGMENT = re.compile(r"[0-9A-F]{24}")
HISTORY = re.compile(r"[0-9A-F]{8}\.history")
DEFAULT_SIZE = 16 * 1024 * 1024
# Of a segment's first page (XLogLongPageHeaderData): magic, info, timeline, address, …, system, segment size.
HEADER = struct.Struct("<HHIQI4xQI")
LONG_HEADER = 0x0002


class Damage(Exception):
    """One line that names the file and what is wrong with it."""


class Empty(Damage):
    """A part whose writer was killed before anything could be read back: it counts as not there."""


@dataclass(frozen=True)
class Kept:
    """A file of the archive as it was when it was brought. Everything committed before `reaches` (ISO 8601, empty
    when unknown) lies in earlier segments."""

    size: int
    sha256: str
    reaches: str = ""


@dataclass(frozen=True)
class Index:
    """What the archive holds: everything committed before `until` by the source's clock, up to WAL `position`."""

    system: str
    until: str
    position: str
    files: dict[str, Kept]
    segment_bytes: int = DEFAULT_SIZE


def digest_of(fields: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def read_index(folder: Path) -> Index | None:
    """None where there is none, as in an archive of an older version; Damage when it isn't what was written."""
    try:
        fields = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        if fields.pop("digest") != digest_of(fields):
            raise ValueError("digest")
        files = {name: Kept(**kept) for name, kept in fields.pop("files").items()}
        return Index(**fields, files=files)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Damage(f"{INDEX}, the list of what the archive holds, is not what was written") from error


def plain(file: str) -> str:
    """The name by which PostgreSQL asks for a file of the archive."""
    return file.removesuffix(".partial").removesuffix(".gz")


def number(name: str, segment_bytes: int) -> int:
    """The place of a segment in the WAL, whatever its timeline."""
    return int(name[8:16], 16) * (0x1_0000_0000 // segment_bytes) + int(name[16:24], 16)


def names_in(folder: Path, index: Index | None) -> set[str]:
    """Plain names of segments and histories that are there, or should be."""
    there = {plain(path.name) for path in folder.iterdir()} | {plain(file) for file in (index.files if index else ())}
    return {name for name in there if SEGMENT.fullmatch(name) or HISTORY.fullmatch(name)}


def get(archive: Path, name: str, target: Path) -> int:
    """0 when the file was put into `target`, END when the archive rightly has none; Damage otherwise."""
    index = read_index(archive)
    source = find(archive, name, index)
    if source is None:
        if is_held(archive, name, index):
            raise Damage(told(f"{name} is missing", name, index))
        return END
    try:
        with target.open("wb") as file:
            copy_proven(source, name, file, index)
    except Empty:
        target.unlink()
        return END
    return 0


def find(archive: Path, name: str, index: Index | None) -> Path | None:
    """The file that holds it. An unfinished segment that a killed fetch has spoilt is read as it was before."""
    whole = [path for path in (archive / name, archive / f"{name}.gz") if path.exists()]
    if whole:
        return whole[0]
    part = archive / f"{name}.gz.partial"
    saved = part.with_name(SAVED + part.name)
    entry = index.files.get(part.name) if index else None
    if entry and saved.exists() and not is_as_kept(part, entry) and is_as_kept(saved, entry):
        return saved
    return part if part.exists() else None


def is_held(archive: Path, name: str, index: Index | None) -> bool:
    """Whether the archive should have it: a segment that isn't after its last one, the history of a timeline it has."""
    names = names_in(archive, index)
    segments = [known for known in names if SEGMENT.fullmatch(known)]
    if HISTORY.fullmatch(name):
        return name in names or any(int(known[:8], 16) >= int(name[:8], 16) > 1 for known in segments)
    if not SEGMENT.fullmatch(name):
        return False
    size = segment_size(index)
    return any(number(known, size) >= number(name, size) for known in segments)


def told(text: str, name: str, index: Index | None) -> str:
    """The text, with the moment up to which the archive is good without this file, where that is known."""
    kept = [entry for file, entry in (index.files if index else {}).items() if plain(file) == name]
    return f"{text}; what was committed before {kept[0].reaches} is whole" if kept and kept[0].reaches else text


def copy_proven(source: Path, name: str, target: IO[bytes] | None, index: Index | None) -> None:
    """Write the plain content into `target`, or only check it; Damage when it isn't the file of that name."""
    try:
        # An unfinished segment may be newer than the list; that it is whole up to the list's position shows at the end.
        entry = index.files.get(source.name) if index and not source.name.endswith(".partial") else None
        if entry and not is_as_kept(source, entry):
            raise Damage(f"{name} is damaged: its checksum differs")
        _copy(source, name, target, index)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise Damage(told(f"{name} is damaged: {error or 'it ends too early'}", name, index)) from error
    except Empty:
        raise
    except Damage as error:
        raise Damage(told(str(error), name, index)) from error


def is_as_kept(path: Path, entry: Kept) -> bool:
    if not path.exists() or path.stat().st_size != entry.size:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == entry.sha256


def _copy(source: Path, name: str, target: IO[bytes] | None, index: Index | None) -> None:
    is_part = source.name.endswith(".partial")
    if is_part and SEGMENT.fullmatch(name):
        check_is_end(source.parent, name, index)
    # What the writer of a part was killed at is whole records up to there; of a listed part everything is there.
    may_end_early = is_part and not (index and source.name.removeprefix(SAVED) in index.files)
    with gzip.open(source, "rb") if ".gz" in source.name else source.open("rb") as packed:
        written, size = 0, 0
        for block in _blocks(packed, may_end_early):
            if not written and SEGMENT.fullmatch(name):
                size = _checked_size(block, name, source)
            written += len(block)
            if target:
                target.write(block)
    if not SEGMENT.fullmatch(name):
        return
    if not written and may_end_early:
        raise Empty(f"{name} is empty")
    if written > size or (written < size and not is_part) or not size:
        raise Damage(f"{name} is damaged: {written} bytes instead of {size or DEFAULT_SIZE}")
    if target:
        target.truncate(size)


def _blocks(packed: Any, may_end_early: bool) -> Iterator[bytes]:
    try:
        while block := packed.read(CHUNK):
            yield block
    except EOFError:
        if not may_end_early:
            raise


def segment_size(index: Index | None) -> int:
    return index.segment_bytes if index else DEFAULT_SIZE


def check_is_end(folder: Path, name: str, index: Index | None) -> None:
    """A segment that is only a part is the end of the archive: nothing comes after it."""
    size = segment_size(index)
    later = [n for n in names_in(folder, index) if SEGMENT.fullmatch(n) and number(n, size) > number(name, size)]
    if later:
        raise Damage(f"{name} is damaged: only its beginning is there, and {min(later)} comes after it")


def _checked_size(block: bytes, name: str, source: Path) -> int:
    """The segment's size, when its first page says that it is this segment of this cluster."""
    if len(block) < HEADER.size:
        raise Damage(f"{name} is damaged: it has no first page")
    _magic, info, timeline, address, _rest, system, size = HEADER.unpack_from(block)
    power = size and not size & (size - 1)
    if not info & LONG_HEADER or not power or timeline > int(name[:8], 16):
        raise Damage(f"{name} is damaged: its first page is not one of a segment")
    if str(system) != source.parent.name:
        raise Damage(f"{name} is of another server: system {system} instead of {source.parent.name}")
    if address != number(name, size) * size:
        raise Damage(f"{name} is damaged: its first page is of another segment")
    return int(size)


if __name__ == "__main__":
    try:
        sys.exit(get(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))
    except Damage as damage:
        sys.exit(f"{MARK} {damage}")
