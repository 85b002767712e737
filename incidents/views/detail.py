"""The page of one incident, and its parts that are fetched for themselves."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render

from audit.selectors import entries_of
from incidents.case.emergency import guidance_for
from incidents.case.look.timeline import people_in, timeline
from incidents.case.models import Incident
from incidents.case.people import names_mentioned, people_offered
from incidents.case.selectors import incident_get, incidents_visible_to, survivor_of
from incidents.case.states import permitted_moves
from incidents.macros.selectors import checklist_of, macro_text, macros_offered, templates_for
from incidents.relations.merging import may_undo
from incidents.relations.selectors import (
    attachment_content,
    attachments_visible_to,
    comments_visible_to,
    links_of,
    merged_visible_to,
    open_children,
)
from incidents.similar.cases import incidents_similar, twins_of_incident
from incidents.similar.duplicates import duplicates_of
from incidents.suggestions.hidden import hidden_sources
from incidents.suggestions.model_notes import ModelNote, model_note
from incidents.suggestions.models import Suggestion
from incidents.suggestions.proposal import Proposal, proposal_of, suggestion_for
from incidents.suggestions.selectors import ratings_by
from prsystem.accounts.models import User
from prsystem.accounts.requests import SignedInRequest
from prsystem.accounts.selectors import names_of
from prsystem.core.api.files import FILE_POLICY
from prsystem.core.errors import Missing
from prsystem.core.files.types import INLINE_IMAGES
from prsystem.runtime.selectors import get_setting

from .moves import action_forms


@login_required
def incident_detail(request: SignedInRequest, number: str) -> HttpResponse:
    incident = incident_get(request.user.rights, number)
    if request.GET.get("ver") != "original" and (survivor := _survivor(request.user, incident).get("survivor_seen")):
        return redirect(survivor)
    if number != incident.number:
        return redirect(incident)
    return detail_page(request, incident)


def detail_page(
    request: SignedInRequest, incident: Incident, bound: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The whole page; `bound` holds forms that were sent and have errors, so that nothing typed is lost."""
    user = request.user
    works = incident.area_id in user.rights.works_incidents
    reads_all = incident.area_id in user.rights.reads_incidents
    moves = permitted_moves(incident, user.as_actor())
    proposal = _proposal(suggestion_for(incident, user.rights), user)
    entries = list(entries_of(incident.resource))
    open_form = next(iter(bound), "") if bound else request.GET.get("abrir", "")
    twins = twins_of_incident(user.rights, incident) if open_form == "resolver" and works and not bound else []
    merged = merged_visible_to(user.rights, incident)
    comments = list(comments_visible_to(user.rights, incident, merged))
    children = open_children(incident) if works else []
    names = names_of(number for entry in entries for number in people_in(entry))
    context = {
        "section": "incidents",
        "incident": incident,
        "works": works,
        **_offered(moves),
        "proposal": proposal,
        "hidden": hidden_sources(incident, user.rights),
        "guidance": guidance_for(incident) if incident.is_emergency else None,
        "model_note": _model_note(proposal, user, incident),
        "timeline": timeline(entries, comments, names, for_support=reads_all),
        **(_desk(request, incident, moves) if works else {}),
        "mentioned": names_mentioned(incident, (comment.body for comment in comments)),
        "files": attachments_visible_to(user.rights, incident, merged),
        "links": links_of(user.rights, incident, merged),
        "open_children": children,
        "merged": merged,
        **_survivor(user, incident),
        "may_undo_merge": works and bool(merged or incident.merged_into_id) and may_undo(user.as_actor(), incident),
        "forms": {**action_forms(user, incident, moves, proposal, twins, children), **(bound or {})},
        "open_form": open_form,
        "twin": next((twin for twin in twins if twin.is_certain), None),
    }
    return render(request, "incidents/detail.html", context, status=status)


def _offered(moves: list[str]) -> dict[str, Any]:
    return {"moves": moves, "may_propose": "proponer" in moves and get_setting("suggestions.enabled")}


