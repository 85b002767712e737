"""Asking for a comparison with the directory. Knows nothing of LDAP, so that it may be loaded anywhere."""

from django.conf import settings
from django.db import transaction

from audit.services import record
from prsystem.core.context import SYSTEM, Actor
from prsystem.core.jobs.queue import enqueue

KIND = "directory.sync"


@transaction.atomic
def directory_sync_request(*, actor: Actor = SYSTEM) -> bool:
    """Queue one comparison unless one waits already; whether there is a directory at all."""
    if not settings.LDAP_SERVERS:
        return False
    enqueue(KIND, payload={}, dedup_key=KIND)
    if actor is not SYSTEM:
        record(actor, "directory.sync_requested", "directorio:1")
    return True
