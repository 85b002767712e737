"""When which copy is due, also for a machine that was off at midnight."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from integrations.backups.schedule import due, slot

MEXICO = ZoneInfo("America/Mexico_City")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MEXICO)


NEWEST = {"daily": at("2026-11-24T00:00:20"), "weekly": at("2026-11-22T00:01"), "monthly": at("2026-11-01T00:01")}


@pytest.mark.parametrize(
    ("now", "newest", "tier"),
    [
        ("2026-11-24T12:00", {}, "monthly"),
        ("2026-11-24T12:00", NEWEST, ""),
        ("2026-11-25T00:00", NEWEST, "daily"),
        ("2026-11-25T09:30", NEWEST, "daily"),
        ("2026-11-29T00:04", {**NEWEST, "daily": at("2026-11-28T00:01")}, "weekly"),
        ("2026-11-30T08:00", {**NEWEST, "daily": at("2026-11-28T00:01")}, "weekly"),
        ("2026-12-01T00:00", NEWEST, "monthly"),
        ("2026-12-01T00:06", {**NEWEST, "monthly": at("2026-12-01T00:01")}, ""),
        ("2027-02-03T10:00", NEWEST, "monthly"),
    ],
)
def test_the_rarest_tier_that_is_due_is_made(now: str, newest: dict[str, datetime], tier: str) -> None:
    assert due(at(now), newest) == tier


def test_a_failure_is_tried_again_after_an_hour() -> None:
    now = at("2026-11-25T00:40")
    assert due(now, NEWEST, at("2026-11-25T00:00")) == ""
    assert due(now + timedelta(minutes=20), NEWEST, at("2026-11-25T00:00")) == "daily"


def test_slots_are_local_midnights_also_when_clocks_change() -> None:
    madrid = ZoneInfo("Europe/Madrid")
    now = datetime(2026, 10, 25, 12, tzinfo=madrid)
    assert slot("daily", now).isoformat() == "2026-10-25T00:00:00+02:00"
    assert slot("weekly", now).isoformat() == "2026-10-25T00:00:00+02:00"
    assert slot("monthly", now).isoformat() == "2026-10-01T00:00:00+02:00"
