"""The page of a draft: saved as one types, handed in, published; nothing that was typed is ever lost."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect, retarget, trigger_client_event

from prsystem.accounts.requests import SignedInRequest
from prsystem.core.errors import DomainError, Missing, NotAllowed, StaleVersion
from prsystem.core.web.middleware import actor_of

from ...models import Article, Version
from ...selectors import version_get
from ...services import version_publish, version_submit
from ..forms import DraftForm, draft_from, with_errors
from ..services import draft_begin_apart, draft_discard, draft_rebase, draft_save, may_edit
from ..showing import compared, sections, told
from ..texts import FIELDS, Draft, differences, values_of
from .details import details_form

SECTION = {"section": "knowledge"}


@login_required
def draft_edit(request: SignedInRequest, slug: str, number: str) -> HttpResponse:
    """The draft; 409 with both texts where somebody else was faster, and what was typed even where all is gone."""
    if request.method == "POST":
        return _draft_sent(request, slug, number)
    version = version_get(request.user.rights, slug, number)
    if version.article.area_id not in request.user.rights.writes_drafts:
        raise NotAllowed()
    if not may_edit(actor_of(request), version.article, version):
        state = version.get_state_display()
        messages.info(
            request, _("Version %(number)s isn't written on: %(state)s.") % {"number": number, "state": state}
        )
        return redirect("version_detail", slug=slug, number=number)
    return _draft_page(request, version, DraftForm(initial={**values_of(version), "revision": version.revision}))


def _draft_sent(request: SignedInRequest, slug: str, number: str) -> HttpResponse:
    form = DraftForm(request.POST)
    try:
        version = version_get(request.user.rights, slug, number)
        if version.article.area_id not in request.user.rights.writes_drafts:
            raise NotAllowed()
        return _acted(request, version, form)
    except (Missing, NotAllowed) as error:
        return render(
            request, "knowledge/writing/lost.html", {**SECTION, "form": form, "error": error}, status=error.status
        )


def _acted(request: SignedInRequest, version: Version, form: DraftForm) -> HttpResponse:
    if not form.is_valid():
        return _refused(request, version, form)
    try:
        return _saved(request, version, form)
    except StaleVersion as error:
        return _conflict(request, version, form, error)
    except (Missing, NotAllowed):
        raise
    except DomainError as error:
        return _refused(request, version, with_errors(form, error), 422 if error.errors else error.status)


def _saved(request: SignedInRequest, version: Version, form: DraftForm) -> HttpResponse:
    """Save what was typed, then do what the button says. What the page saves as one types never does more than that."""
    act = "" if request.POST.get("guardado") == "auto" else request.POST.get("accion", "")
    if act == "otro":
        return _kept_apart(request, version)
    over = form.cleaned_data["sobre" if act == "sobrescribir" else "revision"] or 0
    saved = draft_save(actor=actor_of(request), version_id=version.pk, revision=over, draft=form.draft())
    if act in HANDED_ON:
        return _handed_on(request, saved, act)
    if request.htmx and act != "sobrescribir":
        return render(request, "knowledge/writing/_saved.html", {"version": saved})
    messages.success(request, _("The draft was saved."))
    return _on_to(request, "draft_edit", version)


def _handed_on(request: SignedInRequest, saved: Version, act: str) -> HttpResponse:
    """The text is kept by now: where it can't go on, the page says both, over the revision that was saved."""
    try:
        return HANDED_ON[act](request, saved)
    except DomainError as error:
        version = version_get(request.user.rights, saved.article.slug, saved.number)
        typed = request.POST.copy()
        typed["revision"] = str(version.revision)
        form = DraftForm(typed)
        form.is_valid()
        form.add_error(None, _("The text was saved, but that step was refused."))
        return _refused(request, version, with_errors(form, error), 422 if error.errors else error.status, is_kept=True)


def _kept_apart(request: SignedInRequest, version: Version) -> HttpResponse:
    """Both texts are kept: what was typed is a draft of its own."""
    given = {name: request.POST.get(name, "") for name in FIELDS}
    other = draft_begin_apart(actor=actor_of(request), version_id=version.pk, given=given)
    messages.success(request, _("Your text is version %(number)s now.") % {"number": other.number})
    return _on_to(request, "draft_edit", other)


