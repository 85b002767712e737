"""Jobs, outbox and idempotency records: to look at. A parked job can be tried again."""

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .console import ReadOnlyAdmin
from .models import IdempotencyRecord, Job, OutboxEvent
from .queue import job_unpark


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ("id", "kind", "queue", "state", "attempts", "run_at", "leased_until", "created_at", "finished_at")
    list_filter = ("state", "queue", "kind")
    search_fields = ("kind__startswith", "dedup_key__startswith", "request_id__exact", "=id")
    ordering = ("-id",)
    actions = ("retry",)

    @admin.action(description=_("Try the selected parked jobs again"))
    def retry(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        jobs = [job for job in queryset if self._retry(request, job)]
        text = ngettext("%(n)d job will be tried again.", "%(n)d jobs will be tried again.", len(jobs))
        self.message_user(request, text % {"n": len(jobs)}, messages.SUCCESS if jobs else messages.WARNING)

    @transaction.atomic
    def _retry(self, request: HttpRequest, job: Job) -> bool:
        if not job_unpark(job.pk):
            return False
        self.record(request, "retried", job, {"state": {"antes": Job.State.PARKED, "despues": Job.State.PENDING}})
        return True


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
