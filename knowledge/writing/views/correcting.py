"""«Correct a typo»: the published text, published again with one press."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from prsystem.accounts.requests import SignedInRequest
from prsystem.core.errors import IllegalMove, InvalidInput, NotAllowed, StaleVersion
from prsystem.core.web.middleware import actor_of

from ...models import Article, Version
from ...selectors import article_get
from ..forms import CorrectionForm, draft_from, with_errors
from ..services import correction_publish
from ..showing import compared, sections
from ..texts import Draft, values_of

SECTION = {"section": "knowledge"}


@login_required
def article_correct(request: SignedInRequest, slug: str) -> HttpResponse:
    """«Correct a typo»: the published text, published again with one press."""
    article = article_get(request.user.rights, slug)
    if article.area_id not in request.user.rights.publishes:
        raise NotAllowed()
    if article.current is None:
        raise IllegalMove(_("Only a published article can be corrected."))
    if request.method != "POST":
        initial = {**values_of(article.current), "base": article.current.number}
        return _correct_page(request, article, CorrectionForm(initial=initial))
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _correct_page(request, article, form, 422)
    try:
        return _corrected(request, article, form)
    except StaleVersion as error:
        extra = {"stale": str(error), "parts": compared(error.differences)}
        return _correct_page(request, article, form, 409, **extra)
    except InvalidInput as error:
        return _correct_page(request, article, with_errors(form, error), 422)


def _corrected(request: SignedInRequest, article: Article, form: CorrectionForm) -> HttpResponse:
    base = form.cleaned_data["base"]
    version = correction_publish(actor=actor_of(request), slug=article.slug, base=base, draft=form.draft())
    if version.state != Version.State.PUBLISHED:
        return redirect("version_detail", slug=article.slug, number=version.number)
    messages.success(request, _("Version %(number)s is published.") % {"number": version.number})
    return redirect("article_detail", slug=article.slug)


def _correct_page(
    request: SignedInRequest, article: Article, form: CorrectionForm, status: int = 200, **extra: Any
) -> HttpResponse:
    context = {**SECTION, "article": article, "version": article.published, "form": form, **extra}
    draft = draft_from(form.data) if form.is_bound else Draft.of(article.published)
    return render(request, "knowledge/writing/correct.html", {**context, "preview": sections(draft)}, status=status)
