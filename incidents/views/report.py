"""Reporting: three fields, answers to what is typed, one incident however often the button is pressed."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incidents.case.emergency import guidance_of_site
from incidents.case.selectors import incident_get
from incidents.emergencies.services import danger_told
from incidents.intake.reporting import Report, incident_report
from incidents.moves.attachments import attachment_add
from incidents.similar.duplicates import duplicates_of_text
from knowledge.selectors import article_get
from knowledge.services import article_feedback_give
from knowledge.services.search import knowledge_search
from prsystem.accounts.requests import SignedInRequest
from prsystem.core.errors import InvalidInput
from prsystem.core.files.stored import StoreAway
from prsystem.core.text.cleaning import clean_line
from prsystem.core.web.middleware import actor_of
from prsystem.core.web.once import accepted, form_once
from prsystem.runtime.selectors import get_setting

from .forms import ReportForm

HITS = 5
MIN_CHARACTERS = 20
MAX_QUERY = 600


@login_required
def incident_new(request: SignedInRequest) -> HttpResponse:
    """The report form; a report that is accepted leads to its incident."""
    user = request.user
    if request.method != "POST":
        form = ReportForm(user.rights, initial={"token": uuid.uuid4().hex})
        return render(request, "incidents/report.html", {"section": "report", "form": form})
    form, status = ReportForm(user.rights, request.POST, request.FILES), 422
    if form.is_valid():
        try:
            number = _reported(request, form.cleaned_data)
        except InvalidInput as error:
            _add_errors(form, error)
        except StoreAway as error:
            form.add_error("archivos", str(error))
            status = error.status
        else:
            accepted(request, _("%(number)s was reported.") % {"number": number})
            return redirect(incident_get(user.rights, number))
    return render(request, "incidents/report.html", {"section": "report", "form": form}, status=status)


def _reported(request: SignedInRequest, values: dict[str, Any]) -> str:
    """The number of the incident; the same one when the form is sent twice. Files are kept with it or not at all."""
    actor = actor_of(request)
    report = Report(
        title=values["titulo"],
        description=values["descripcion"],
        area=values["area"],
        impact=values["impacto"],
        urgency=values["urgencia"],
    )

    def run() -> str:
        incident = incident_report(actor=actor, report=report, reporter=request.user)
        for file in values["archivos"]:
            attachment_add(actor=actor, incident_id=incident.pk, file=file, name=file.name, user=request.user)
        return incident.number

    content = [
        report.title,
        report.description,
        report.area,
        *(f"{file.name}:{file.size}" for file in values["archivos"]),
    ]
    return form_once(actor, values["token"], content, run)


def _add_errors(form: forms.Form, error: InvalidInput) -> None:
    names = {"archivo": "archivos"}
    for name, found in error.errors.items():
        field = names.get(name, name)
        form.add_error(field if field in form.fields else None, [str(message) for message in found])


@login_required
@require_POST
def report_hits(request: SignedInRequest) -> HttpResponse:
    """«Is it solved already?»: up to five articles for what has been typed so far, and open incidents that may be the
    same; nothing under 20 characters. No articles where the site has them switched off, nor where the text tells of
    danger to people: what the site wants done then stands there."""
    title, description = (_typed(request, name) for name in ("titulo", "descripcion"))
    text = f"{title} {description}".strip()
    if len(text) < MIN_CHARACTERS:
        return render(request, "incidents/_hits.html", {})
    rights = request.user.rights
    is_danger = danger_told(text) is not None
    is_offered = get_setting("deflection.enabled") and not is_danger
    hits = knowledge_search(rights=rights, text=text[:MAX_QUERY], limit=HITS).related if is_offered else []
    likely = duplicates_of_text(rights, title, description)
    context = {"hits": hits, "likely": likely, "guidance": guidance_of_site() if is_danger else None}
    return render(request, "incidents/_hits.html", context)


def _typed(request: SignedInRequest, name: str) -> str:
    return clean_line(request.POST.get(name, "").replace("\x00", ""))[:MAX_QUERY]


@login_required
@require_POST
def report_helped(request: SignedInRequest) -> HttpResponse:
    """An article helped: no incident is made, and it is counted."""
    article = article_get(request.user.rights, request.POST.get("articulo", "")[:120])
    article_feedback_give(
        actor=actor_of(request), user=request.user, article=article, was_helpful=True, resolved_without_case=True
    )
    messages.success(request, _("Good that it helped. No incident was opened."))
    return redirect("home")
