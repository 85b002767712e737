"""The hand-over of an area to its next shift, and the note of who leaves."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from incidents.board.selectors import area_read, board_areas
from prsystem.accounts.models import Area
from prsystem.accounts.requests import SignedInRequest
from prsystem.core.errors import InvalidInput, Missing
from prsystem.core.web.middleware import actor_of
from prsystem.core.web.once import accepted, page_once

from .lists import brief_lists
from .selectors import brief_of
from .services import shift_asked_for, shift_note_add
from .stretch import HOURS


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def shift_page(request: SignedInRequest) -> HttpResponse:
    """`?area=` the first that one reads when it isn't named, `?horas=` 8, 12 or 24 back instead of the shift."""
    area = _area(request)
    if request.method != "POST":
        return _shown(request, area)
    try:
        actor, body = actor_of(request), request.POST.get("nota", "")
        page_once(request, actor, lambda: shift_note_add(actor=actor, area=area, body=body))
    except InvalidInput as error:
        told = " ".join(str(text) for texts in error.errors.values() for text in texts)
        return _shown(request, area, note_error=told, typed=request.POST.get("nota", "")[:4000])
    accepted(request, _("The note is left."))
    return redirect(f"{reverse('shift')}?{request.GET.urlencode()}" if request.GET else "shift")


def _area(request: SignedInRequest) -> Area:
    rights, code = request.user.rights, request.GET.get("area", "")
    found = area_read(rights, code) or _own(request) or board_areas(rights).first()
    if found is None:
        raise Missing()
    return found


def _own(request: SignedInRequest) -> Area | None:
    """Where one works, for those who read more than that."""
    return board_areas(request.user.rights).filter(pk__in=request.user.rights.works_incidents.ids).first()


def _shown(request: SignedInRequest, area: Area, **extra: str) -> HttpResponse:
    given = request.GET.get("horas", "")
    context: dict[str, Any] = {"section": "shift", "area": area, "areas": board_areas(request.user.rights)}
    context |= {"given": given, "choices": HOURS, "may_write": area.pk in request.user.rights.works_incidents, **extra}
    try:
        brief = brief_of(area, shift_asked_for(area, given))
    except InvalidInput as error:
        context["errors"] = [str(text) for texts in error.errors.values() for text in texts]
        return render(request, "incidents/shift.html", context, status=error.status)
    context |= {"brief": brief, "lists": brief_lists(brief)}
    return render(request, "incidents/shift.html", context, status=InvalidInput.status if extra else 200)