def _submitted(request: SignedInRequest, version: Version) -> HttpResponse:
    version_submit(actor=actor_of(request), version_id=version.pk)
    messages.success(request, _("Version %(number)s waits for review.") % {"number": version.number})
    return _on_to(request, "version_detail", version)


def _published(request: SignedInRequest, version: Version) -> HttpResponse:
    version_publish(actor=actor_of(request), version_id=version.pk, revision=version.revision)
    messages.success(request, _("Version %(number)s is published.") % {"number": version.number})
    return _on_to(request, "article_detail", version)


HANDED_ON = {"revision": _submitted, "publicar": _published}


def _on_to(request: SignedInRequest, page: str, version: Version) -> HttpResponse:
    numbers = [] if page == "article_detail" else [version.number]
    address = reverse(page, args=[version.article.slug, *numbers])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _refused(
    request: SignedInRequest, version: Version, form: DraftForm, status: int = 422, *, is_kept: bool = False
) -> HttpResponse:
    if request.htmx:
        context = {"errors": told(form.errors), "kept": version if is_kept else None}
        status = status if status == 409 else 422
        answer = render(request, "knowledge/writing/_trouble.html", context, status=status)
        return trigger_client_event(answer, "prs:kept") if is_kept else answer
    return _draft_page(request, version, form, status)


def _conflict(request: SignedInRequest, version: Version, form: DraftForm, error: StaleVersion) -> HttpResponse:
    """Both texts, and what can be done with them. The form keeps what was typed, over the revision that it was typed
    over, so that nothing is overwritten but by the button that says so."""
    fresh = version_get(request.user.rights, version.article.slug, version.number)
    both = {
        "stale": str(error),
        "parts": compared(error.differences),
        "may_overwrite": may_edit(actor_of(request), fresh.article, fresh),
    }
    if request.htmx:
        context = {"version": fresh, "article": fresh.article, **both}
        answer = render(request, "knowledge/writing/_conflict.html", context, status=409)
        answer.headers["HX-Reswap"] = "innerHTML show:top"
        return retarget(answer, "#conflicto")
    return _draft_page(request, fresh, form, 409, **both)


def _draft_page(
    request: SignedInRequest, version: Version, form: DraftForm, status: int = 200, **extra: Any
) -> HttpResponse:
    article, rights = version.article, request.user.rights
    is_behind = bool(article.current and article.current_id not in (version.base_id, version.pk))
    context = {
        **SECTION,
        "article": article,
        "version": version,
        "form": form,
        "preview": sections(draft_from(form.data) if form.is_bound else Draft.of(version)),
        "details": details_form(request, article),
        "may_publish": article.area_id in rights.publishes,
        "may_discard": article.area_id in rights.publishes or version.author_id == request.user.pk,
        "is_behind": is_behind,
        "behind": _behind(version, article) if is_behind else [],
        **extra,
    }
    return render(request, "knowledge/writing/draft.html", context, status=status)


def _behind(version: Version, article: Article) -> list[tuple[object, Any]]:
    """What publishing the draft would change of what is published by now."""
    return compared(differences(article.published, vars(version)))


@login_required
@require_POST
def draft_rebase_now(request: SignedInRequest, slug: str, number: str) -> HttpResponse:
    """What was published since is taken in: the draft stands on it from now on."""
    version = version_get(request.user.rights, slug, number)
    seen = request.POST.get("revision", "")
    revision = int(seen) if seen.isdecimal() and len(seen) < 10 else None
    number_taken = request.POST.get("sobre", "")
    draft_rebase(actor=actor_of(request), version_id=version.pk, number=number_taken, revision=revision)
    messages.success(request, _("The draft stands on the published version again."))
    return redirect("draft_edit", slug=slug, number=number)


@login_required
@require_POST
def draft_discard_now(request: SignedInRequest, slug: str, number: str) -> HttpResponse:
    version = version_get(request.user.rights, slug, number)
    draft_discard(actor=actor_of(request), version_id=version.pk)
    messages.success(request, _("Draft %(number)s was discarded.") % {"number": number})
    return redirect("article_list" if version.article.current_id is None else "article_detail", *_slug_of(version))


def _slug_of(version: Version) -> list[str]:
    return [] if version.article.current_id is None else [version.article.slug]
