"""Reads the history of backups."""

from datetime import datetime

from django.db.models import Max, QuerySet

from prsystem.core.errors import Missing

from .models import BackupRun

State, Tier = BackupRun.State, BackupRun.Tier
PRESENT = (State.DONE, State.UNVERIFIED)
# A copy of a tier also counts for the tiers below it.
COUNTS_FOR = {
    Tier.DAILY: (Tier.DAILY, Tier.WEEKLY, Tier.MONTHLY),
    Tier.WEEKLY: (Tier.WEEKLY, Tier.MONTHLY),
    Tier.MONTHLY: (Tier.MONTHLY,),
}


def backups_present() -> QuerySet[BackupRun]:
    """Copies that exist, newest first."""
    return BackupRun.objects.filter(state__in=PRESENT).order_by("-taken_at")


def backup_by_copy_id(copy_id: str) -> BackupRun:
    """Missing when there is none, or it is gone."""
    if found := backups_present().filter(copy_id=copy_id).first():
        return found
    raise Missing()


def last_success(tier: str) -> datetime | None:
    """When the newest verified copy that counts for the tier was taken."""
    done = BackupRun.objects.filter(state=State.DONE, tier__in=COUNTS_FOR[Tier(tier)])
    return done.aggregate(moment=Max("taken_at"))["moment"]


def last_verified(tier: str) -> datetime | None:
    """When a copy that counts for the tier was last proven."""
    present = BackupRun.objects.filter(state__in=PRESENT, tier__in=COUNTS_FOR[Tier(tier)])
    return present.aggregate(moment=Max("verified_at"))["moment"]
