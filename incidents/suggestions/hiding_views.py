"""The presses beside a cited source: don't show it at this case, show it again, ask for its review."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incidents.case.selectors import incident_get
from prsystem.accounts.requests import SignedInRequest
from prsystem.core.errors import DomainError
from prsystem.core.web.middleware import actor_of

from .hiding import source_hide, source_report, source_show


@login_required
@require_POST
def source_act(request: SignedInRequest, number: str, slug: str, act: str) -> HttpResponse:
    """`ocultar`, `mostrar` or `reportar` (with a reason); back to the proposal with what happened."""
    incident = incident_get(request.user.rights, number)
    actor = actor_of(request)
    try:
        match act:
            case "ocultar":
                source_hide(actor=actor, incident_id=incident.pk, slug=slug)
                messages.success(request, _("The source isn't shown at this case any more."))
            case "mostrar":
                source_show(actor=actor, incident_id=incident.pk, slug=slug)
                messages.success(request, _("The source may be proposed at this case again."))
            case "reportar":
                reason = request.POST.get("motivo", "")
                source_report(actor=actor, incident_id=incident.pk, slug=slug, reason=reason)
                messages.success(request, _("Those who look after the article were asked to review it."))
            case _:
                raise Http404
    except DomainError as error:
        if not error.errors:
            raise
        messages.error(request, " ".join(str(text) for found in error.errors.values() for text in found))
    return redirect(f"{incident.get_absolute_url()}#sugerencia")
