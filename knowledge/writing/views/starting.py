"""A new article, and on to the draft of one that is there."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from prsystem.accounts.requests import SignedInRequest
from prsystem.accounts.selectors import area_by_code
from prsystem.core.errors import InvalidInput, NotAllowed
from prsystem.core.web.middleware import actor_of

from ...models import Version
from ...selectors import article_get
from ...services.twins import twins_of
from ..forms import StartForm, draft_from, with_errors
from ..outlines import OUTLINES, outline_texts
from ..selectors import areas_to_write
from ..services import draft_begin, draft_continue
from ..showing import sections
from ..texts import Draft

SECTION = {"section": "knowledge"}
TWIN_CHARACTERS = 8
MAX_TYPED = 400


@login_required
def article_new(request: SignedInRequest) -> HttpResponse:
    """Title, area and what to start from; then the draft is written."""
    areas = list(areas_to_write(request.user.rights))
    if not areas:
        raise NotAllowed()
    if request.method != "POST":
        return _start_page(request, StartForm(areas, initial={"titulo": request.GET.get("titulo", "")[:200]}))
    form = StartForm(areas, request.POST)
    if not form.is_valid():
        return _start_page(request, form, 422)
    try:
        version = _begin(request, form.cleaned_data)
    except InvalidInput as error:
        return _start_page(request, with_errors(form, error), 422)
    return redirect("draft_edit", slug=version.article.slug, number=version.number)


def _begin(request: SignedInRequest, given: dict[str, Any]) -> Version:
    area = area_by_code(given["area"])
    if area is None:
        raise InvalidInput.field("area", _("Unknown area."))
    draft = Draft(title=given["titulo"], **outline_texts(given["plantilla"]))
    return draft_begin(actor=actor_of(request), area=area, draft=draft, visibility=given["visibilidad"])


def _start_page(request: SignedInRequest, form: StartForm, status: int = 200) -> HttpResponse:
    context = {**SECTION, "form": form, "outlines": OUTLINES}
    return render(request, "knowledge/writing/start.html", context, status=status)


@login_required
@require_POST
def article_twins(request: SignedInRequest) -> HttpResponse:
    """Articles about the same problem that one may add to, for the title that has been typed so far."""
    text = request.POST.get("titulo", "").replace("\x00", "").strip()[:MAX_TYPED]
    twins = twins_of(rights=request.user.rights, text=text) if len(text) >= TWIN_CHARACTERS else []
    return render(request, "knowledge/writing/_twins.html", {"twins": twins})


@login_required
@require_POST
def article_preview(request: SignedInRequest) -> HttpResponse:
    """The text that was sent, as its readers will see it."""
    draft = draft_from(request.POST)
    return render(request, "knowledge/writing/_preview.html", {"draft": draft, "parts": sections(draft)})


@login_required
@require_POST
def article_edit(request: SignedInRequest, slug: str) -> HttpResponse:
    """«Edit»: on to the draft of the next version."""
    article = article_get(request.user.rights, slug)
    version = draft_continue(actor=actor_of(request), slug=article.slug)
    return redirect("draft_edit", slug=slug, number=version.number)
