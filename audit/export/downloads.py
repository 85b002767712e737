"""The trail as a file, for the page and the API."""

from collections.abc import Mapping
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone

from audit.forms import TrailForm
from audit.selectors import entries_filtered, filters_told
from prsystem.core.context import Actor
from prsystem.core.errors import InvalidInput

from .formats import export_begin, export_lines

CONTENT_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/x-ndjson", "ocsf": "application/x-ndjson"}
SUFFIXES = {"csv": "csv", "json": "jsonl", "ocsf": "ocsf.jsonl"}


def export_answer(actor: Actor, given: Mapping[str, Any]) -> StreamingHttpResponse:
    """The entries that match the filters, oldest first, written while they are read from the database."""
    form = TrailForm(given)
    if not form.is_valid():
        raise InvalidInput(errors={name: list(found) for name, found in form.errors.items()})
    kind = form.cleaned_data["formato"] or "csv"
    export_begin(actor=actor, form=kind, details={"filtros": filters_told(form.given)})
    lines = export_lines(kind, entries_filtered(form.given, form.span))
    response = StreamingHttpResponse((line.encode() for line in lines), content_type=CONTENT_TYPES[kind])
    day = timezone.localdate().isoformat()
    response.headers["Content-Disposition"] = f'attachment; filename="auditoria-{day}.{SUFFIXES[kind]}"'
    return response
