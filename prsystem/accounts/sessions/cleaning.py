"""Rows of accounts that have had their time: tokens, sessions, attempt counts, first answers of repeated writes."""

from datetime import timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils import timezone

from prsystem.accounts.models import AttemptCount, BrowserSession, RefreshToken, SetupLink
from prsystem.core.models import IdempotencyRecord
from prsystem.core.web.idempotency import KEPT

A_DAY = timedelta(days=1)


def stale_rows() -> list[QuerySet[Model]]:
    now = timezone.now()
    return [
        RefreshToken.objects.filter(expires_at__lt=now - A_DAY),  # a day more, so that a late reuse is still noticed
        BrowserSession.objects.filter(expire_date__lt=now),
        AttemptCount.objects.filter(expires_at__lt=now),
        SetupLink.objects.filter(expires_at__lt=now - A_DAY),
        IdempotencyRecord.objects.filter(created_at__lt=now - KEPT),
        AccessAttempt.objects.filter(attempt_time__lt=now - settings.AXES_COOLOFF_TIME - A_DAY),
    ]
