"""The search box: knowledge by words and meaning, incidents by words, one incident by its number."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render

from incidents.case.look.rows import row_values, rows_from
from incidents.case.numbers import incident_id_from, incident_number
from incidents.case.selectors import incidents_filtered, incidents_visible_to
from knowledge.services.search import knowledge_search
from prsystem.accounts.requests import SignedInRequest

from .forms import FilterForm

ARTICLES = 10
INCIDENTS = 8


@login_required
def search(request: SignedInRequest) -> HttpResponse:
    """What is known and what was reported; a visible incident's number leads straight to it."""
    form = FilterForm(request.GET)
    form.is_valid()
    text = form.cleaned_data.get("q", "")
    if not text:
        return render(request, "incidents/search.html", {"section": "search", "refused": form.errors.get("q")})
    rights = request.user.rights
    incidents = incidents_visible_to(rights)
    number = incident_id_from(text) if text.upper().startswith("INC") else None
    if number and incidents.filter(pk=number).exists():
        return redirect("incident_detail", number=incident_number(number))
    values = row_values(incidents_filtered(incidents, {"q": text}).order_by("-id"))
    found = knowledge_search(rights=rights, text=text, limit=ARTICLES)
    context = {
        "section": "search",
        "q": text,
        "found": found,
        "hits": found.related,
        "rows": rows_from(values[:INCIDENTS], rights),
    }
    return render(request, "incidents/search.html", context)
