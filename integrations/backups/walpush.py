"""The continuous archive in the stores: each segment once, the unfinished one anew at every fetch."""

import json
import tempfile
from pathlib import Path

from . import sealing, stores, wal

SENT_PREFIX = ".enviados-"


def wal_push(folder: Path, recipients: list[object]) -> int:
    """Send to every store what it hasn't got; how many files. BackupError at the first that a store doesn't take."""
    return sum(_push_to(name, folder, recipients) for name in stores.names())


def _push_to(name: str, folder: Path, recipients: list[object]) -> int:
    state = folder / f"{SENT_PREFIX}{name}"
    sent: dict[str, int] = json.loads(state.read_text(encoding="utf-8")) if state.exists() else {}
    present = {path.name: path.stat().st_size for path in sorted(folder.iterdir()) if not path.name.startswith(".")}
    waiting = [file for file, size in present.items() if sent.get(file) != size]
    for file in waiting:
        _send(name, folder / file, recipients)
        sent[file] = present[file]
        state.write_text(
            json.dumps({known: size for known, size in sent.items() if known in present}), encoding="utf-8"
        )
    return len(waiting)


def _send(name: str, path: Path, recipients: list[object]) -> None:
    key = f"{wal.FOLDER}/{path.parent.name}"
    if not recipients:
        stores.put(name, f"{key}/{path.name}", path)
        return
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".cifrado-") as scratch, path.open("rb") as plain:
        part = sealing.store(plain, Path(scratch), path.name, recipients)
        stores.put(name, f"{key}/{part.name}", Path(scratch) / part.name)
