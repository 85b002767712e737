"""Moves of an incident by its page; an error comes back beside what was typed."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incidents.case.look.rows import row_values, rows_from
from incidents.case.models import Incident
from incidents.case.selectors import incident_get, incidents_visible_to
from incidents.similar.cases import twins_of_incident
from incidents.suggestions import services as suggesting
from incidents.suggestions.proposal import Proposal, proposal_of, require_readable, suggestion_for
from incidents.suggestions.selectors import suggestion_get
from prsystem.accounts.models import User
from prsystem.accounts.requests import SignedInRequest
from prsystem.core.errors import Conflict, DomainError, InvalidInput
from prsystem.core.web.middleware import actor_of
from prsystem.core.web.once import accepted, page_once, page_result

from .detail import detail_page, incident_suggestion
from .moves import ACTIONS, Step, form_for

FIELD_OF_SERVICE = {"archivo": "archivos"}
WITHOUT_FIELDS = {"tomar", "soltar", "reanudar", "cerrar", "deshacer-fusion", "desenlazar"}


@login_required
@require_POST
def incident_action(request: SignedInRequest, number: str, action: str) -> HttpResponse:
    """One move. Back to the incident when it is done; the page with the message and what was typed when not."""
    user = request.user
    if action not in ACTIONS:
        raise Http404
    incident = incident_get(user.rights, number)
    if page_result(request, user.as_actor()) is not None:
        return _done(request, incident, action)
    proposal = _proposal_for(action, user, incident)
    twins = twins_of_incident(user.rights, incident) if action == "resolver" and request.POST.get("articulo") else []
    form = form_for(action, user, incident, proposal, request.POST, request.FILES, twins=twins)
    if not form.is_valid():
        return _again(request, incident, action, form, 422)
    step = Step(actor_of(request), user, incident)
    try:
        page_once(request, step.actor, lambda: ACTIONS[action].run(step, form.cleaned_data))
    except DomainError as error:
        return _refused(request, incident, action, form, error)
    if request.htmx:
        return _row(request, incident.pk, note=str(ACTIONS[action].done), is_done=True)
    return _done(request, incident, action)


def _done(request: SignedInRequest, incident: Incident, action: str) -> HttpResponse:
    accepted(request, str(ACTIONS[action].done))
    return redirect(f"{incident.get_absolute_url()}{'#' if ACTIONS[action].anchor else ''}{ACTIONS[action].anchor}")


def _proposal_for(action: str, user: User, incident: Incident) -> Proposal | None:
    if action != "resolver":
        return None
    return proposal_of(suggestion_for(incident, user.rights), user.rights)


def _refused(
    request: SignedInRequest, incident: Incident, action: str, form: forms.Form, error: DomainError
) -> HttpResponse:
    if request.htmx:
        return _row(request, incident.pk, note=str(error), status=409 if isinstance(error, Conflict) else error.status)
    for name, found in error.errors.items():
        field = FIELD_OF_SERVICE.get(name, name)
        form.add_error(field if field in form.fields else None, [str(message) for message in found])
    if not error.errors:
        form.add_error(None, str(error))
    if action in WITHOUT_FIELDS:
        messages.error(request, str(error))
    return _again(request, incident, action, form, 422 if isinstance(error, InvalidInput) else error.status)


def _again(request: SignedInRequest, incident: Incident, action: str, form: forms.Form, status: int) -> HttpResponse:
    """The page with the sent form; it carries the present edit counter, so that sending it again is a decision."""
    fresh = incident_get(request.user.rights, incident.number)
    if "version" in form.data:
        form.data = {**request.POST.dict(), "version": fresh.version}
    return detail_page(request, fresh, {action: form}, status)


def _row(
    request: SignedInRequest, incident_id: int, note: str, status: int = 200, is_done: bool = False
) -> HttpResponse:
    """The incident's row of the list that the form was in, after a claim or a refusal."""
    rights = request.user.rights
    rows = rows_from(row_values(incidents_visible_to(rights).filter(pk=incident_id)), rights)
    left_out = request.POST.get("sin", "").split()
    context = {
        "rows": rows,
        "note": note,
        "is_done": is_done,
        "hide_level": "nivel" in left_out,
        "hide_assignee": "asignado" in left_out,
        "is_selectable": "seleccion" not in left_out,
    }
    return render(request, "incidents/_row.html", context, status=status)


@login_required
@require_POST
def suggestion_again(request: SignedInRequest, number: str) -> HttpResponse:
    """Ask for a new proposal."""
    incident = incident_get(request.user.rights, number)
    suggesting.suggestion_request(actor=actor_of(request), incident_id=incident.pk)
    return redirect(f"{incident.get_absolute_url()}#sugerencia")


@login_required
@require_POST
def suggestion_rating(request: SignedInRequest, number: str, suggestion_id: int) -> HttpResponse:
    """Whether the proposal, or one of its sources, helped."""
    incident = incident_get(request.user.rights, number)
    cited, helped = request.POST.get("cita", ""), request.POST.get("util")
    if helped not in ("si", "no"):  # a form that was sent without its button is no vote
        raise InvalidInput.field("util", _("Say whether it helped."))
    suggestion = suggestion_get(incident, suggestion_id)
    require_readable(suggestion, request.user.rights)
    suggesting.suggestion_rate(
        actor=actor_of(request),
        user=request.user,
        suggestion=suggestion,
        was_helpful=helped == "si",
        citation_number=int(cited) if cited.isdecimal() and len(cited) < 10 else None,
    )
    if request.htmx:
        return incident_suggestion(request, number)
    messages.success(request, _("Thank you. Your rating was kept."))
    return redirect(f"{incident.get_absolute_url()}#sugerencia")
