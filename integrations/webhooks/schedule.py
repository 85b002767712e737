"""When a delivery is tried again: ten attempts over at least 75.5 hours, as Standard Webhooks recommends."""

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_HOUR = 3600
# Pauses after the first, second, ... failed attempt, in seconds.
PAUSES_SECONDS = (5, 300, 1800, 2 * _HOUR, 5 * _HOUR, 10 * _HOUR, 14 * _HOUR, 20 * _HOUR, 24 * _HOUR)
MAX_ATTEMPTS = len(PAUSES_SECONDS) + 1
JITTER = 0.05  # only ever added, so that the whole never gets shorter
RETRY_AFTER_CAP = timedelta(hours=24)
FAILING_LIMIT = timedelta(days=7)


def next_attempt(failed_attempts: int, now: datetime, not_before: datetime | None = None) -> datetime | None:
    """The moment of the next attempt; None when that was the last one."""
    if failed_attempts >= MAX_ATTEMPTS:
        return None
    pause = PAUSES_SECONDS[failed_attempts - 1] * random.uniform(1, 1 + JITTER)  # noqa: S311
    planned = now + timedelta(seconds=pause)
    return max(planned, not_before) if not_before else planned


def retry_after(value: str | None, now: datetime) -> datetime | None:
    """The moment named by a `Retry-After` header (seconds or a date), capped; None when it names none."""
    if not value:
        return None
    text = value.strip()[:64]
    if text.isascii() and text.isdigit():
        return now + min(timedelta(seconds=min(int(text), 10**7)), RETRY_AFTER_CAP)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(moment, now + RETRY_AFTER_CAP) if moment > now else None
