"""The outbox and the inbox, to look at. A kept or refused mail can be sent again."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from prsystem.core.console.base import ReadOnlyAdmin
from prsystem.core.web.middleware import actor_of

from . import services
from .models import InboundMail, OutgoingMail


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    list_display = ("id", "recipient", "subject", "state", "attempts", "created_at", "sent_at", "last_error")
    list_filter = ("state",)
    search_fields = ("recipient", "=resource", "=message_id")
    actions = ("send_again",)

    @admin.action(description=_("Send the selected mails again"))
    def send_again(self, request: HttpRequest, queryset: QuerySet[OutgoingMail]) -> None:
        actor = actor_of(request)
        sent = [mail for mail in queryset if services.mail_send_again(actor=actor, mail_id=mail.pk)]
        text = ngettext("%(n)d mail will be sent.", "%(n)d mails will be sent.", len(sent)) % {"n": len(sent)}
        self.message_user(request, text, messages.SUCCESS if sent else messages.WARNING)


@admin.register(InboundMail)
class InboundMailAdmin(ReadOnlyAdmin):
    list_display = ("id", "sender", "subject", "state", "reason", "resource", "received_at")
    list_filter = ("state", "reason")
    search_fields = ("sender", "=message_id", "=resource")
    exclude = ("raw",)
