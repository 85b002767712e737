"""Pages of knowledge: list, article, versions, what changed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.shortcuts import render as render_page
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from prsystem.accounts.requests import SignedInRequest
from prsystem.accounts.selectors import areas_in
from prsystem.core.bounds.differences import Steps
from prsystem.core.errors import InvalidInput, Missing
from prsystem.core.text.markdown import render, render_marked
from prsystem.core.web.middleware import actor_of
from prsystem.core.web.paging import keyset_page

from .citing import ANCHOR, Span, span_from
from .differences import compare
from .forms import FeedbackForm, ListForm, ReasonForm, SeenForm
from .models import WAITING_STATES, Article, Version
from .selectors import article_get, articles_listed, end_of_day, version_get, versions_of, versions_valid_at
from .selectors_feedback import told_against, vote_of
from .selectors_manuals import place_of
from .services import (
    article_archive,
    article_feedback_give,
    article_reviewed,
    article_unarchive,
    notice_done,
    version_publish,
    version_recall,
    version_reject,
    version_release,
    version_restore,
    version_submit,
)
from .services.holding import signs_holding
from .services.search import knowledge_search
from .writing.selectors import tab_counts
from .writing.services import may_edit

ORDER = ("-updated_at", "-id")
PAGE_SIZE = 25
VALID_LIMIT = 500
SEARCH_LIMIT = 20
SECTIONS = (
    ("problem", gettext_lazy("Problem")),
    ("cause", gettext_lazy("Cause")),
    ("solution", gettext_lazy("Solution")),
)


@login_required
def article_list(request: SignedInRequest) -> HttpResponse:
    """Published articles that the person may read, the latest first; with words, what search finds."""
    rights = request.user.rights
    form = ListForm(request.GET)
    form.is_valid()
    given: dict[str, Any] = form.cleaned_data
    articles = articles_listed(rights)
    if given.get("area"):
        articles = articles.filter(area__code=given["area"].upper())
    context: dict[str, Any] = {"section": "knowledge", "values": given, "areas": list(areas_in(rights.belongs))}
    context |= {"tab": "articles", "tabs": tab_counts(rights)}
    if day := given.get("fecha"):
        context["periods"] = list(versions_valid_at(rights, end_of_day(day))[:VALID_LIMIT])
    elif given.get("q"):
        found = knowledge_search(rights=rights, text=given["q"], limit=SEARCH_LIMIT)
        context["hits"] = [hit for hit in found.related if not given.get("area") or hit.area == given["area"].upper()]
        context |= {"mode": found.mode, "also": found.also, "q": given["q"]}
    else:
        context["page"] = keyset_page(articles, ORDER, given.get("cursor", ""), PAGE_SIZE)
    return render_page(request, "knowledge/list.html", context)


@login_required
def article_detail(request: SignedInRequest, slug: str) -> HttpResponse:
    """The published version; for those who read drafts the latest one when none is published."""
    rights = request.user.rights
    article = article_get(rights, slug)
    version = article.current or versions_of(rights, article).first()
    if version is None:
        raise Missing()
    return _article_page(request, article, version)


@login_required
def version_detail(request: SignedInRequest, slug: str, number: str) -> HttpResponse:
    """One version, with the cited passage marked when the address names it."""
    version = version_get(request.user.rights, slug, number)
    return _article_page(request, version.article, version, span_from(request.GET.get("pasaje", "")))


def _article_page(
    request: SignedInRequest, article: Article, version: Version, span: Span | None = None
) -> HttpResponse:
    rights = request.user.rights
    versions = list(versions_of(rights, article))
    context = {
        "section": "knowledge",
        "article": article,
        "version": version,
        "is_current": version.pk == article.current_id,
        "parts": _parts(version, span),
        "is_cited": span is not None,
        "versions": [
            (each, versions[index + 1] if index + 1 < len(versions) else None) for index, each in enumerate(versions)
        ],
        "place": place_of(article, version),
        "may_publish": article.area_id in rights.publishes,
        "may_edit": may_edit(actor_of(request), article, version),
        "may_submit": article.area_id in rights.writes_drafts,
        "may_review": article.area_id in rights.publishes or article.owner_id == request.user.pk,
        "signs": signs_holding(version) if version.state in WAITING_STATES else [],
        "my_vote": vote_of(request.user.pk, article),
        "against": told_against(article),
        "reason_form": ReasonForm(auto_id="id_%s"),
        "incident_number": version.origin.removeprefix("incidencia:")
        if version.origin.startswith("incidencia:")
        else "",
    }
    return render_page(request, "knowledge/article.html", context)


def _parts(version: Version, span: Span | None) -> list[dict[str, Any]]:
    """The sections of a version as HTML, with the passage that the span names marked."""
    parts = []
    for name, label in SECTIONS:
        if text := getattr(version, name):
            is_cited = span is not None and span.field == name
            html = render_marked(text, span.start, span.end, ANCHOR) if span and is_cited else render(text)
            parts.append({"name": name, "label": label, "html": html})
    return parts


@login_required
def version_diff(request: SignedInRequest, slug: str, old: str, new: str) -> HttpResponse:
    """What changed from one version to another."""
    rights = request.user.rights
    before, after = version_get(rights, slug, old), version_get(rights, slug, new)
    fields = (("title", _("Title")), *SECTIONS)
    steps = Steps()
    parts = [(label, compare(getattr(before, name), getattr(after, name), steps)) for name, label in fields]
    context = {
        "section": "knowledge",
        "article": after.article,
        "before": before,
        "after": after,
        "is_rough": steps.left <= 0,
        "parts": [(label, lines) for label, lines in parts if any(line.kind in ("add", "del") for line in lines)],
    }
    return render_page(request, "knowledge/diff.html", context)


def _seen(request: SignedInRequest) -> int | None:
    """The revision of the text that was on the page that the form was on."""
    form = SeenForm(request.POST)
    if not form.is_valid():
        raise InvalidInput(errors={name: list(found) for name, found in form.errors.items()})
    seen: int | None = form.cleaned_data["revision"]
    return seen


@login_required
@require_POST
def version_publish_now(request: SignedInRequest, slug: str, number: str) -> HttpResponse:
    """Make it the version that is read and searched."""
    version = version_get(request.user.rights, slug, number)
    version_publish(actor=actor_of(request), version_id=version.pk, revision=_seen(request))
    messages.success(request, _("Version %(number)s is published.") % {"number": version.number})
    return redirect("article_detail", slug=slug)


@login_required
@require_POST
def version_restore_now(request: SignedInRequest, slug: str, number: str) -> HttpResponse:
    """Bring its text back as a new version."""
    old = version_get(request.user.rights, slug, number)
    restored = version_restore(actor=actor_of(request), version_id=old.pk)
    text = _("The text of %(old)s is back as version %(new)s.") % {"old": old.number, "new": restored.number}
    messages.success(request, text)
    return redirect("version_detail", slug=slug, number=restored.number)


@login_required
@require_POST
def article_feedback(request: SignedInRequest, slug: str) -> HttpResponse:
    """Whether it helped."""
    article = article_get(request.user.rights, slug)
    form = FeedbackForm(request.POST)
    if form.is_valid():
        was_helpful = form.cleaned_data["util"] == "si"
        article_feedback_give(actor=actor_of(request), user=request.user, article=article, was_helpful=was_helpful)
        messages.success(request, _("Thank you. Your rating was kept."))
    return redirect("article_detail", slug=slug)


@login_required
@require_POST
def version_submit_now(request: SignedInRequest, slug: str, number: str) -> HttpResponse:
    """Ask for its review."""
    version = version_get(request.user.rights, slug, number)
    version_submit(actor=actor_of(request), version_id=version.pk)
    messages.success(request, _("Version %(number)s waits for review.") % {"number": number})
    return redirect("version_detail", slug=slug, number=number)


@login_required
@require_POST
def version_reject_now(request: SignedInRequest, slug: str, number: str) -> HttpResponse:
    """Refuse it, with the reason."""
    version = version_get(request.user.rights, slug, number)
    version_reject(actor=actor_of(request), version_id=version.pk, reason=request.POST.get("motivo", ""))
    messages.success(request, _("Version %(number)s was rejected.") % {"number": number})
    return redirect("version_detail", slug=slug, number=number)


@login_required
@require_POST
def version_release_now(request: SignedInRequest, slug: str, number: str) -> HttpResponse:
    """Let a held version be published, with the reason."""
    version = version_get(request.user.rights, slug, number)
    reason = request.POST.get("motivo", "")
    version_release(actor=actor_of(request), version_id=version.pk, reason=reason, revision=_seen(request))
    messages.success(request, _("Version %(number)s was released: it can be published.") % {"number": number})
    return redirect("version_detail", slug=slug, number=number)


@login_required
@require_POST
def version_recall_now(request: SignedInRequest, slug: str, number: str) -> HttpResponse:
    """Mark it as wrong; the page of what it answered follows."""
    version = version_get(request.user.rights, slug, number)
    version_recall(actor=actor_of(request), version_id=version.pk, reason=request.POST.get("motivo", ""))
    messages.success(
        request, _("Version %(number)s was recalled: search doesn't find it any more.") % {"number": number}
    )
    return redirect("version_incidents", slug=slug, number=number)


@login_required
@require_POST
def article_archive_now(request: SignedInRequest, slug: str) -> HttpResponse:
    """Out of reading and search."""
    article = article_get(request.user.rights, slug)
    article_archive(actor=actor_of(request), slug=article.slug)
    messages.success(request, _("The article is archived."))
    return redirect("article_detail", slug=slug)


@login_required
@require_POST
def article_unarchive_now(request: SignedInRequest, slug: str) -> HttpResponse:
    """Back into reading and search."""
    article = article_get(request.user.rights, slug)
    article_unarchive(actor=actor_of(request), slug=article.slug)
    messages.success(request, _("The article is back."))
    return redirect("article_detail", slug=slug)


@login_required
@require_POST
def article_reviewed_now(request: SignedInRequest, slug: str) -> HttpResponse:
    """It still holds; ask again in a year."""
    article = article_get(request.user.rights, slug)
    article_reviewed(actor=actor_of(request), slug=article.slug)
    messages.success(request, _("Reviewed. It is asked about again in a year."))
    return redirect("article_detail", slug=slug)


@login_required
@require_POST
def notice_done_now(request: SignedInRequest, notice_id: int) -> HttpResponse:
    """One's own notice was read."""
    notice_done(actor=actor_of(request), notice_id=notice_id)
    return redirect("home")
