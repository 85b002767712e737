"""When things happen in a plant of three shifts: more on weekdays and by day, little on Sundays. Pure."""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Mexico_City")
WEEKDAYS = (1.25, 1.0, 1.0, 1.0, 1.05, 0.5, 0.2)
# Weight of each local hour: shifts begin at 6:00, 14:30 and 22:30; starts of a shift bring reports.
PLANT_HOURS = (3, 3, 2, 2, 2, 3, 8, 8, 7, 7, 7, 6, 5, 5, 7, 7, 5, 5, 4, 4, 4, 3, 5, 4)
OFFICE_HOURS = (0, 0, 0, 0, 0, 1, 3, 6, 10, 10, 9, 8, 7, 5, 7, 7, 6, 4, 2, 1, 1, 1, 1, 0)
_DEMANDING = {"P1": (2, 15), "P2": (5, 75), "P3": (15, 400), "P4": (40, 1500)}
_WORK_MINUTES = {"P1": (25, 200), "P2": (40, 600), "P3": (60, 1700), "P4": (120, 4200)}


def report_moment(random: Random, now: datetime, days: int, area: str) -> datetime:
    """A moment between `days` and half a day before `now`."""
    hours = OFFICE_HOURS if area == "TI" else PLANT_HOURS
    earliest, latest = now - timedelta(days=days), now - timedelta(hours=12)
    while True:
        day = (latest - timedelta(days=random.uniform(0, days))).astimezone(ZONE)
        if random.random() > WEEKDAYS[day.weekday()] / max(WEEKDAYS):
            continue
        hour = random.choices(range(24), hours)[0]
        moment = day.replace(hour=hour, minute=random.randrange(60), second=random.randrange(60), microsecond=0)
        if earliest <= moment <= latest:
            return moment.astimezone(now.tzinfo)


def response_delay(random: Random, priority: str) -> timedelta:
    """From report to somebody taking it; mostly short, with a tail."""
    low, high = _DEMANDING[priority]
    return timedelta(minutes=low + (high - low) * random.random() ** 2.2, seconds=random.randrange(60))


def work_time(random: Random, priority: str) -> timedelta:
    """From taking to resolving; one in nine drags on and may miss its target."""
    low, high = _WORK_MINUTES[priority]
    minutes = low + (high - low) * random.random() ** 1.8
    drags = random.uniform(4, 16) if random.random() < 1 / 9 else 1
    return timedelta(minutes=minutes * drags, seconds=random.randrange(60))


def minutes_after(random: Random, moment: datetime, low: float, high: float) -> datetime:
    return moment + timedelta(seconds=random.randrange(int(low * 60), int(high * 60)))


def between(random: Random, start: datetime, end: datetime) -> datetime:
    """A moment strictly inside when there is room, to the second; `start` otherwise."""
    seconds = int((end - start).total_seconds())
    return start + timedelta(seconds=random.randrange(1, seconds)) if seconds > 1 else start
