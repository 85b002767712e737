"""What an earlier instance on the same data folder left running when it was killed."""

import os

import psutil

from .layout import Layout
from .program import INSTANCE_VARIABLE, stop_processes
from .servers import postgres

SUPERVISOR_SECONDS = 60
APP_SECONDS = 10
DATA_SECONDS = 30
DATA_NAMES = {"postgres", "valkey-server", "redis-server"}


def _belongs(process: psutil.Process, layout: Layout) -> bool:
    """Whether the process carries our mark. Servers that overwrite their environment with a title are
    recognised by the folder they work in."""
    try:
        if process.environ().get(INSTANCE_VARIABLE) == str(layout.data):
            return True
        return process.name() in DATA_NAMES and process.cwd() in (str(layout.postgres), str(layout.run))
    except (psutil.AccessDenied, psutil.NoSuchProcess, psutil.ZombieProcess):
        return False


def find(layout: Layout) -> list[psutil.Process]:
    return [process for process in psutil.process_iter() if process.pid != os.getpid() and _belongs(process, layout)]


def _is_supervisor(process: psutil.Process) -> bool:
    try:
        return "supervisor.supervisord" in process.cmdline()
    except psutil.Error:
        return False


def _is_data(process: psutil.Process) -> bool:
    try:
        return process.name() in DATA_NAMES
    except psutil.Error:
        return False


def orphans(layout: Layout) -> list[psutil.Process]:
    """Worker processes whose part died: they would keep its port or its tasks. Those of the data servers end
    by themselves."""
    return [process for process in find(layout) if not _is_data(process) and not _has_parent_here(process, layout)]


def _has_parent_here(process: psutil.Process, layout: Layout) -> bool:
    try:
        parent = process.parent()
    except psutil.NoSuchProcess:
        return True
    return parent is not None and (parent.pid == os.getpid() or _belongs(parent, layout))


def stop_all(layout: Layout) -> int:
    """Stop leftovers politely, the process runner first (it would restart the others), data last; how many."""
    found = find(layout)
    stop_processes([process for process in found if _is_supervisor(process)], seconds=SUPERVISOR_SECONDS)
    remaining = find(layout)
    stop_processes([process for process in remaining if not _is_data(process)], seconds=APP_SECONDS)
    stop_processes([process for process in remaining if _is_data(process)], seconds=DATA_SECONDS)
    postgres.forget_stale_locks(layout)
    for name in ("valkey.sock", "supervisor.sock"):
        (layout.run / name).unlink(missing_ok=True)
    return len(found)
