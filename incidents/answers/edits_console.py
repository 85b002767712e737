"""The console's report of what engineers changed in proposals, by month and article, and its file."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from prsystem.core.console.pages import console_page
from prsystem.core.web.middleware import actor_of
from prsystem.core.web.paging import keyset_page

from .edits import edits_by_article, edits_of, month_asked
from .exporting import FORMATS, edits_export

SHOWN = 50


def answer_edits(request: HttpRequest) -> HttpResponse:
    """`mes`: 2026-11; by article what was kept, changed, deleted, and how the cases ended."""
    month = month_asked(request.GET.get("mes", ""))
    context = {"month": month, "rows": edits_by_article(month), "forms": list(FORMATS)}
    return console_page(request, "admin/incidents/answer_edits.html", _("What was changed in the proposals"), context)


def answer_edits_of(request: HttpRequest, slug: str) -> HttpResponse:
    """The resolutions behind an article's figures, with the sentences."""
    month = month_asked(request.GET.get("mes", ""))
    page = keyset_page(edits_of(month, slug), ("-outcome_id", "-id"), request.GET.get("cursor", ""), SHOWN)
    if not page.rows:
        raise Http404
    version = page.rows[0].version
    context = {"month": month, "rows": page.rows, "page": page, "article": version.article}
    return console_page(request, "admin/incidents/answer_edits_of.html", version.title, context)


def answer_edits_export(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """The month as labelled data, CSV or JSON lines."""
    if form not in FORMATS:
        raise Http404
    month = month_asked(request.GET.get("mes", ""))
    lines = edits_export(actor=actor_of(request), month=month, form=form)
    return edits_file(lines, month.code, form)


def edits_file(lines: Iterable[str], month: str, form: str) -> StreamingHttpResponse:
    """The lines as a file to keep, written while they are read from the database."""
    response = StreamingHttpResponse((line.encode() for line in lines), content_type=FORMATS[form])
    response.headers["Content-Disposition"] = f'attachment; filename="propuestas-{month}.{form}"'
    return response
