"""Jobs, outbox and idempotency records: to look at. A parked job can be tried again."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from prsystem.core.console.base import ReadOnlyAdmin
from prsystem.core.jobs.retrying import jobs_retry, retried_text

from .models import Heartbeat, IdempotencyRecord, Job, OutboxEvent, Tally


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ("id", "kind", "lane", "state", "attempts", "run_at", "leased_until", "worker", "finished_at")
    list_filter = ("state", "lane", "kind")
    search_fields = ("kind__startswith", "dedup_key__startswith", "request_id__exact", "=id")
    ordering = ("-id",)
    actions = ("retry",)

    @admin.action(description=_("Try the selected parked jobs again"))
    def retry(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        count = jobs_retry(request, queryset)
        self.message_user(request, retried_text(count), messages.SUCCESS if count else messages.WARNING)


@admin.register(OutboxEvent)
class OutboxEventAdmin(ReadOnlyAdmin):
    list_display = ("id", "event", "resource", "created_at", "relayed_at")
    list_filter = ("event", ("relayed_at", admin.EmptyFieldListFilter))
    search_fields = ("resource__exact", "event__startswith", "=id")
    ordering = ("-id",)


@admin.register(IdempotencyRecord)
class IdempotencyRecordAdmin(ReadOnlyAdmin):
    list_display = ("id", "scope", "key", "status", "created_at")
    list_filter = ("status",)
    search_fields = ("scope__startswith", "key__exact")
    ordering = ("-id",)


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    list_display = ("name", "at")


@admin.register(Tally)
class TallyAdmin(ReadOnlyAdmin):
    """What the metrics of workers count."""

    list_display = ("name", "label", "total")
    list_filter = ("name",)
    search_fields = ("name",)
