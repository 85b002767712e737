"""What became of proposals as a file, CSV or JSON lines. Who took it is in the trail before a byte leaves."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction

from audit.services import record
from prsystem.core.context import Actor
from prsystem.core.errors import NotAllowed
from prsystem.core.text.cleaning import csv_line

from .edits import FIELDS, Month, edit_rows

FORMATS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}


@transaction.atomic
def edits_export(*, actor: Actor, month: Month, form: str) -> Iterator[str]:
    """The lines of the file of a month, each with its end; `form` is one of FORMATS. Administrators and the system."""
    if not (actor.rights.is_admin or actor.kind == "system"):
        raise NotAllowed()
    record(actor, "proposal_edits.exported", "propuestas:cambios", {"formato": form, "mes": month.code})
    rows = edit_rows(month)
    return _csv_lines(rows) if form == "csv" else (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _csv_lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield csv_line(FIELDS)
    for row in rows:
        yield csv_line(row[name] for name in FIELDS)
