"""The press that declares an emergency or calls it off."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incidents.case.selectors import incident_get
from prsystem.accounts.requests import SignedInRequest
from prsystem.core.web.middleware import actor_of

from .services import emergency_call_off, emergency_declare


@login_required
@require_POST
def incident_emergency(request: SignedInRequest, number: str) -> HttpResponse:
    """`activa=no` calls it off, anything else declares it; back to the incident with what happened."""
    incident = incident_get(request.user.rights, number)
    is_over = request.POST.get("activa") == "no"
    change = emergency_call_off if is_over else emergency_declare
    change(actor=actor_of(request), incident_id=incident.pk)
    done = _("The emergency was called off; a solution is being looked for.") if is_over else _("Help was called.")
    messages.success(request, done)
    return redirect(incident)
