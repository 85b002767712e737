"""Splitting: a page that makes an incident of its own of a part of another."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from incidents.case.models import Attachment, Comment, Incident
from incidents.case.selectors import incident_get
from incidents.case.states import refusal_of
from incidents.intake.splitting import Part, incident_split
from incidents.relations.selectors import attachments_visible_to, comments_visible_to
from prsystem.accounts.requests import SignedInRequest
from prsystem.core.errors import DomainError
from prsystem.core.text.cleaning import shorten
from prsystem.core.web.middleware import actor_of
from prsystem.core.web.once import accepted, page_once, page_result

from .forms import SplitForm

SHOWN = 160


@login_required
def incident_divide(request: SignedInRequest, number: str) -> HttpResponse:
    """The form with all that was said and attached; what is sent becomes a new incident."""
    rights = request.user.rights
    incident = incident_get(rights, number)
    if refusal := refusal_of("dividir", incident, request.user.as_actor()):
        raise refusal
    if made := page_result(request, request.user.as_actor()):
        return _done(request, incident, made)
    form = _form(request, incident)
    if request.method != "POST":
        return _page(request, incident, form, 200)
    if not form.is_valid():
        return _page(request, incident, form, 422)
    try:
        made = page_once(request, actor_of(request), lambda: _split(request, incident, form).number)
    except DomainError as error:
        form.add_error(None, " ".join(str(m) for found in error.errors.values() for m in found) or str(error))
        return _page(request, incident, form, error.status)
    return _done(request, incident, made)


def _done(request: SignedInRequest, incident: Incident, made: str) -> HttpResponse:
    accepted(request, _("%(number)s was made of a part of %(old)s.") % {"number": made, "old": incident.number})
    return redirect("incident_detail", number=made)


def _form(request: SignedInRequest, incident: Incident) -> SplitForm:
    """Only what was said and attached here: what merged incidents brought stays with them."""
    rights = request.user.rights
    comments = [_comment(row) for row in comments_visible_to(rights, incident, []).order_by("pk")]
    files = [_file(row) for row in attachments_visible_to(rights, incident, []).order_by("pk")]
    data = request.POST if request.method == "POST" else None
    return SplitForm(comments, files, data, initial={"version": incident.version})


def _comment(row: Comment) -> tuple[str, str]:
    return str(row.pk), f"{row.author_label}: {shorten(row.body, SHOWN)}"


def _file(row: Attachment) -> tuple[str, str]:
    return str(row.pk), row.name


def _split(request: SignedInRequest, incident: Incident, form: forms.Form) -> Incident:
    values = form.cleaned_data
    part = Part(
        title=values["titulo"],
        description=values["descripcion"],
        comment_ids=frozenset(int(pk) for pk in values.get("comentarios", [])),
        attachment_ids=frozenset(int(pk) for pk in values.get("adjuntos", [])),
    )
    return incident_split(actor=actor_of(request), incident_id=incident.pk, part=part, version=values["version"])


def _page(request: SignedInRequest, incident: Incident, form: SplitForm, status: int) -> HttpResponse:
    context = {"section": "incidents", "incident": incident, "form": form}
    return render(request, "incidents/split.html", context, status=status)
