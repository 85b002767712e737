"""Pages of manuals: the shelf, one manual, its file, and what those who publish do with it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from prsystem.accounts.requests import SignedInRequest
from prsystem.accounts.selectors import areas_in
from prsystem.core.api.files import FILE_POLICY
from prsystem.core.errors import DomainError
from prsystem.core.web.middleware import actor_of

from .forms import ReasonForm
from .forms_manuals import EditionForm, ManualForm, VisibilityForm
from .manuals.kinds import FAULTS
from .models_manuals import Manual, ManualEdition
from .selectors_manuals import (
    edition_content,
    editions_of,
    holding_signs,
    indexed_percent,
    manual_get,
    manual_to_change,
    manuals_visible_to,
    parts_of,
)
from .services.holding import edition_release
from .services.manuals import edition_add, manual_add, manual_delete, manual_visibility_set

# A browser's reader of PDF doesn't start within a sandbox; nothing else may be loaded.
PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@login_required
def manual_list(request: SignedInRequest) -> HttpResponse:
    """The shelf; those who publish upload here."""
    areas = list(areas_in(request.user.rights.publishes))
    form = ManualForm(request.POST or None, request.FILES or None, areas=areas) if areas else None
    if request.method == "POST" and form and form.is_valid():
        given = form.cleaned_data
        spec = {"area": given["area"], "name": given["nombre"], "visibility": given["visibilidad"]}
        try:
            edition = manual_add(actor=actor_of(request), file=given["archivo"], **spec)
        except DomainError as error:
            _add_errors(form, error)
        else:
            messages.success(request, _("The manual is being read; search finds it in a moment."))
            return redirect(edition.manual)
    rows = [(manual, _newest(manual)) for manual in manuals_visible_to(request.user.rights)]
    return render(request, "knowledge/manuals.html", {"section": "knowledge", "rows": rows, "form": form})


def _newest(manual: Manual) -> ManualEdition:
    found = list(manual.editions.all())
    return next((one for one in found if one.state == ManualEdition.State.IN_USE), found[0])


def _add_errors(form: Any, error: DomainError) -> None:
    """By field where the error names one of the form's."""
    told = {name: texts for name, texts in error.errors.items() if name in form.fields}
    for name, texts in (told or {"archivo": [error.message]}).items():
        for text in texts:
            form.add_error(name, text)


@login_required
def manual_detail(request: SignedInRequest, slug: str) -> HttpResponse:
    """Its contents and editions."""
    rights = request.user.rights
    manual = manual_get(rights, slug)
    editions = editions_of(rights, manual)
    context = {
        "section": "knowledge",
        "manual": manual,
        "parts": list(parts_of(manual)),
        "editions": [(edition, FAULTS.get(edition.fault, ""), holding_signs(edition)) for edition in editions],
        "in_use": next((edition for edition in editions if edition.state == ManualEdition.State.IN_USE), None),
        "indexed": indexed_percent(manual),
        "is_waiting": any(edition.state == ManualEdition.State.WAITING for edition in editions),
        "form": EditionForm() if manual.area_id in rights.publishes else None,
        "reason_form": ReasonForm(auto_id="id_%s"),
        "visibility_form": VisibilityForm(initial={"visibilidad": manual.visibility}),
    }
    return render(request, "knowledge/manual.html", context)


@login_required
@require_POST
def manual_edition_add(request: SignedInRequest, slug: str) -> HttpResponse:
    """Upload the next edition."""
    manual = manual_to_change(request.user.rights, slug)
    form = EditionForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            edition_add(actor=actor_of(request), slug=manual.slug, file=form.cleaned_data["archivo"])
            messages.success(request, _("The new edition is being read; the old one stays until then."))
        except DomainError as error:
            if error.status == 403:
                raise
            messages.error(request, str(error))
    else:
        messages.error(request, " ".join(map(str, form.errors["archivo"])))
    return redirect(manual)


@login_required
@require_POST
def manual_visibility(request: SignedInRequest, slug: str) -> HttpResponse:
    """Say who may read it."""
    manual = manual_to_change(request.user.rights, slug)
    form = VisibilityForm(request.POST)
    if form.is_valid():
        manual_visibility_set(actor=actor_of(request), slug=manual.slug, visibility=form.cleaned_data["visibilidad"])
        messages.success(request, _("Who may read it was changed."))
    else:
        messages.error(request, " ".join(map(str, form.errors["visibilidad"])))
    return redirect(manual)


@login_required
@require_POST
def manual_delete_now(request: SignedInRequest, slug: str) -> HttpResponse:
    """Remove its files and take it out of search."""
    manual = manual_to_change(request.user.rights, slug)
    manual_delete(actor=actor_of(request), slug=manual.slug)
    messages.success(request, _("The manual «%(name)s» was deleted.") % {"name": manual.name})
    return redirect("manual_list")


@login_required
@require_POST
def manual_release(request: SignedInRequest, slug: str, edition: int) -> HttpResponse:
    """Let a held edition be published, with the reason."""
    manual = manual_to_change(request.user.rights, slug)
    reason = request.POST.get("motivo", "")
    edition_release(actor=actor_of(request), slug=manual.slug, number=edition, reason=reason)
    messages.success(request, _("The edition was released and is being read."))
    return redirect(manual)


@login_required
def manual_file(request: SignedInRequest, slug: str, edition: int) -> HttpResponseBase:
    """The document: a PDF opens in the browser, at the page that the address names; the others are downloads."""
    found, content = edition_content(manual_get(request.user.rights, slug), edition)
    is_pdf = found.kind == "pdf"
    response = FileResponse(
        content,
        as_attachment=not is_pdf,
        filename=found.name,
        content_type="application/pdf" if is_pdf else "application/octet-stream",
    )
    response.headers["Content-Security-Policy"] = PDF_POLICY if is_pdf else FILE_POLICY
    return response
