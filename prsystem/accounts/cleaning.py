"""Rows that have had their time: tokens, sessions, attempt counts, first answers of repeated writes."""

from datetime import timedelta

import structlog
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils import timezone

from prsystem.core.idempotency import KEPT
from prsystem.core.models import IdempotencyRecord

from .models import AttemptCount, BrowserSession, RefreshToken, SetupLink

log = structlog.get_logger(__name__)
BATCH = 2000
A_DAY = timedelta(days=1)


def stale_remove() -> dict[str, int]:
    """Remove what is of no more use, in small transactions; how many rows of each kind. Safe to run at any time."""
    now = timezone.now()
    stale: list[QuerySet[Model]] = [
        RefreshToken.objects.filter(expires_at__lt=now - A_DAY),  # a day more, so that a late reuse is still noticed
        BrowserSession.objects.filter(expire_date__lt=now),
        AttemptCount.objects.filter(expires_at__lt=now),
        SetupLink.objects.filter(expires_at__lt=now - A_DAY),
        IdempotencyRecord.objects.filter(created_at__lt=now - KEPT),
        AccessAttempt.objects.filter(attempt_time__lt=now - settings.AXES_COOLOFF_TIME - A_DAY),
    ]
    removed = {rows.model._meta.label: _remove(rows) for rows in stale}
    log.info("stale.removed", **{name: count for name, count in removed.items() if count})
    return removed


def _remove(rows: QuerySet[Model]) -> int:
    total = 0
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        total += rows.model._default_manager.filter(pk__in=keys).delete()[0]
    return total
