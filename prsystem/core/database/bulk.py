"""Many rows at the database's own speed, where the ORM takes a round trip or much arithmetic for each."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.expressions import DatabaseDefault


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
        if field.primary_key or field.generated or isinstance(value, DatabaseDefault):
            continue
        columns.append(connection.ops.quote_name(str(field.column)))
        values.append(field.get_db_prep_save(value, connection))
    table = connection.ops.quote_name(row._meta.db_table)
    marks = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"


def insert_many(rows: Sequence[models.Model]) -> None:
    """COPY unsaved instances of one model into its table, in the caller's transaction, and give them their ids.

    What the first one leaves to a default of the database, all do. No signals are sent.
    """
    if not rows:
        return
    meta, quote = rows[0]._meta, connection.ops.quote_name
    fields = [field for field in meta.concrete_fields if _is_given(rows[0], field)]
    database = connections[DEFAULT_DB_ALIAS]  # looked up once, not for every value
    columns = ", ".join(quote(str(field.column)) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [meta.db_table, len(rows)]
        )
        ids = [pk for (pk,) in cursor.fetchall()]
        with (
            database.wrap_database_errors,
            cursor.copy(f"COPY {quote(meta.db_table)} (id, {columns}) FROM STDIN") as copy,
        ):
            for pk, row in zip(ids, rows, strict=True):
                given = [(field, field.pre_save(row, add=True)) for field in fields]
                values = (None if value is None else field.get_db_prep_save(value, database) for field, value in given)
                copy.write_row([pk, *values])
    for pk, row in zip(ids, rows, strict=True):
        row.pk, row._state.adding, row._state.db = pk, False, connection.alias


def _is_given(row: models.Model, field: models.Field) -> bool:
    value = field.pre_save(row, add=True)
    return not (field.primary_key or field.generated or isinstance(value, DatabaseDefault))


def update_many(rows: Sequence[models.Model], names: Iterable[str]) -> None:
    """Save these fields of many instances of one model in one statement, in the caller's transaction."""
    if not rows:
        return
    meta, quote = rows[0]._meta, connection.ops.quote_name
    wanted = set(names)
    fields = [field for field in meta.concrete_fields if field.primary_key or field.name in wanted]
    columns = [quote(str(field.column)) for field in fields]
    arrays = ", ".join(f"%s::{field.cast_db_type(connection)}[]" for field in fields)
    changes = ", ".join(f"{column} = given.{column}" for column in columns if column != quote("id"))
    values = [[field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows] for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(meta.db_table)} AS kept SET {changes} "
            f"FROM unnest({arrays}) AS given ({', '.join(columns)}) WHERE kept.id = given.id",
            values,
        )
