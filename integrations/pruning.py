"""What was sent, tried and done long ago: deliveries with their attempts, events, jobs and mails."""

from datetime import timedelta

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from prsystem.core.models import Job, OutboxEvent
from prsystem.runtime.registry import Kind, Setting
from prsystem.runtime.selectors import get_setting

from .mail.models import InboundMail, OutgoingMail
from .webhooks.models import Delivery

KEPT_SETTING = "integrations.history_days"
SETTING = Setting(
    key=KEPT_SETTING,
    kind=Kind.INTEGER,
    default=90,
    minimum=8,  # a resend covers the last 7 days, and the last attempt may be three days after the event
    maximum=3650,
    label=_("Days that finished traffic is kept"),
    group=_("Integrations"),
    help=_("Webhook deliveries with their attempts, events, jobs and mails. What still waits is never removed."),
)


def old_rows() -> list[QuerySet[Model]]:
    """What was finished before the days of the setting. Parked jobs and mails that were never sent stay for people to
    deal with, and an event stays while a delivery of it does."""
    before = timezone.now() - timedelta(days=get_setting(KEPT_SETTING))
    relayed = OutboxEvent.objects.filter(relayed_at__lt=before)
    return [
        Delivery.objects.filter(finished_at__lt=before).exclude(state=Delivery.State.PENDING),
        relayed.filter(~Exists(Delivery.objects.filter(event=OuterRef("pk")))),
        Job.objects.filter(state=Job.State.DONE, finished_at__lt=before),
        OutgoingMail.objects.filter(state=OutgoingMail.State.SENT, sent_at__lt=before),
        InboundMail.objects.filter(received_at__lt=before).exclude(state=InboundMail.State.RECEIVED),
    ]
