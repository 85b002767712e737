"""Exams to look at; chat models to propose, examine and promote."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from incidents.suggestions.record import SEARCHES
from prsystem.core.console.base import AuditedAdmin, ReadOnlyAdmin
from prsystem.core.errors import DomainError
from prsystem.core.web.middleware import actor_of

from . import services as examining
from .models import ChatModelCandidate, ExamRun
from .scoring import VERDICTS, verdicts


@admin.register(ExamRun)
class ExamRunAdmin(ReadOnlyAdmin):
    console_group = "models"
    list_display = ("created_at", "answered_by", "state", "points", "found", "grounded", "refused", "judged", "cases")
    search_fields = ("chat_model", "prompt_version", "model_digest")
    fields = (
        *("created_at", "answered_by", "model_digest", "embedder", "state", "points", "found", "grounded", "refused"),
        *("judged", "seconds", "by_case"),
    )

    @admin.display(description=_("what answered"))
    def answered_by(self, exam: ExamRun) -> str:
        return f"{exam.chat_model} · {exam.prompt_version}" if exam.chat_model else gettext("Passages only")

    @admin.display(description=_("score"))
    def points(self, exam: ExamRun) -> str:
        return _figure(exam.score)

    @admin.display(description=_("recall@5"))
    def found(self, exam: ExamRun) -> str:
        return _figure(exam.recall_at_5)

    @admin.display(description=_("groundedness"))
    def grounded(self, exam: ExamRun) -> str:
        return _figure(exam.groundedness)

    @admin.display(description=_("refusals"))
    def refused(self, exam: ExamRun) -> str:
        return _figure(exam.refusal_rate)

    @admin.display(description=_("useful · misleading · silent"))
    def judged(self, exam: ExamRun) -> str:
        return " · ".join(str(len(numbers)) for numbers in exam.verdicts.values()) or "—"

    @admin.display(description=_("cases"))
    def by_case(self, exam: ExamRun) -> SafeString:
        names = (_("Case"), _("Found"), _("groundedness"), _("Answered"), _("Answer"), _("Searched"), _("Error"))
        head = format_html_join("", "<th>{}</th>", ((name,) for name in names))
        rows = (_cells(number, one) for number, one in sorted(exam.results.items()))
        body = format_html_join("", f"<tr>{'<td>{}</td>' * len(names)}</tr>", rows)
        return format_html("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", head, body)


def _figure(value: float) -> str:
    return number_format(round(value, 3), 3)  # which by itself cuts instead of rounding


def _cells(number: str, one: dict[str, Any]) -> tuple[str, ...]:
    yes, no = gettext("Yes"), gettext("No")
    found, answered = (yes if one["hallado"] else no), (no if one["rechazo"] else yes)
    return (
        number,
        found,
        _figure(one["fundamento"]),
        answered,
        *(str(VERDICTS[code]) for code, numbers in verdicts({number: one}).items() if numbers),
        *([] if "citado" in one else ["—"]),
        str(SEARCHES.get(one.get("busqueda", ""), "—")),
        one["error"],
    )


@admin.register(ChatModelCandidate)
class ChatModelCandidateAdmin(AuditedAdmin):
    console_group = "models"
    entity = "chat_model"
    may_change = may_delete = False  # another name would have another exam
    list_display = ("name", "kind", "state", "scores", "worse", "decided_at")
    list_select_related = ("exam",)
    search_fields = ("name",)
    readonly_fields = ("state", "exam", "scores", "worse", "decided_at")
    fields = ("kind", "name", *readonly_fields)
    actions = ("examine", "promote")

    @admin.display(description=_("score · in use"))
    def scores(self, candidate: ChatModelCandidate) -> str:
        found = examining.candidate_scores(candidate)
        if found is None:
            return "—"
        return " · ".join(_figure(score) for score in found)

    @admin.display(description=_("cases that got worse"))
    def worse(self, candidate: ChatModelCandidate) -> str:
        return ", ".join(candidate.failing) or "—"

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
        text = _("%(name)s is refused: its exam is worse (score · in use: %(scores)s). Cases: %(cases)s.")
        facts = {"name": decided.name, "scores": self.scores(decided), "cases": self.worse(decided)}
        self.message_user(request, text % facts, messages.ERROR)
