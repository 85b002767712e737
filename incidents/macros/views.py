"""Macros and checklists on pages."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incidents.case.choices import Priority
from incidents.case.selectors import incident_get
from prsystem.accounts.requests import SignedInRequest
from prsystem.core.errors import DomainError
from prsystem.core.web.middleware import actor_of
from prsystem.core.web.once import page_once

from . import checklists
from . import services as macros
from .selectors import macros_of

FIELDS = ("nombre", "texto", "interno", "prioridad", "asignarme", "espera")
ANCHOR = "#lista-de-pasos"


@login_required
def macro_list(request: SignedInRequest) -> HttpResponse:
    """One's own macros and everybody's; a form for a new one of one's own."""
    if not request.user.rights.is_support:
        raise Http404
    sent: dict[str, Any] = {name: request.POST.get(name, "") for name in FIELDS}
    errors: list[str] = []
    if request.method == "POST":
        try:
            macros.macro_save(actor=actor_of(request), values=sent)
        except DomainError as error:
            errors = _told(error)
        else:
            messages.success(request, _("The macro is kept."))
            return redirect("macro_list")
    context = {"section": "macros", "rows": macros_of(request.user.rights), "priorities": Priority.values}
    context |= {"sent": sent, "errors": errors}
    return render(request, "incidents/macros.html", context, status=422 if errors else 200)


def _told(error: DomainError) -> list[str]:
    return [str(message) for found in error.errors.values() for message in found] or [str(error)]


@login_required
@require_POST
def macro_remove(request: SignedInRequest, macro_id: int) -> HttpResponse:
    macros.macro_remove(actor=actor_of(request), macro_id=macro_id)
    messages.success(request, _("The macro is gone."))
    return redirect("macro_list")


@login_required
@require_POST
def macro_apply(request: SignedInRequest, number: str, macro_id: int) -> HttpResponse:
    """Comment and changes in one act, then back to the incident."""
    incident = incident_get(request.user.rights, number)
    seen = request.POST.get("version", "")
    actor, version = actor_of(request), int(seen) if seen.isdecimal() and len(seen) < 10 else None
    apply = partial(macros.macro_apply, actor=actor, user=request.user, incident_id=incident.pk, macro_id=macro_id)
    try:
        page_once(request, actor, partial(apply, version=version))
    except DomainError as error:
        messages.error(request, " ".join(_told(error)))
    else:
        messages.success(request, _("The macro was applied."))
    return redirect(incident)


@login_required
@require_POST
def checklist_action(request: SignedInRequest, number: str) -> HttpResponse:
    """One step of the checklist: `agregar`, `plantilla`, `hecho`, `pendiente` or `quitar`."""
    incident = incident_get(request.user.rights, number)
    sent = request.POST
    common: dict[str, Any] = {"actor": actor_of(request), "incident_id": incident.pk}
    given = sent.get("n", "")
    chosen = int(given) if given.isdecimal() and len(given) < 19 else 0
    try:
        match sent.get("accion"):
            case "agregar":
                checklists.checklist_add(**common, text=sent.get("paso", ""))
            case "plantilla":
                checklists.checklist_fill(**common, template_id=chosen)
            case "hecho" | "pendiente" as wanted:
                is_done = wanted == "hecho"
                checklists.checklist_tick(**common, user=request.user, item_id=chosen, is_done=is_done)
            case "quitar":
                checklists.checklist_remove(**common, item_id=chosen)
            case _:
                raise Http404
    except DomainError as error:
        messages.error(request, " ".join(_told(error)))
    return redirect(f"{incident.get_absolute_url()}{ANCHOR}")
