"""Saved views, workload, and who else has an incident open."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incidents.case.choices import Priority
from incidents.case.selectors import incident_get
from incidents.desk import services as desk
from incidents.desk.selectors import MOST_COUNTED, others_present, view_count, view_get, views_visible_to, workload
from prsystem.accounts.requests import SignedInRequest
from prsystem.core.errors import DomainError
from prsystem.core.replica.reading import may_be_stale
from prsystem.core.web.middleware import actor_of

from .lists import list_page


@login_required
def view_list(request: SignedInRequest) -> HttpResponse:
    """The views that one may use, each with how many incidents it holds now."""
    user = request.user
    rows = [(view, view_count(view, user.rights, user.username)) for view in views_visible_to(user.rights)]
    context = {"section": "views", "rows": rows, "most": MOST_COUNTED}
    return render(request, "incidents/_views.html" if request.htmx else "incidents/views.html", context)


@login_required
@may_be_stale
def saved_view(request: SignedInRequest, slug: str) -> HttpResponse:
    """The list of incidents with the view's filters."""
    view = view_get(request.user.rights, slug)
    context: dict[str, Any] = {"section": "views", "title": view.name, "tabs": [], "view": view}
    context["may_remove"] = view.owner_id == request.user.pk or request.user.rights.is_admin
    return list_page(request, context, fixed=view.filters, order=view.order)


@login_required
@require_POST
def view_save(request: SignedInRequest) -> HttpResponse:
    """Keep the filters of the list that the form was on."""
    sent = request.POST
    try:
        view = desk.view_save(
            actor=actor_of(request),
            name=sent.get("nombre", ""),
            filters={name: sent.get(name, "") for name in desk.FILTERS},
            order=sent.get("orden", ""),
            role=sent.get("papel", ""),
            area=sent.get("con_area", ""),
        )
    except DomainError as error:
        told = [str(message) for found in error.errors.values() for message in found]
        messages.error(request, " ".join(told) or str(error))
        return redirect("view_list")
    messages.success(request, _("The view is kept."))
    return redirect(view)


@login_required
@require_POST
def view_remove(request: SignedInRequest, slug: str) -> HttpResponse:
    desk.view_remove(actor=actor_of(request), slug=slug)
    messages.success(request, _("The view is gone."))
    return redirect("view_list")


@login_required
@may_be_stale
def load_list(request: SignedInRequest) -> HttpResponse:
    """Who works on how much, where one works oneself."""
    if not request.user.rights.is_support:
        raise Http404
    context = {"section": "load", "rows": workload(request.user.rights), "priorities": Priority.values}
    return render(request, "incidents/load.html", context)


@login_required
@require_POST
def incident_presence(request: SignedInRequest, number: str) -> HttpResponse:
    """Say that the page is open, and learn who else has it open. For support only."""
    incident = incident_get(request.user.rights, number)
    desk.presence_beat(actor=actor_of(request), incident=incident)
    people = others_present(incident.pk, request.user.pk)
    shown = ",".join(str(row.user_id) for row in people)
    if request.POST.get("presentes") == shown:
        return HttpResponse(status=204)
    return render(request, "incidents/_presence.html", {"people": people, "shown": shown})
