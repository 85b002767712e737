"""The record of an answer for support: what it was made of, and a replay."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incidents.case.selectors import incident_get
from prsystem.accounts.requests import SignedInRequest
from prsystem.core.web.middleware import actor_of

from .record import answer_record
from .replaying import replay_request


@login_required
def suggestion_record(request: SignedInRequest, number: str) -> HttpResponse:
    incident = incident_get(request.user.rights, number)
    found = answer_record(incident, request.user.rights)
    context = {
        "section": "incidents",
        "incident": incident,
        "record": found,
        "may_replay": incident.area_id in request.user.rights.works_incidents,
    }
    return render(request, "incidents/record.html", context)


@login_required
@require_POST
def suggestion_replay(request: SignedInRequest, number: str) -> HttpResponse:
    incident = incident_get(request.user.rights, number)
    replay_request(actor=actor_of(request), incident_id=incident.pk)
    messages.success(request, _("The replay is under way; this page shows it when it is done."))
    return redirect("suggestion_record", number=incident.number)
