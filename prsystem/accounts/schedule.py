"""The jobs of accounts, and what is done for them by the clock."""

from django.conf import settings

from prsystem.core.jobs.schedule import Periodic, Work

JOBS = (Work("directory.sync", "prsystem.accounts.directory.sync.directory_sync"),)
BY_CLOCK = (
    Periodic(
        "directory-sync",
        "prsystem.accounts.directory.requests.directory_sync_request",
        every=60.0 * settings.LDAP_SYNC_MINUTES,
        queue="normal",
        expires=60,
    ),
)
