"""The machine against the table of the requirements."""

import os
import shutil
from datetime import UTC, datetime

import psutil
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from prsystem.core.health.preflight import FAIL, WARN, Finding, good

GIB = 1024**3
LEAST_CORES, WANTED_CORES = 2, 4
LEAST_MEMORY, WANTED_MEMORY = 16, 32
LEAST_DISK, WANTED_DISK = 100, 500
TOLERANCE = 0.9  # what a machine sold as 16 GB shows is less
FREE = 0.10
CLOCK_SECONDS = 2.0


def shortage() -> str:
    """A trial on a small machine is only warned of."""
    return WARN if settings.DEMO_ALLOWED else FAIL


def hardware() -> Finding:
    cores, memory = os.cpu_count() or 1, psutil.virtual_memory().total / GIB
    detail = _("%(cores)d cores, %(memory).0f GB of memory") % {"cores": cores, "memory": memory}
    advice = _("At least %(cores)d cores and %(memory)d GB; %(more)d cores and %(wanted)d GB are recommended.") % {
        "cores": LEAST_CORES,
        "memory": LEAST_MEMORY,
        "more": WANTED_CORES,
        "wanted": WANTED_MEMORY,
    }
    if cores < LEAST_CORES or memory < LEAST_MEMORY * TOLERANCE:
        return Finding(shortage(), detail, advice)
    if cores < WANTED_CORES or memory < WANTED_MEMORY * TOLERANCE:
        return Finding(WARN, detail, advice)
    return good(detail)


def disk() -> Finding:
    """Of the data folder and of the folder of backups."""
    worst = good()
    for folder in {settings.LAYOUT.data, settings.BACKUP_DIR}:
        usage = shutil.disk_usage(folder if folder.exists() else settings.LAYOUT.data)
        values = {"total": usage.total / GIB, "free": usage.free / GIB, "folder": folder.name}
        detail = _("%(folder)s: %(free).0f of %(total).0f GB free") % values
        if usage.free < FREE * usage.total:
            return Finding(FAIL, detail, _("Make room: below 10 % the database may stop."))
        if usage.total < LEAST_DISK * GIB * TOLERANCE:
            return Finding(shortage(), detail, _("At least %(gb)d GB.") % {"gb": LEAST_DISK})
        if usage.total < WANTED_DISK * GIB * TOLERANCE:
            worst = Finding(WARN, detail, _("%(gb)d GB are recommended.") % {"gb": WANTED_DISK})
        else:
            worst = worst if worst.state == WARN else good(detail)
    return worst


def clock() -> Finding:
    """This machine's clock against the database's: one-time codes, signatures and targets depend on it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        seconds = abs((cursor.fetchone()[0] - datetime.now(UTC)).total_seconds())
    detail = _("%(seconds).1f s from the database's") % {"seconds": seconds}
    if seconds > CLOCK_SECONDS:
        return Finding(FAIL, detail, _("Set the clocks by NTP."))
    return good(detail)
