"""Pages of the glossary: the list with its words, a query to try, and what those who publish do with a term."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from prsystem.accounts.requests import SignedInRequest
from prsystem.accounts.selectors import areas_in
from prsystem.core.errors import DomainError
from prsystem.core.web.middleware import actor_of
from prsystem.core.web.paging import keyset_page

from .forms_glossary import WHOLE_SITE, GlossaryForm, TermForm
from .retrieval.glossary import names_in
from .selectors_glossary import glossary_tried, may_edit_terms_of, term_to_change, terms_containing, terms_visible_to
from .services.glossary import TermSpec, term_add, term_change, term_delete

ORDER = ("term", "id")


@login_required
def glossary(request: SignedInRequest) -> HttpResponse:
    """The words that the person's searches are widened by; those who publish add theirs here."""
    rights = request.user.rights
    form = _term_form(request) if rights.publishes else None
    if request.method == "POST" and form and _is_kept(request, form):
        messages.success(request, _("The term is in the glossary; searches use it from now on."))
        return redirect("glossary")
    asked = GlossaryForm(request.GET)
    asked.is_valid()
    given = asked.cleaned_data
    terms = terms_visible_to(rights)
    if code := given.get("area"):
        terms = terms.filter(area=None) if code == WHOLE_SITE else terms.filter(area__code=code.upper())
    if given.get("q"):
        terms = terms_containing(terms, given["q"])
    page = keyset_page(terms, ORDER, given.get("cursor", ""))
    context = {
        "section": "knowledge",
        "values": given,
        "areas": list(areas_in(rights.belongs)),
        "whole_site": WHOLE_SITE,
        "page": page,
        "rows": [(term, names_in(term.names), may_edit_terms_of(rights, term.area_id)) for term in page.rows],
        "asked": asked,
        "tried": glossary_tried(rights, given["probar"]) if given.get("probar") else None,
        "form": form,
    }
    return render(request, "knowledge/glossary.html", context)


@login_required
def glossary_term(request: SignedInRequest, term_id: int) -> HttpResponse:
    """Change a term."""
    term = term_to_change(request.user.rights, term_id)
    initial = {
        "termino": term.term,
        "nombres": term.names,
        "area": term.area.code if term.area else WHOLE_SITE,
        "nota": term.note,
    }
    form = _term_form(request, initial)
    if request.method == "POST" and _is_kept(request, form, term.pk):
        messages.success(request, _("The term was changed."))
        return redirect("glossary")
    return render(request, "knowledge/glossary_term.html", {"section": "knowledge", "term": term, "form": form})


@login_required
@require_POST
def glossary_delete(request: SignedInRequest, term_id: int) -> HttpResponse:
    """Take it out."""
    term = term_delete(actor=actor_of(request), term_id=term_id)
    messages.success(request, _("«%(term)s» is out of the glossary.") % {"term": term.term})
    return redirect("glossary")


def _term_form(request: SignedInRequest, initial: dict[str, str] | None = None) -> TermForm:
    publishes = request.user.rights.publishes
    data = request.POST if request.method == "POST" else None
    return TermForm(data, initial=initial, areas=list(areas_in(publishes)), everywhere=publishes.everywhere)


def _is_kept(request: SignedInRequest, form: TermForm, term_id: int | None = None) -> bool:
    """Whether the service kept it; otherwise the form tells why not."""
    if not form.is_valid():
        return False
    given = form.cleaned_data
    spec = TermSpec(term=given["termino"], names=given["nombres"], area=given["area"], note=given["nota"])
    try:
        if term_id is None:
            term_add(actor=actor_of(request), spec=spec)
        else:
            term_change(actor=actor_of(request), term_id=term_id, spec=spec)
    except DomainError as error:
        if error.status == 403:
            raise
        for name, texts in (error.errors or {"termino": [error.message]}).items():
            form.add_error(name, [str(text) for text in texts])
        return False
    return True
