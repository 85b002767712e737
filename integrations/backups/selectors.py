"""Reads the history of backups."""

from datetime import datetime

from django.db.models import Max, QuerySet

from prsystem.core.errors import Missing

from . import schedule
from .models import BackupRun, RestorePoint

State, Tier = BackupRun.State, BackupRun.Tier
PRESENT = (State.DONE, State.INCOMPLETE, State.UNVERIFIED)
COUNTS_FOR = {**schedule.COUNTS_FOR, "hourly": ("hourly",)}


def backups_present() -> QuerySet[BackupRun]:
    """Copies that exist, newest first."""
    return BackupRun.objects.filter(state__in=PRESENT).exclude(tier=Tier.HOURLY).order_by("-taken_at")


def backup_by_copy_id(copy_id: str) -> BackupRun:
    """Missing when there is none, or it is gone."""
    if found := backups_present().filter(copy_id=copy_id).first():
        return found
    raise Missing()


def last_success(tier: str) -> datetime | None:
    """When the newest verified copy that counts for the tier was taken."""
    done = BackupRun.objects.filter(state=State.DONE, tier__in=COUNTS_FOR[tier])
    return done.aggregate(moment=Max("taken_at"))["moment"]


def last_verified(tier: str) -> datetime | None:
    """When a copy that counts for the tier was last proven."""
    present = BackupRun.objects.filter(state__in=PRESENT, tier__in=COUNTS_FOR[tier])
    return present.aggregate(moment=Max("verified_at"))["moment"]


def last_good() -> datetime | None:
    """When the newest verified and pushed copy was taken, one by hand included."""
    done = BackupRun.objects.filter(state=State.DONE).exclude(tier=Tier.HOURLY)
    return done.aggregate(moment=Max("taken_at"))["moment"]


def archived_until() -> datetime | None:
    """Everything committed before is in the continuous archive; None where there is none. A fetch that fails leaves the
    moment of the one before it."""
    return BackupRun.objects.filter(tier=Tier.HOURLY).aggregate(moment=Max("taken_at"))["moment"]


def last_recoverable() -> datetime | None:
    """The newest moment that could be brought back now: by the archive, or else by a verified copy."""
    good = BackupRun.objects.filter(state__in=(State.DONE, State.INCOMPLETE))
    return good.aggregate(moment=Max("taken_at"))["moment"]


def is_held() -> bool:
    """Whether webhooks and mails wait for a release after a restore."""
    return RestorePoint.objects.filter(released_at=None).exists()
