"""Is there room where an instance writes? Said in one line, so that nobody has to look for it in the logs."""

import os
import tempfile
from pathlib import Path

from .layout import Layout

LEAST_BYTES = 16 * 1024 * 1024  # one segment of PostgreSQL's WAL
LEAST_FILES = 20


def places(layout: Layout) -> list[Path]:
    """Data, logs and sockets, temporary files, copies."""
    own = [layout.data, layout.run, layout.logs, layout.postgres, layout.media, layout.chroma]
    copies = os.environ.get("PRS_BACKUP_DIR")
    return [*own, Path(tempfile.gettempdir()), *([Path(copies)] if copies else [])]


def faults(layout: Layout) -> list[str]:
    """One sentence for each disk that takes nothing more, the folder that lies on it first."""
    told: dict[int, str] = {}
    for path in places(layout):
        try:
            device, fault = path.stat().st_dev, fault_of(path)
        except OSError:
            continue  # not made yet
        if fault:
            told.setdefault(device, fault)
    return list(told.values())


def fault_of(path: Path) -> str:
    """Why the disk of a path that exists takes nothing more, as a sentence; empty where it does."""
    state = os.statvfs(path)
    free = state.f_bavail * state.f_frsize
    if state.f_flag & os.ST_RDONLY:
        return f"el disco de {path} es de solo lectura"
    if free < LEAST_BYTES:
        return f"el disco de {path} está lleno ({free >> 20} MiB libres)"
    if state.f_files and state.f_favail < LEAST_FILES:
        return f"el disco de {path} no admite más archivos (inodos agotados)"
    return ""
