"""Which incidents a version of knowledge answered: the first question after it turns out to be wrong."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from incidents.case.look.rows import row_values, rows_from
from incidents.suggestions.selectors import incidents_answered_visible_to
from knowledge.selectors import version_get
from prsystem.accounts.requests import SignedInRequest

LIMIT = 500


@login_required
def version_incidents(request: SignedInRequest, slug: str, number: str) -> HttpResponse:
    """Those that the person may see, newest first."""
    rights = request.user.rights
    version = version_get(rights, slug, number)
    values = row_values(incidents_answered_visible_to(rights, version))[:LIMIT]
    context = {"section": "knowledge", "version": version, "rows": rows_from(values, rights)}
    return render(request, "incidents/answered.html", context)
