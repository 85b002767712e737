"""What a database holds at one moment: rows and a digest per table, migrations, the end of the audit trail, samples.

The same questions are asked of the source, inside the snapshot that is dumped, and of what was restored.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql

from integrations.backups.pg import Server

CANARIES = 20
_canary_tables: list[str] = []

# The same text whatever the settings of the server or the role.
_SESSION = (
    "SET TimeZone = 'UTC'",
    "SET DateStyle = 'ISO'",
    "SET IntervalStyle = 'postgres'",
    "SET bytea_output = 'hex'",
    "SET extra_float_digits = 1",
    "SET statement_timeout = 0",
    "SET idle_in_transaction_session_timeout = 0",
)
_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY c.relname
"""
_CONTENT = """
SELECT count(*), COALESCE(sum(('x' || substr(md5(row::text), 1, 15))::bit(60)::bigint), 0)::text FROM {table} AS row
"""
_CONSTRAINTS = """
SELECT c.conrelid::regclass || '.' || c.conname FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
WHERE n.nspname = 'public' AND c.contype IN ('p', 'u', 'f', 'c') AND c.convalidated ORDER BY 1
"""
_BROKEN_INDEXES = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid ORDER BY 1"


def register_canaries(table: str) -> None:
    """Rows of this table (with an `id`) are sampled one by one, so that a difference can be named. From
    `AppConfig.ready()` of the app that owns it."""
    if table not in _canary_tables:
        _canary_tables.append(table)


@dataclass(frozen=True)
class TableContent:
    """How many rows, and a digest that doesn't depend on their order."""

    rows: int
    digest: str


@dataclass(frozen=True)
class Content:
    """Everything that a restored copy must have in common with its source."""

    tables: dict[str, TableContent]
    constraints: list[str]
    migrations: list[str]
    audit_head: int
    canaries: dict[str, dict[str, str]]


@dataclass(frozen=True)
class Moment:
    """A snapshot held open: `name` is for pg_dump, `taken_at` by the server's clock."""

    name: str
    taken_at: datetime
    version: int
    system: str
    database: str
    user: str
    connection: psycopg.Connection


@contextmanager
def held(server: Server) -> Iterator[Moment]:
    """Keep one snapshot of the database for as long as the block lasts."""
    with server.connect(autocommit=False) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        settle(connection)
        row = _one(
            connection,
            "SELECT pg_export_snapshot(), statement_timestamp(), current_setting('server_version_num')::int,"
            " (SELECT system_identifier::text FROM pg_control_system()), current_database(), current_user",
        )
        name, taken_at, version, system, database, user = row
        yield Moment(name, taken_at, version, system, database, user, connection)
        connection.rollback()


def settle(connection: psycopg.Connection) -> None:
    """Settings under which rows have one text only."""
    for statement in _SESSION:
        connection.execute(statement)


def content_of(connection: psycopg.Connection, *, canary_ids: dict[str, list[str]] | None = None) -> Content:
    """Read everything once. `canary_ids` names the rows to sample; without it they are chosen."""
    names = [row[0] for row in connection.execute(_TABLES)]
    return Content(
        tables={name: _table(connection, name) for name in names},
        constraints=[row[0] for row in connection.execute(_CONSTRAINTS)],
        migrations=_migrations(connection, names),
        audit_head=_audit_head(connection, names),
        canaries={
            table: _canaries(connection, table, (canary_ids or {}).get(table))
            for table in _canary_tables
            if table in names
        },
    )


@dataclass(frozen=True)
class Summary:
    """What can be said of a database without reading its rows."""

    tables: list[str]
    migrations: list[str]
    audit_head: int


def summary_of(connection: psycopg.Connection) -> Summary:
    names = [row[0] for row in connection.execute(_TABLES)]
    return Summary(names, _migrations(connection, names), _audit_head(connection, names))


def broken_indexes(connection: psycopg.Connection) -> list[str]:
    return [row[0] for row in connection.execute(_BROKEN_INDEXES)]


def differences(before: Content, after: Content) -> list[str]:
    """What a restored copy lacks, one short English line each; empty when it is equal."""
    lines = [f"table {name} is missing" for name in before.tables if name not in after.tables]
    for name, there in after.tables.items():
        here = before.tables.get(name)
        if here is None:
            lines.append(f"table {name} is new")
        elif here.rows != there.rows:
            lines.append(f"table {name} has {there.rows} rows instead of {here.rows}")
        elif here.digest != there.digest:
            lines.append(f"table {name} has other content")
    lines += [f"constraint {name} is missing" for name in sorted({*before.constraints} - {*after.constraints})]
    if before.migrations != after.migrations:
        lines.append("the migrations differ")
    if before.audit_head != after.audit_head:
        lines.append(f"the audit trail ends at {after.audit_head} instead of {before.audit_head}")
    for table, rows in before.canaries.items():
        there_rows = after.canaries.get(table, {})
        lines += [f"{table} {key} differs" for key, digest in rows.items() if there_rows.get(key) != digest]
    return lines


def _one(connection: psycopg.Connection, statement: Any) -> tuple[Any, ...]:
    row = connection.execute(statement).fetchone()
    assert row is not None
    return tuple(row)


def _table(connection: psycopg.Connection, name: str) -> TableContent:
    rows, digest = _one(connection, sql.SQL(_CONTENT).format(table=sql.Identifier("public", name)))
    return TableContent(rows, digest)


def _migrations(connection: psycopg.Connection, tables: list[str]) -> list[str]:
    if "django_migrations" not in tables:
        return []
    return sorted(row[0] for row in connection.execute("SELECT app || '.' || name FROM django_migrations"))


def _audit_head(connection: psycopg.Connection, tables: list[str]) -> int:
    if "audit_auditentry" not in tables:
        return 0
    return int(_one(connection, "SELECT COALESCE(max(id), 0) FROM audit_auditentry")[0])


def _canaries(connection: psycopg.Connection, table: str, ids: list[str] | None) -> dict[str, str]:
    """id -> digest of up to CANARIES rows, spread over the whole table."""
    name = sql.Identifier("public", table)
    if ids is None:
        chosen = sql.SQL(
            "SELECT max(id) FROM (SELECT id, ntile({n}) OVER (ORDER BY id) AS part FROM {t}) AS parts GROUP BY part"
        ).format(t=name, n=sql.Literal(CANARIES))
        ids = [str(row[0]) for row in connection.execute(chosen)]
    query = sql.SQL("SELECT id::text, md5(row::text) FROM {t} AS row WHERE id::text = ANY (%s) ORDER BY id").format(
        t=name
    )
    return dict(connection.execute(query, [ids]).fetchall())
