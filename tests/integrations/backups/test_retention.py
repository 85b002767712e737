"""Which copies go: over random calendars the tiers are kept, and the last verified copy always is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.backups.retention.rules import DAY, KEPT, Copy, expired, wal_needed_from

START = datetime(2024, 1, 1, tzinfo=UTC)
TIERS = st.sampled_from(sorted(KEPT))


@st.composite
def calendars(draw: st.DrawFn) -> list[Copy]:
    hours = draw(st.lists(st.integers(0, 3 * 366 * 24), max_size=40, unique=True))
    return [
        Copy(f"c{hour}", draw(TIERS), START + timedelta(hours=hour), draw(st.booleans()), draw(st.booleans()))
        for hour in hours
    ]


@settings(max_examples=300, deadline=None)
@given(calendars())
def test_the_last_verified_copy_and_the_tiers_are_kept(copies: list[Copy]) -> None:
    check(copies)


@pytest.mark.slow
@settings(max_examples=10_000, deadline=None)
@given(calendars())
def test_the_same_over_ten_thousand_calendars(copies: list[Copy]) -> None:
    check(copies)


def check(copies: list[Copy]) -> None:
    gone = set(expired(copies))
    left = [copy for copy in copies if copy not in gone]
    verified = [copy for copy in copies if copy.is_verified]
    if not verified:
        assert not gone
        return
    newest = max(verified, key=lambda copy: copy.taken_at)
    assert newest in left
    assert all(copy in left for copy in copies if copy.taken_at >= newest.taken_at)
    assert all(copy in left for copy in copies if newest.taken_at - copy.taken_at <= KEPT[copy.tier])
    with_base = [copy for copy in verified if copy.has_base]
    assert not with_base or max(with_base, key=lambda copy: copy.taken_at) in left
    assert set(expired(left)) == set()


def test_a_year_of_the_schedule_leaves_the_table_of_the_requirements() -> None:
    days = [START + DAY * n for n in range(800)]
    copies = [Copy(f"{day:%F}", _tier(day), day, True, True) for day in days]
    left: list[Copy] = []
    for copy in copies:
        left.append(copy)
        gone = expired(left)
        left = [kept for kept in left if kept not in gone]
    taken = {copy.taken_at for copy in left}
    assert all(day in taken for day in days[-30:])
    assert len([day for day in days[-84:] if day.weekday() == 6 and day in taken]) == 12
    assert len([day for day in days[-366:] if day.day == 1 and day in taken]) >= 12
    assert len(left) < 30 + 12 + 14


def _tier(day: datetime) -> str:
    return "monthly" if day.day == 1 else "weekly" if day.weekday() == 6 else "daily"


def test_wal_is_kept_from_the_physical_copy_before_the_last_day() -> None:
    now = START + 5 * DAY
    copies = [(START + n * DAY, f"0{n}") for n in range(5)]
    assert wal_needed_from(copies, now) == "04"
    assert wal_needed_from(copies, now - timedelta(hours=1)) == "03"
    assert wal_needed_from([(now, "09")], now) == "09"
    assert wal_needed_from([], now) == ""
