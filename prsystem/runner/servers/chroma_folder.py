"""Chroma's folder: can the server read it? One that it can't read is kept beside, for those who look for the cause."""

import os
import shutil
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from prsystem.runner import room

KEPT = 2  # folders set aside, the newest
SET_ASIDE = "estropeado"
DATABASE = "chroma.sqlite3"
SEGMENT_FILES = ("header.bin", "data_level0.bin", "length.bin", "link_lists.bin", "index_metadata.pickle")
# Vector segments of which something was written to disk: their files must be there.
WRITTEN = "SELECT id FROM segments WHERE scope = 'VECTOR' AND id IN (SELECT segment_id FROM max_seq_id)"


def fault_of(folder: Path) -> str:
    """What is wrong with the folder, in a few words; empty for one that is sound, empty, or not there yet."""
    if not folder.exists():
        return ""
    if not folder.is_dir():
        return "it is no folder"
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return "it can't be read and written"
    database = folder / DATABASE
    if not database.exists():
        return "its database is missing" if any(folder.iterdir()) else ""
    if not database.is_file() or not os.access(database, os.R_OK | os.W_OK):
        return f"{DATABASE} can't be read and written"
    return _fault_in(database)


def _fault_in(database: Path) -> str:
    if not database.stat().st_size:
        return f"{DATABASE} is empty"
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as db:
            if (found := db.execute("PRAGMA quick_check(1)").fetchone()) != ("ok",):
                return f"{DATABASE}: {found}"
            written = [row[0] for row in db.execute(WRITTEN)]
    except sqlite3.OperationalError as error:  # another layout, or locked: the server itself says what it can't read
        return "" if "no such" in str(error) or "locked" in str(error) else f"{DATABASE}: {error}"
    except sqlite3.DatabaseError as error:
        return f"{DATABASE}: {error}"
    for segment in written:
        for name in SEGMENT_FILES:
            path = database.parent / segment / name
            if not path.is_file() or (name != "link_lists.bin" and not path.stat().st_size):
                return f"{segment}/{name} is missing"
    return ""


def set_aside(folder: Path, fault: str) -> None:
    """Rename the folder, keep the newest of those, leave an empty one. Nothing where the disk is full or read-only:
    there the server fails for want of room, and its folder may be sound."""
    if room.fault_of(folder.parent):
        return
    name = f"{folder.name}.{SET_ASIDE}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    folder.rename(folder.with_name(name))
    folder.mkdir(mode=0o700)
    sys.stderr.write(f"the index can't be used ({fault}): kept as {name}, and made again from the database\n")
    for old in sorted(folder.parent.glob(f"{folder.name}.{SET_ASIDE}-*"))[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True) if old.is_dir() else old.unlink(missing_ok=True)
