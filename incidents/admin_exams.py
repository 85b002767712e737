"""Exams to look at; chat models to propose, examine and promote."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from prsystem.core.console import AuditedAdmin, ReadOnlyAdmin
from prsystem.core.errors import DomainError
from prsystem.core.middleware import actor_of

from .models_exam import ChatModelCandidate, ExamRun
from .services import examining


@admin.register(ExamRun)
class ExamRunAdmin(ReadOnlyAdmin):
    console_group = "models"
    list_display = (
        *("id", "chat_model", "state", "score", "recall_at_5", "groundedness", "refusal_rate"),
        *("cases", "prompt_version", "embedder", "created_at"),
    )
    list_filter = ("state", "chat_model", "prompt_version")
    search_fields = ("chat_model", "model_digest")


@admin.register(ChatModelCandidate)
class ChatModelCandidateAdmin(AuditedAdmin):
    console_group = "models"
    entity = "chat_model"
    may_change = may_delete = False  # another name would have another exam
    list_display = ("name", "kind", "state", "exam", "failing", "decided_at")
    list_filter = ("kind", "state")
    list_select_related = ("exam",)
    search_fields = ("name",)
    readonly_fields = ("state", "exam", "failing", "decided_at")
    actions = ("examine", "promote")

    @admin.action(description=_("Examine on the closed cases"))
    def examine(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for candidate in queryset:
            examining.candidate_examine_request(actor=actor_of(request), candidate_id=candidate.pk)
        self.message_user(request, _("The exam is under way; its result appears here."))

    @admin.action(description=_("Promote: use it from now on"))
    def promote(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for candidate in queryset:
            self._promote(request, candidate)

    def _promote(self, request: HttpRequest, candidate: ChatModelCandidate) -> None:
        try:
            decided = examining.candidate_promote(actor=actor_of(request), candidate_id=candidate.pk)
        except DomainError as error:
            self.message_user(request, str(error.message), messages.ERROR)
            return
        if decided.state == ChatModelCandidate.State.PROMOTED:
            self.message_user(request, _("%(name)s is in use from now on.") % {"name": decided.name}, messages.SUCCESS)
            return
        text = _("%(name)s is refused: its exam is worse. Cases: %(cases)s.")
        facts = {"name": decided.name, "cases": ", ".join(decided.failing) or "—"}
        self.message_user(request, text % facts, messages.ERROR)
