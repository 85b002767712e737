"""Backups: fresh, encrypted, elsewhere, proven."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.models import AuditEntry
from integrations.backups import metrics, selectors
from integrations.backups.copy.making import may_replicate
from integrations.backups.errors import BackupError
from integrations.backups.models import BackupRun
from integrations.backups.selectors import last_good, last_success
from integrations.backups.services import source_server
from prsystem.core.health import checks
from prsystem.core.health.preflight import FAIL, WARN, Finding, good

ARCHIVE_LATE = timedelta(hours=1)
DRILL_LATE = timedelta(days=8)
RECIPIENTS = 2


def fresh() -> Finding:
    moment = last_good()
    shown = f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else _("none yet")
    detail = _("newest verified copy: %(moment)s") % {"moment": shown}
    if metrics.state() == checks.OK:
        return good(detail)
    return Finding(FAIL, detail, _("Run manage.py backup run and look at what it says."))


def encrypted() -> Finding:
    count = len(settings.BACKUP_RECIPIENTS)
    detail = ngettext("sealed for %(count)d key", "sealed for %(count)d keys", count) % {"count": count}
    if not count:
        detail = _("Copies aren't encrypted, and so they hold no secrets.")
    if count and not settings.BACKUP_IDENTITY:
        advice = _("Give this worker the private key of operations (PRS_BACKUP_IDENTITY), never the one in escrow.")
        return Finding(WARN, _("%(copies)s; the weekly drill can't open them") % {"copies": detail}, advice)
    if count >= RECIPIENTS:
        return good(detail)
    advice = _("Set PRS_BACKUP_RECIPIENTS to two age keys: that of operations and one in escrow.")
    return Finding(WARN, detail, advice)


def archive() -> Finding:
    """WAL was fetched within the hour: what could be lost is at most that."""
    if not may_replicate(source_server()):
        advice = _("Give PRS_BACKUP_DATABASE_URL a role with REPLICATION to go back to any second.")
        return Finding(WARN, _("The role may not replicate: only the copies themselves can be restored."), advice)
    moment = last_success(BackupRun.Tier.HOURLY)
    if moment and timezone.now() - moment < ARCHIVE_LATE:
        return good(_("up to %(moment)s") % {"moment": f"{timezone.localtime(moment):%H:%M:%S}"})
    newest = BackupRun.objects.filter(tier=BackupRun.Tier.HOURLY).order_by("-pk").first()
    if newest is None:
        advice = _("It is fetched every five minutes: wait that long, then see whether beat and a worker are running.")
        return Finding(WARN, _("nothing was fetched yet"), advice)
    detail = newest.error or _("nothing was fetched within the hour")
    return Finding(FAIL, detail, _("Are beat and a worker running? The history of backups says the rest."))


def stores_take() -> Finding:
    """Write one small object to each store, and see whether it can be locked."""
    if not settings.BACKUP_STORES:
        return Finding(WARN, _("Copies stay on this machine."), _("Set S3_OFFSITE_BUCKET and its credentials."))
    from integrations.backups import stores

    try:
        unlocked = [name for name in stores.names() if not stores.probe(name)]
    except BackupError as error:
        return Finding(FAIL, str(error), _("Check the bucket and the right to write (s3:PutObject)."))
    if unlocked:
        advice = _("Make the bucket with Object Lock and set S3_OFFSITE_OBJECT_LOCK.")
        return Finding(WARN, _("Without a lock: %(names)s") % {"names": ", ".join(unlocked)}, advice)
    return good(", ".join(stores.names()))


def drilled() -> Finding:
    newest = AuditEntry.objects.filter(accion="backup.drilled").order_by("-id").first()
    if newest is None:
        return Finding(WARN, _("no drill yet"), _("Run manage.py backup drill."))
    detail = f"{timezone.localtime(newest.timestamp):%Y-%m-%d %H:%M}"
    if newest.resultado != AuditEntry.Outcome.OK:
        return Finding(FAIL, detail, _("The last drill failed: see its incident."))
    if timezone.now() - newest.timestamp > DRILL_LATE:
        return Finding(WARN, detail, _("Run manage.py backup drill."))
    seconds = newest.detalles.get("rto_seconds")
    return good(_("%(moment)s, restored in %(seconds)s s") % {"moment": detail, "seconds": seconds})


def released() -> Finding:
    if selectors.is_held():
        return Finding(FAIL, _("After a restore webhooks are held."), _("Run manage.py restore --release."))
    return good(_("nothing is held"))
