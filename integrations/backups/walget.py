"""PostgreSQL's restore_command: `python walget.py ARCHIVE SEGMENT TARGET`. Run alone, without the product around it.

Segments are gzipped; the last one may be a part, which is filled with zeros up to the size that its header states.
"""

import gzip
import struct
import sys
from pathlib import Path

CHUNK = 1024 * 1024
SIZE_AT = 32  # of xlp_seg_size in the header of a segment's first page
DEFAULT_SIZE = 16 * 1024 * 1024
USUAL_END = 1  # tells PostgreSQL that there is no such segment


def get(archive: Path, name: str, target: Path) -> int:
    """0 when the segment was put into `target`, 1 when the archive has none."""
    for candidate in (archive / name, archive / f"{name}.gz", archive / f"{name}.gz.partial"):
        if candidate.exists():
            _put(candidate, target)
            return 0
    return USUAL_END


def _put(source: Path, target: Path) -> None:
    is_packed = ".gz" in source.name
    with gzip.open(source, "rb") if is_packed else source.open("rb") as packed, target.open("wb") as plain:
        head = packed.read(CHUNK)
        plain.write(head)
        try:
            while block := packed.read(CHUNK):
                plain.write(block)
        except EOFError:  # a part whose writer was killed: what can be read is whole records up to there
            pass
        if is_packed and len(head) >= SIZE_AT + 4:
            _fill(plain, struct.unpack_from("<I", head, SIZE_AT)[0] or DEFAULT_SIZE)


def _fill(plain: object, size: int) -> None:
    plain.truncate(size)  # type: ignore[attr-defined]


if __name__ == "__main__":
    sys.exit(get(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))