def _survivor(user: User, incident: Incident) -> dict[str, Incident | None]:
    """Where a merged incident goes on, and the same when the person may see it; nothing for one that wasn't merged."""
    if not incident.merged_into_id:
        return {}
    survivor = survivor_of(incident)
    is_seen = incidents_visible_to(user.rights).filter(pk=survivor.pk).exists()
    return {"survivor": survivor, "survivor_seen": survivor if is_seen else None}


def _desk(request: SignedInRequest, incident: Incident, moves: list[str]) -> dict[str, Any]:
    """What support has at hand: macros with their text for this incident, and the checklist."""
    user = request.user
    macros = macros_offered(user.rights, incident, moves)
    return {
        "macros": [(macro, macro_text(macro, incident, str(user))) for macro in macros],
        "checklist": checklist_of(incident),
        "checklist_templates": templates_for(incident.area_id),
    }


def _proposal(suggestion: Suggestion | None, user: User) -> Proposal | None:
    return proposal_of(suggestion, user.rights, ratings_by(user.pk, suggestion) if suggestion else {})


def _model_note(proposal: Proposal | None, user: User, incident: Incident) -> ModelNote | None:
    is_technical = incident.area_id in user.rights.reads_incidents
    code = proposal.no_model if proposal else ""
    return model_note(code, is_technical=is_technical, is_admin=user.rights.is_admin)


@login_required
def incident_suggestion(request: SignedInRequest, number: str) -> HttpResponse:
    """The card of the suggestion, fetched again while it is being written."""
    user = request.user
    incident = incident_get(user.rights, number)
    if not request.htmx:
        return redirect(incident)
    suggestion = suggestion_for(incident, user.rights)
    proposal = _proposal(suggestion, user)
    if proposal and request.GET.get("visto") == proposal.mark:
        return HttpResponse(status=204)
    context = {
        "incident": incident,
        "proposal": proposal,
        "hidden": hidden_sources(incident, user.rights),
        "model_note": _model_note(proposal, user, incident),
        "works": incident.area_id in user.rights.works_incidents,
        **_offered(permitted_moves(incident, user.as_actor())),
    }
    return render(request, "incidents/_suggestion.html", context)


@login_required
def incident_similar(request: SignedInRequest, number: str) -> HttpResponse:
    """Solved cases like this one, and for support the open ones that may be the same."""
    rights = request.user.rights
    incident = incident_get(rights, number)
    text = f"{incident.title}\n{incident.description}"
    similar = [] if incident.is_emergency else incidents_similar(rights=rights, text=text, exclude_id=incident.pk)
    may_merge = incident.area_id in rights.works_incidents and incident.is_open
    template = "incidents/_similar.html" if request.htmx else "incidents/similar.html"
    context = {
        "section": "incidents",
        "incident": incident,
        "similar": similar,
        "duplicates": duplicates_of(rights, incident) if may_merge else [],
        "may_link": may_merge,
    }
    return render(request, template, context)


@login_required
def incident_people(request: SignedInRequest, number: str) -> JsonResponse:
    """Whom a comment here may mention, for completing `@name`."""
    incident = incident_get(request.user.rights, number)
    found = people_offered(incident, request.GET.get("q", ""))
    return JsonResponse({"resultados": [{"usuario": user.username, "nombre": str(user)} for user in found]})


@login_required
def incident_file(request: SignedInRequest, number: str, file_id: int) -> HttpResponseBase:
    """A file to keep; images may be looked at. Never run as part of the site."""
    rights = request.user.rights
    incident = incident_get(rights, number)
    attachment = attachments_visible_to(rights, incident).filter(pk=file_id).first()
    if attachment is None:
        raise Missing()
    is_image = attachment.content_type in INLINE_IMAGES
    response = FileResponse(
        attachment_content(attachment),
        as_attachment=not is_image,
        filename=attachment.name,
        content_type=attachment.content_type if is_image else "application/octet-stream",
    )
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response
