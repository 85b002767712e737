"""Correcting a report. When somebody else was faster, both versions are shown and nothing is lost or overwritten."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from incidents.case.models import Incident
from incidents.case.selectors import incident_get
from incidents.case.states import refusal_of
from incidents.moves.editing import editable_values, incident_update
from prsystem.accounts.requests import SignedInRequest
from prsystem.core.errors import DomainError, StaleVersion
from prsystem.core.web.middleware import actor_of

from .forms import EditForm


@login_required
def incident_edit(request: SignedInRequest, number: str) -> HttpResponse:
    """The form; 409 with the differences when the incident isn't the one that the form was made for any more."""
    user = request.user
    incident = incident_get(user.rights, number)
    if refusal := refusal_of("editar", incident, user.as_actor()):
        raise refusal
    works = incident.area_id in user.rights.works_incidents
    if request.method != "POST":
        initial = {**editable_values(incident), "version": incident.version}
        return _page(request, incident, EditForm(works, initial=initial), 200)
    form = EditForm(works, request.POST)
    if not form.is_valid():
        return _page(request, incident, form, 422)
    fields = {name: value for name, value in form.cleaned_data.items() if name != "version"}
    try:
        incident_update(
            actor=actor_of(request), incident_id=incident.pk, fields=fields, version=form.cleaned_data["version"]
        )
    except StaleVersion as error:
        return _stale(request, incident.number, works, error)
    except DomainError as error:
        for name, found in error.errors.items():
            form.add_error(name if name in form.fields else None, [str(message) for message in found])
        if not error.errors:
            form.add_error(None, str(error))
        return _page(request, incident, form, error.status if not error.errors else 422)
    messages.success(request, _("Saved."))
    return redirect(incident)


def _stale(request: SignedInRequest, number: str, works: bool, error: StaleVersion) -> HttpResponse:
    """The form again, for the present version: with the own values where something was typed, else with the present."""
    fresh = incident_get(request.user.rights, number)
    kept = {name: d["actual"] if d["suyo"] == d["base"] else d["suyo"] for name, d in error.differences.items()}
    form = EditForm(works, {**kept, "version": fresh.version})
    form.is_valid()
    differences = [
        {"label": form.fields[name].label, **{key: _shown(form, name, value) for key, value in found.items()}}
        for name, found in error.differences.items()
        if found["actual"] != found["suyo"]
    ]
    return _page(request, fresh, form, 409, stale=str(error), differences=differences)


def _shown(form: EditForm, name: str, value: Any) -> str:
    """A choice by its label."""
    labels = dict(getattr(form.fields[name], "choices", []))
    return str(labels.get(value, "—" if value is None else value))


def _page(request: SignedInRequest, incident: Incident, form: EditForm, status: int, **extra: Any) -> HttpResponse:
    context = {"section": "incidents", "incident": incident, "form": form, **extra}
    return render(request, "incidents/edit.html", context, status=status)
