"""What waits: to be reviewed, and of one's own; sent back with a reason, published one by one or together."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from prsystem.accounts.requests import SignedInRequest
from prsystem.core.errors import NotAllowed
from prsystem.core.web.middleware import actor_of

from ...selectors import drafts_to_publish, version_get
from ..forms import ChosenForm
from ..reviewing import MOST_AT_ONCE, draft_return, drafts_publish
from ..selectors import drafts_of, tab_counts

SHOWN = 100


@login_required
def review_list(request: SignedInRequest) -> HttpResponse:
    """Drafts that wait for somebody with the person's right to publish."""
    rights = request.user.rights
    if not rights.publishes:
        raise NotAllowed()
    versions = list(drafts_to_publish(rights)[:SHOWN])
    context = {"section": "knowledge", "tab": "reviews", "tabs": tab_counts(rights), "versions": versions}
    return render(request, "knowledge/writing/reviews.html", context)


@login_required
def draft_list(request: SignedInRequest) -> HttpResponse:
    """One's own drafts."""
    rights = request.user.rights
    if not rights.writes_drafts:
        raise NotAllowed()
    versions = list(drafts_of(rights)[:SHOWN])
    context = {"section": "knowledge", "tab": "mine", "tabs": tab_counts(rights), "versions": versions}
    return render(request, "knowledge/writing/mine.html", context)


@login_required
@require_POST
def drafts_publish_now(request: SignedInRequest) -> HttpResponse:
    """Publish what was ticked; what is refused says why and keeps nothing else back."""
    rights = request.user.rights
    if not rights.publishes:
        raise NotAllowed()
    waiting = {version.pk: version for version in drafts_to_publish(rights)[:SHOWN]}
    chosen = dict(one.partition(":")[::2] for one in request.POST.getlist("ids"))  # id -> revision that was looked at
    form = ChosenForm(list(waiting), {"ids": list(chosen)})
    if not form.is_valid():
        messages.warning(request, _("Choose the drafts to be published: what isn't there any more was left out."))
        return redirect("review_list")
    ids = form.cleaned_data["ids"]
    seen = {int(pk): int(revision) for pk, revision in chosen.items() if revision.isdecimal() and len(revision) < 10}
    outcomes = drafts_publish(actor=actor_of(request), version_ids=ids[:MOST_AT_ONCE], revisions=seen)
    done = sum(not outcome.refusal for outcome in outcomes)
    if done:
        text = ngettext("%(n)d article is published.", "%(n)d articles are published.", done)
        messages.success(request, text % {"n": done})
    if len(ids) > MOST_AT_ONCE:
        text = _("At most %(limit)d are published at once: %(n)d of the chosen ones still wait.")
        messages.warning(request, text % {"limit": MOST_AT_ONCE, "n": len(ids) - MOST_AT_ONCE})
    for outcome in outcomes:
        if outcome.refusal:
            messages.warning(request, f"{waiting[outcome.version_id].title}: {outcome.refusal}")
    return redirect("review_list")


@login_required
@require_POST
def draft_return_now(request: SignedInRequest, slug: str, number: str) -> HttpResponse:
    """Back to its author, with the reason."""
    version = version_get(request.user.rights, slug, number)
    draft_return(actor=actor_of(request), version_id=version.pk, reason=request.POST.get("motivo", ""))
    messages.success(request, _("Version %(number)s was sent back to its author.") % {"number": number})
    return redirect("version_detail", slug=slug, number=number)
