"""How states, levels, priorities and service targets look. Pure: codes and moments in, safe HTML out."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.utils import formats, timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incidents.case.choices import OPEN_STATES, Priority, State
from incidents.case.risk import risk
from prsystem.core.templatetags.ui import DAY, HOUR, duration, icon

STATE_COLOURS = {
    State.NEW: "blue",
    State.IN_PROGRESS: "violet",
    State.WAITING: "amber",
    State.RESOLVED: "green",
    State.CLOSED: "gray",
}
PRIORITY_COLOURS = {Priority.P1: "red", Priority.P2: "orange", Priority.P3: "gray", Priority.P4: "gray"}
RISK_COLOURS = {"ok": "gray", "en_riesgo": "amber", "vencido": "red"}
NOTHING = mark_safe("")


def state_tag(code: str) -> SafeString:
    return _state_tag(code, get_language())


@lru_cache(maxsize=64)
def _state_tag(code: str, language: str) -> SafeString:
    return format_html(
        '<span class="pill c-{}"><span class="dot"></span>{}</span>', STATE_COLOURS[State(code)], State(code).label
    )


def priority_tag(code: str) -> SafeString:
    """The code with bars; the whole name is its title."""
    return _priority_tag(code, get_language())


@lru_cache(maxsize=64)
def _priority_tag(code: str, language: str) -> SafeString:
    priority = Priority(code)
    return format_html(
        '<span class="pill pill-square pill-outline c-{}" title="{}">'
        '<span class="prio prio-{}"><i></i><i></i><i></i></span>{}</span>',
        PRIORITY_COLOURS[priority],
        priority.label,
        code[1],
        code,
    )


@lru_cache(maxsize=16)
def level_tag(code: str) -> SafeString:
    return format_html('<span class="pill pill-square c-gray">{}</span>', code)


TARGET_COLOURS = {**RISK_COLOURS, "pausado": "amber", "cumplido": "green", "incumplido": "red"}


def target_tag(code: str) -> SafeString:
    """How a target stands, or how it ended."""
    labels = {
        "ok": _("On time"),
        "en_riesgo": _("At risk"),
        "vencido": _("Breached"),
        "pausado": _("paused"),
        "cumplido": _("Met"),
        "incumplido": _("Missed"),
    }
    return format_html('<span class="pill c-{}">{}</span>', TARGET_COLOURS[code], labels[code])


def due_text(moment: datetime, now: datetime) -> str:
    """`in 3 h 20 min`, or the weekday and time from a day on; for what is past, how long ago."""
    left = moment - now
    if left <= timedelta():
        return _("%(time)s late") % {"time": _rough(-left.total_seconds())}
    if left < timedelta(hours=20):
        return _("in %(time)s") % {"time": _rough(left.total_seconds())}
    local = timezone.localtime(moment)
    if left < timedelta(days=6):
        return f"{_weekday(local.weekday(), get_language())} {local:%d, %H:%M}"
    return formats.date_format(local, "j b")


def _rough(seconds: float) -> str:
    """Minutes matter under three hours only."""
    return duration(seconds if seconds < 3 * HOUR or seconds >= 2 * DAY else seconds // HOUR * HOUR)


@lru_cache(maxsize=32)
def _weekday(day: int, language: str) -> str:
    return str(WEEKDAYS_ABBR[day]).lower() if language == "es" else str(WEEKDAYS_ABBR[day])


def sla_chip(incident: dict[str, Any], now: datetime) -> SafeString:
    """The target that counts now: first response until there is one, then resolution. Paused while waiting.

    `incident` holds `state`, `waiting_since`, `responded_at` and the four moments of the targets.
    """
    if incident["state"] not in OPEN_STATES:
        return NOTHING
    if incident["waiting_since"]:
        return format_html('<span class="sla">{}{}</span>', icon("clock-pause"), _("paused"))
    kind = "resolution" if incident["responded_at"] else "response"
    due, warn = incident[f"{kind}_due_at"], incident[f"{kind}_warn_at"]
    if due is None:
        return NOTHING
    status = risk(now, warn, due)
    return format_html(
        '<span class="sla c-{}" title="{}: {}">{}{}</span>',
        RISK_COLOURS[status],
        _("Resolution due") if kind == "resolution" else _("First response due"),
        f"{timezone.localtime(due):%Y-%m-%d %H:%M}",
        icon("flame" if status == "vencido" else "clock"),
        due_text(due, now),
    )
