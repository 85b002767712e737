"""«Correct a typo»: the published text, published again with one press."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from prsystem.accounts.requests import SignedInRequest
from prsystem.core.errors import DomainError, IllegalMove, InvalidInput, NotAllowed, StaleVersion
from prsystem.core.web.middleware import actor_of

from ...models import Article, Version
from ...selectors import article_get
from ...services.articles import require_no_manual
from ..forms import CorrectionForm, draft_from, with_errors
from ..services import correction_publish
from ..showing import compared, sections
from ..texts import Draft, values_of

SECTION = {"section": "knowledge"}


@login_required
def article_correct(request: SignedInRequest, slug: str) -> HttpResponse:
    """«Correct a typo»: the published text, published again with one press."""
    if request.method == "POST":
        return _correction_sent(request, slug)
    article = _article_to_correct(request, slug)
    initial = {**values_of(article.published), "base": article.published.number}
    return _correct_page(request, article, CorrectionForm(initial=initial))


def _correction_sent(request: SignedInRequest, slug: str) -> HttpResponse:
    """What was typed is shown even where it can't be published any more."""
    form = CorrectionForm(request.POST)
    try:
        return _acted(request, _article_to_correct(request, slug), form)
    except DomainError as error:
        context = {**SECTION, "form": form, "error": error}
        return render(request, "knowledge/writing/lost.html", context, status=error.status)


def _article_to_correct(request: SignedInRequest, slug: str) -> Article:
    article = article_get(request.user.rights, slug)
    if article.area_id not in request.user.rights.publishes:
        raise NotAllowed()
    require_no_manual(article)
    if article.current is None or article.is_archived:
        raise IllegalMove(_("Only a published article can be corrected."))
    return article


def _acted(request: SignedInRequest, article: Article, form: CorrectionForm) -> HttpResponse:
    if not form.is_valid():
        return _correct_page(request, article, form, 422)
    try:
        return _corrected(request, article, form)
    except StaleVersion as error:
        extra = {"stale": str(error), "parts": compared(error.differences)}
        return _correct_page(request, _article_to_correct(request, article.slug), form, 409, **extra)
    except InvalidInput as error:
        return _correct_page(request, article, with_errors(form, error), 422)


def _corrected(request: SignedInRequest, article: Article, form: CorrectionForm) -> HttpResponse:
    base = form.cleaned_data["sobre"] or form.cleaned_data["base"]
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
