"""The targets of an incident, explained: a page of its own, or a part of the incident's page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from incidents.case.selectors import incident_get
from prsystem.accounts.requests import SignedInRequest

from .explaining import sla_explain


@login_required
def incident_sla(request: SignedInRequest, number: str) -> HttpResponse:
    """Starts, pauses, calendar and the intervals that were counted."""
    incident = incident_get(request.user.rights, number)
    template = "incidents/_sla.html" if request.htmx else "incidents/sla.html"
    context = {"section": "incidents", "incident": incident, "stories": sla_explain(incident)}
    return render(request, template, context)
