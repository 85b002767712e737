"""Refusals that a test brings about are counted by itself: others that run at the same time don't use up its minute."""

from typing import Any

import pytest
from django.core.cache import cache

from audit.models import AuditEntry


@pytest.fixture
def own_refusals(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "refusals"}}
    cache.clear()


def refused(action: str) -> list[AuditEntry]:
    """The entries of refusals with this action, oldest first."""
    return list(AuditEntry.objects.filter(accion=action, resultado=AuditEntry.Outcome.DENIED).order_by("pk"))
