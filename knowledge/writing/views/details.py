"""Area, readers and review date of an article; they hold at once."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from prsystem.accounts.requests import SignedInRequest
from prsystem.core.errors import InvalidInput, NotAllowed
from prsystem.core.web.middleware import actor_of

from ...models import Article
from ...selectors import article_get, version_get
from ..forms import DetailsForm
from ..reviewing import article_details_set
from ..selectors import areas_to_write, was_published


def details_form(request: SignedInRequest, article: Article) -> DetailsForm | None:
    """None for who may not change them."""
    areas = list(areas_to_write(request.user.rights, published=was_published(article)))
    if article.area not in areas:
        return None
    initial = {"area": article.area.code, "visibilidad": article.visibility, "revisar_el": article.review_on}
    return DetailsForm(areas, initial=initial, prefix=None)


@login_required
@require_POST
def article_details(request: SignedInRequest, slug: str) -> HttpResponse:
    """Area, readers and review date; they hold at once."""
    article = article_get(request.user.rights, slug)
    areas = list(areas_to_write(request.user.rights, published=was_published(article)))
    if article.area not in areas:
        raise NotAllowed()
    number = request.POST.get("version", "")
    if number:
        version_get(request.user.rights, slug, number)
    form = DetailsForm(areas, request.POST)
    if not form.is_valid():
        raise InvalidInput(errors={name: list(found) for name, found in form.errors.items()})
    area = next(area for area in areas if area.code == form.cleaned_data["area"])
    article_details_set(
        actor=actor_of(request),
        slug=slug,
        area=area,
        visibility=form.cleaned_data["visibilidad"],
        review_on=form.cleaned_data["revisar_el"],
    )
    messages.success(request, _("Saved."))
    return redirect("draft_edit", slug=slug, number=number) if number else redirect("article_detail", slug=slug)
