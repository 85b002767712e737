"""What the health page of the console says: panels of rows, each with a state and what to do when it isn't well.

Apps register the panels of their own parts in `AppConfig.ready()`, as dotted paths that are imported when asked.
"""

import platform
import shutil
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import django
from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from prsystem import __version__
from prsystem.core.jobs.heartbeats import SWEEP, heard_at
from prsystem.core.models import Job, OutboxEvent

from . import checks

OK, WARNING, ERROR, OFF = "ok", "warning", "error", "off"
LATE = timedelta(minutes=2)
VERY_LATE = timedelta(minutes=10)
SILENT = timedelta(minutes=1)
LEAST_FREE = 0.10
COUNTED = 10_000


@dataclass(frozen=True)
class Row:
    """One fact. `advice` is shown when the state isn't ok; `url` leads to more."""

    label: Any
    value: Any
    state: str = OK
    advice: Any = ""
    url: str = ""


@dataclass(frozen=True)
class Panel:
    """Facts of one part. With `retry` the panel has the button that tries failed jobs again."""

    title: Any
    rows: list[Row]
    retry: int = 0


_panels: dict[str, None] = {}


def register(panel: str) -> None:
    """A dotted path of a function that returns a Panel."""
    _panels[panel] = None


def panels() -> list[Panel]:
    """Every panel, as things are now."""
    return [import_string(path)() for path in _panels]


PARTS = {
    "database": (
        gettext_lazy("Database"),
        gettext_lazy("Start PostgreSQL and look at its log; without it nothing works."),
    ),
    "replica": (
        gettext_lazy("Replica of the database"),
        gettext_lazy("Reads go to the main database meanwhile. Look at the replica's log and its lag."),
    ),
    "redis": (
        gettext_lazy("Redis (doorbell)"),
        gettext_lazy("Start Redis. Nothing is lost: jobs are in the database and start within seconds of its return."),
    ),
    "chromadb": (
        gettext_lazy("Chroma (vector index)"),
        gettext_lazy("Start Chroma. Search goes on by text; if the index is lost, `manage.py reindex` makes it again."),
    ),
    "ollama": (
        gettext_lazy("Model nodes"),
        gettext_lazy("No node answers. Look at Ollama on each; solutions are extractive meanwhile."),
    ),
    "storage": (
        gettext_lazy("File storage"),
        gettext_lazy("Attachments can't be kept. Check the free space, or the S3 store and its keys."),
    ),
    "workers": (
        gettext_lazy("Workers"),
        gettext_lazy("No worker answers. Start one; what waits is done then."),
    ),
    "backups": (
        gettext_lazy("Backups"),
        gettext_lazy("The last backup failed or is too old. Look at its record and start one by hand."),
    ),
}
_STATES = {OK: gettext_lazy("Works"), ERROR: gettext_lazy("Fails"), OFF: gettext_lazy("Not in use")}


def parts_panel() -> Panel:
    """The checks of the detailed health report."""
    return Panel(_("Parts"), [_part(name, state) for name, state in checks.states().items()])


def _part(name: str, state: str) -> Row:
    label, advice = PARTS.get(name, (name, _("Look at the log.")))
    return Row(label, _STATES[state], state, advice if state == ERROR else "")


def work_panel() -> Panel:
    """Jobs that wait, run and have failed, and whether the clock that starts them runs."""
    pending = Q(state=Job.State.PENDING)
    now = timezone.now()
    waiting = Job.objects.filter(pending, run_at__lte=now).aggregate(n=Count("pk"), since=Min("run_at"))
    running = Job.objects.filter(pending, leased_until__gt=now).count()
    later = Job.objects.filter(pending, run_at__gt=now).count()
    failed = Job.objects.filter(state=Job.State.PARKED).count()
    jobs = reverse("admin:core_job_changelist")
    rows = [
        _beat_row(now),
        Row(_("Jobs that wait or run"), _count_and_age(waiting["n"], waiting["since"], now), *_lateness(waiting, now)),
        Row(_("Jobs in hand"), running),
        Row(_("Jobs for later"), later, url=f"{jobs}?state__exact={Job.State.PENDING}"),
        Row(
            _("Jobs that failed for good"),
            failed,
            WARNING if failed else OK,
            _("Read what went wrong, mend the cause, then try them again."),
            f"{jobs}?state__exact={Job.State.PARKED}",
        ),
    ]
    return Panel(_("Work in the background"), rows, retry=failed)


def _beat_row(now: Any) -> Row:
    heard = heard_at(SWEEP)
    silent = heard is None or now - heard > SILENT
    value = _("%(time)s ago") % {"time": timesince(heard, now)} if heard else _("never")
    advice = _("The clock (beat) or all workers stand still: nothing periodic is done. Start them.")
    return Row(_("Last round of the clock"), value, ERROR if silent else OK, advice)


def _lateness(waiting: dict[str, Any], now: Any) -> tuple[str, str]:
    """State and advice by how long the oldest job waits."""
    late = now - waiting["since"] if waiting["since"] else timedelta()
    state = ERROR if late > VERY_LATE else WARNING if late > LATE else OK
    return state, _("More comes in than is done, or the workers stand still. Start more workers.")


def _count_and_age(count: int, since: Any, now: Any) -> str:
    if not count:
        return "0"
    return _("%(count)d, the oldest for %(time)s") % {"count": count, "time": timesince(since, now)}


def outbox_panel() -> Panel:
    """What happened and wasn't handed to the sender yet; counted up to a bound."""
    now = timezone.now()
    unsent = OutboxEvent.objects.filter(relayed_at=None).order_by("pk")
    count, first = unsent[:COUNTED].count(), unsent.first()
    late = now - first.created_at if first else timedelta()
    state = ERROR if late > VERY_LATE else WARNING if late > LATE else OK
    advice = _("The sender of webhooks stands still. Start it: it begins with what waits.")
    value = _count_and_age(count, first.created_at if first else None, now)
    return Panel(_("Outbox"), [Row(_("Events not handed over yet"), value, state, advice)])


def disk_panel() -> Panel:
    """Room in the folder of the state."""
    usage = shutil.disk_usage(settings.LAYOUT.data)
    free = usage.free / usage.total
    state = ERROR if free < LEAST_FREE / 2 else WARNING if free < LEAST_FREE else OK
    value = _("%(percent)d %% free, %(gigabytes)d GB") % {"percent": free * 100, "gigabytes": usage.free // 10**9}
    return Panel(_("Disk"), [Row(_("Folder of the data"), value, state, _("Make room: a full disk stops everything."))])


def versions_panel() -> Panel:
    """What runs here."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        database = cursor.fetchone()[0]
        cursor.execute("SELECT count(*), max(applied) FROM django_migrations")
        count, applied = cursor.fetchone()
    schema = ngettext("%(n)d migration", "%(n)d migrations", count) % {"n": count}
    rows = [
        Row("PR-System", __version__),
        Row("Python", platform.python_version()),
        Row("Django", django.get_version()),
        Row("PostgreSQL", database),
        Row(_("Schema of the database"), f"{schema}, {timezone.localtime(applied):%Y-%m-%d}"),
    ]
    return Panel(_("Versions"), rows)


for _own in ("parts", "work", "outbox", "disk", "versions"):
    register(f"prsystem.core.health.panels.{_own}_panel")
