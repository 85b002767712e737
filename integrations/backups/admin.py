"""The history of backups in the console: make one now, prove one again."""

from datetime import datetime

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from prsystem.core.console.base import ReadOnlyAdmin
from prsystem.core.errors import DomainError, NotAllowed
from prsystem.core.web.middleware import actor_of
from prsystem.core.web.step_up import StepUpAdmin

from . import services
from .models import BackupRun, RestorePoint
from .retention import holding


@admin.register(BackupRun)
class BackupRunAdmin(StepUpAdmin, ReadOnlyAdmin):
    entity, kind = "backup", "respaldo"
    change_list_template = "admin/integrations/backuprun/change_list.html"
    list_display = (
        "copy_id",
        "tier",
        "standing",
        "data_until",
        "verified_at",
        "size",
        "rows",
        "files",
        "is_encrypted",
        "has_base",
        "error",
    )
    list_filter = ("state", "tier", "is_encrypted")
    search_fields = ("copy_id",)
    date_hierarchy = "created_at"
    actions = ("verify",)

    def resource_of(self, obj: BackupRun) -> str:
        return obj.resource

    @admin.display(description=_("state"), ordering="state")
    def standing(self, obj: BackupRun) -> str:
        """WAL is only brought: it is proven with the copy that it goes on from."""
        is_wal = obj.tier == BackupRun.Tier.HOURLY and obj.state == BackupRun.State.DONE
        return gettext("Brought") if is_wal else obj.get_state_display()

    @admin.display(description=_("data up to"), ordering="taken_at")
    def data_until(self, obj: BackupRun) -> datetime | None:
        return obj.taken_at

    @admin.display(description=_("size"), ordering="size_bytes")
    def size(self, obj: BackupRun) -> str:
        return filesizeformat(obj.size_bytes)

    @admin.action(description=_("Verify the selected copies by restoring them to scratch"))
    def verify(self, request: HttpRequest, queryset: QuerySet[BackupRun]) -> None:
        asked = [services.backup_verify_request(actor=actor_of(request), run=run) for run in queryset]
        count = sum(asked)
        text = ngettext("%(n)d copy will be verified.", "%(n)d copies will be verified.", count)
        self.message_user(request, text % {"n": count}, messages.SUCCESS if count else messages.WARNING)

    def get_urls(self) -> list[URLPattern]:
        now = path("hacer/", self.admin_site.admin_view(self.make_now), name="integrations_backuprun_make")
        return [now, *super().get_urls()]

    def make_now(self, request: HttpRequest) -> HttpResponse:
        """The button above the list."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_view_permission(request):
            raise NotAllowed()
        run = services.backup_request(actor=actor_of(request))
        self.message_user(request, _("Backup %(copy)s is waiting for a worker.") % {"copy": run}, messages.SUCCESS)
        return redirect(reverse("admin:integrations_backuprun_changelist"))


@admin.register(RestorePoint)
class RestorePointAdmin(StepUpAdmin, ReadOnlyAdmin):
    entity, kind = "restore_point", "respaldo"
    list_display = ("copy_id", "until", "restored_at", "rows", "released_at", "was_resent")
    list_filter = (("released_at", admin.EmptyFieldListFilter),)
    search_fields = ("copy_id",)
    actions = ("release", "release_and_send")

    def resource_of(self, obj: RestorePoint) -> str:
        return f"respaldo:{obj.copy_id}"

    @admin.action(description=_("Let webhooks go out again, without what was pending before the restore"))
    def release(self, request: HttpRequest, queryset: QuerySet[RestorePoint]) -> None:
        self._release(request, resend=False)

    @admin.action(description=_("Let webhooks go out again, with what was pending before the restore"))
    def release_and_send(self, request: HttpRequest, queryset: QuerySet[RestorePoint]) -> None:
        self._release(request, resend=True)

    def _release(self, request: HttpRequest, *, resend: bool) -> None:
        try:
            holding.restore_release(actor=actor_of(request), resend=resend)
        except DomainError as error:
            self.message_user(request, str(error), messages.ERROR)
            return
        self.message_user(request, _("Webhooks go out again."), messages.SUCCESS)
