"""Taking the names of an erased person out of stored rows: exact values, mentions, and the full name inside texts."""

import html
import json
import re
from dataclasses import dataclass
from typing import Any, cast

from django.db import connection
from django.db.models import Field, JSONField, Model
from psycopg import sql

_UPDATE = "UPDATE {table} SET {column} = regexp_replace({column}::text, %s, %s, 'g'){cast} WHERE {column}::text ~ %s"


@dataclass(frozen=True)
class Gone:
    """Who is erased; `label` is what stands in the place of the names."""

    user_id: int
    username: str
    full_name: str
    email: str

    @property
    def label(self) -> str:
        return f"borrado-{self.user_id}"


def names_replace(gone: Gone, model: type[Model], *fields: str) -> int:
    """In how many values of these fields names were replaced. The user name counts as a whole value or as a mention
    (`@ana`): inside a sentence it may be a word like any other."""
    return sum(_replace(gone, model, name) for name in fields)


def _replace(gone: Gone, model: type[Model], name: str) -> int:
    field = cast("Field[Any, Any]", model._meta.get_field(name))
    is_json = isinstance(field, JSONField)
    statement = sql.SQL(_UPDATE).format(
        table=sql.Identifier(model._meta.db_table),
        column=sql.Identifier(str(field.column)),
        cast=sql.SQL("::jsonb" if is_json else ""),
    )
    found = 0
    with connection.cursor() as cursor:
        for pattern, put in _patterns(gone, is_json):
            cursor.execute(statement, [pattern, put, pattern])
            found += cursor.rowcount
    return found


def _patterns(gone: Gone, is_json: bool) -> list[tuple[str, str]]:
    """PostgreSQL's regular expressions and what to put there."""
    texts = {text for text in (gone.full_name, gone.email) if text}
    if is_json:
        texts = {json.dumps(text, ensure_ascii=False)[1:-1] for text in texts}
    else:
        texts |= {html.escape(text) for text in texts}
    patterns = [(re.escape(text), gone.label) for text in sorted(texts, key=len, reverse=True)]
    name = re.escape(gone.username)
    whole = (f'"{name}"', f'"{gone.label}"') if is_json else (f"^{name}$", gone.label)
    return [*patterns, whole, (rf"@{name}(?![\w.-])", f"@{gone.label}")]
