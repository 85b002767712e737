"""The trail, for auditors and administrators of everything: search, one entry with its seal, export, verification."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audit.export.downloads import export_answer
from audit.seals.checking import trail_check_request
from audit.seals.texts import fault_text
from prsystem.core.context import Actor
from prsystem.core.errors import NotAllowed
from prsystem.core.web.middleware import actor_of
from prsystem.core.web.paging import keyset_page
from prsystem.core.web.step_up import step_up

from .forms import TrailForm
from .models import AuditEntry
from .selectors import differences_of, entries_filtered, filters_told, seal_of, seal_state
from .services import record


def _reader(request: HttpRequest) -> Actor:
    """Who asks, if the trail may be read by them; NotAllowed otherwise."""
    actor = actor_of(request)
    if not actor.rights.reads_audit:
        raise NotAllowed()
    return actor


@login_required
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """The newest entries that match the filters. Looking something up leaves an entry as well."""
    actor, form = _reader(request), TrailForm(request.GET)
    is_valid = form.is_valid()
    values = form.given if is_valid else {}
    entries = entries_filtered(values, form.span) if is_valid else AuditEntry.objects.none()
    cursor = request.GET.get("cursor", "")
    page = keyset_page(entries, ("-id",), cursor)
    if values and not cursor:
        record(actor, "audit.searched", "auditoria:registro", {"filtros": filters_told(values)})
    context = {
        "section": "audit",
        "form": form,
        "values": values,
        "page": page,
        "state": seal_state(),
        "outcomes": AuditEntry.Outcome.choices,
        "export_query": urlencode(values),
    }
    return render(request, "audit/trail.html", context, status=200 if is_valid else 422)


@login_required
@require_safe
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One entry: what changed, and the proof of its seal."""
    actor = _reader(request)
    found = get_object_or_404(AuditEntry, pk=entry_id)
    record(actor, "audit.read", f"auditoria:{found.pk}")
    seal = seal_of(found.pk)
    context: dict[str, Any] = {"section": "audit", "entry": found, "details": differences_of(found), "seal": seal}
    context["fault"] = fault_text(seal.fault) if seal.fault else ""
    return render(request, "audit/entry.html", context)


@login_required
@require_POST
def export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The entries that match the filters, as a file, for a reader of the trail who has proved lately who it is."""
    _reader(request)
    return _exported(request)


@step_up
def _exported(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Written while it is read from the database."""
    return export_answer(_reader(request), request.POST)


@login_required
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for a verification of everything; its outcome is an entry."""
    trail_check_request(actor=_reader(request))
    messages.success(request, _("The verification has been asked for. Its outcome appears here in a moment."))
    return redirect("audit_trail")
