"""My work: what waits for the person who looks."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from incidents.case.choices import State
from incidents.case.look.rows import Row, fingerprint, row_values, rows_from
from incidents.case.risk import risk
from incidents.case.selectors import incidents_assigned_to, incidents_reported_by, incidents_unassigned_in
from knowledge.selectors import drafts_to_publish, notices_of
from prsystem.accounts.models import User
from prsystem.accounts.requests import SignedInRequest
from prsystem.core.replica.reading import may_be_stale
from prsystem.core.rights import Rights

ASSIGNED_LIMIT = 50
SHORT_LIST = 12
COUNT_LIMIT = 100


@login_required
@may_be_stale
def home(request: SignedInRequest) -> HttpResponse:
    """By role: reporters see their own reports; engineers what they work on, what is free, what waits."""
    user = request.user
    context: dict[str, Any] = {"section": "home", "reports": _reports(user)}
    context["notices"] = list(notices_of(user.rights)[:SHORT_LIST])
    if user.rights.is_support:
        context.update(_support(user))
    context["huella"] = fingerprint(
        row for name in ("mine", "free", "waiting", "reports") for row in context.get(name, [])
    )
    if not request.htmx:
        return render(request, "incidents/home.html", context)
    if request.GET.get("huella") == context["huella"]:
        return HttpResponse(status=204)
    return render(request, "incidents/_home.html", context)


def _reports(user: User) -> list[Row]:
    values = row_values(incidents_reported_by(user).order_by("-id"))[:SHORT_LIST]
    return rows_from(values, user.rights)


def _support(user: User) -> dict[str, Any]:
    now = timezone.now()
    values = list(row_values(incidents_assigned_to(user).order_by("resolution_due_at", "id"))[:ASSIGNED_LIMIT])
    active = [value for value in values if value["state"] != State.WAITING]
    waiting = [value for value in values if value["state"] == State.WAITING]
    free = incidents_unassigned_in(user.rights, user.rights.levels)
    return {
        "mine": rows_from(active, user.rights, now),
        "waiting": rows_from(waiting, user.rights, now),
        "overdue": sum(risk(now, None, value["resolution_due_at"]) == "vencido" for value in active),
        "free": rows_from(row_values(free)[:SHORT_LIST], user.rights, now),
        "free_count": len(free.values_list("pk")[:COUNT_LIMIT]),
        "free_is_more": COUNT_LIMIT,
        "own_level": own_level(user.rights),
        "drafts": list(drafts_to_publish(user.rights)[:SHORT_LIST]),
    }


def own_level(rights: Rights) -> str:
    """The queue that a person starts from."""
    return rights.levels[0] if rights.levels else "L1"
