"""Knowledge gaps: what comes up again and again without an article."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from prsystem.accounts.requests import SignedInRequest
from prsystem.core.errors import DomainError
from prsystem.core.web.middleware import actor_of

from .selectors import gap_cases, gap_get, gaps_visible_to
from .services import gap_dismiss, gap_draft_request, gap_reopen

LIMIT = 100
CASES = 10


@login_required
def gap_list(request: SignedInRequest) -> HttpResponse:
    """Those of the areas in which the person publishes; `?descartados=1` shows what was dismissed."""
    rights = request.user.rights
    dismissed = bool(request.GET.get("descartados"))
    gaps = list(gaps_visible_to(rights, dismissed=dismissed)[:LIMIT])
    cases = gap_cases(rights, [gap.pk for gap in gaps])
    context = {
        "section": "gaps",
        "gaps": [(gap, cases.get(gap.pk, [])[:CASES]) for gap in gaps],
        "dismissed": dismissed,
        "is_writing": any(gap.state == gap.State.DRAFTING for gap in gaps),
    }
    return render(request, "incidents/gaps.html", context)


@login_required
@require_POST
def gap_action(request: SignedInRequest, gap_id: int) -> HttpResponse:
    """`borrador`, `descartar` (with a reason) or `recuperar`."""
    gap, actor = gap_get(request.user.rights, gap_id), actor_of(request)
    try:
        match request.POST.get("accion"):
            case "borrador":
                gap_draft_request(actor=actor, gap_id=gap.pk)
                messages.success(request, _("The draft is being written; it appears here in a moment."))
            case "descartar":
                gap_dismiss(actor=actor, gap_id=gap.pk, reason=request.POST.get("motivo", ""))
                messages.success(request, _("The gap was dismissed."))
            case "recuperar":
                gap_reopen(actor=actor, gap_id=gap.pk)
                messages.success(request, _("The gap is back on the list."))
            case _:
                raise Http404
    except DomainError as error:
        texts = [str(text) for found in error.errors.values() for text in found] or [str(error)]
        messages.error(request, " ".join(texts))
    return redirect("gap_list")
