"""Several new rows of different tables in one statement: one round trip where the ORM makes one for each."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models


def insert_together(rows: Sequence[models.Model], *, skip_known: bool = False) -> None:
    """Insert unsaved instances in the caller's transaction and give them their ids.

    With `skip_known` a row that a unique constraint refuses is left out and keeps no id. Columns with a database
    default that weren't given are left to the database. No signals are sent.
    """
    values: list[Any] = []
    ending = "ON CONFLICT DO NOTHING RETURNING id" if skip_known else "RETURNING id"
    parts = [f"r{number} AS ({_insert_of(row, values)} {ending})" for number, row in enumerate(rows)]
    ids = ", ".join(f"(SELECT id FROM r{number})" for number in range(len(rows)))
    statement = f"WITH {', '.join(parts)} SELECT {ids}"
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found = cursor.fetchone() or ()
    for row, pk in zip(rows, found, strict=True):
        row.pk, row._state.adding, row._state.db = pk, pk is None, connection.alias


def _insert_of(row: models.Model, values: list[Any]) -> str:
    """The INSERT of one instance: names come from the model, its values are appended to `values`."""
    columns = []
    for field in row._meta.concrete_fields:
        value = field.pre_save(row, add=True)
        if field.primary_key or field.generated or isinstance(value, models.expressions.DatabaseDefault):
            continue
        columns.append(connection.ops.quote_name(str(field.column)))
        values.append(field.get_db_prep_save(value, connection))
    table = connection.ops.quote_name(row._meta.db_table)
    marks = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
