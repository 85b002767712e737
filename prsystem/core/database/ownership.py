"""Two database roles: the owner makes the tables, the application only uses them.

Where `DATABASE_OWNER_URL` is given (and always in embedded mode) migrations run as the owner, which then grants the
application what it needs: rows of every table, but of append-only tables nothing except reading and adding, and of the
owner's own ones reading alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from psycopg import sql

_append_only: set[str] = set()
_read_only: set[str] = set()
_functions: set[str] = set()


def append_only(*tables: str) -> None:
    """Tables to which the application may only add; from `AppConfig.ready()`."""
    _append_only.update(tables)


def of_the_owner(*tables: str, functions: tuple[str, ...] = ()) -> None:
    """Tables that the application may only read, and functions that it may not call; from `AppConfig.ready()`."""
    _read_only.update(tables)
    _functions.update(functions)


@contextmanager
def owner_connection(alias: str = "default") -> Iterator[None]:
    """The connection belongs to the owner within the block, where this process was given one. For processes of one
    thread: others would come in as the owner too."""
    connection, owner = connections[alias], settings.DATABASE_OWNER
    if not owner or alias != "default" or connection.settings_dict["USER"] == owner.get("user"):
        yield
        return
    kept = dict(connection.settings_dict)
    _reconnect(connection, _account(owner))
    try:
        yield
    finally:
        _reconnect(connection, kept)


@contextmanager
def as_owner(alias: str) -> Iterator[None]:
    """As `owner_connection`, and the application's rights are set at both ends: new tables must be usable even if the
    block doesn't reach its end."""
    application = connections[alias].settings_dict["USER"]
    with owner_connection(alias):
        rights_grant(alias, application)
        yield
        rights_grant(alias, application)


def _account(owner: dict[str, str]) -> dict[str, str]:
    """Another account of the same database, whatever it is called (tests have their own)."""
    names = {"user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return {setting: owner.get(name, "") for name, setting in names.items()}


def _reconnect(connection: Any, account: dict[str, Any]) -> None:
    connection.close()
    connection.close_pool()
    connection.settings_dict.update(account)


def rights_grant(alias: str, application: str) -> None:
    """Give the application's role its rights on everything in the schema; nothing to do when it is the owner. In one
    transaction: what is granted on all tables and taken from some is never to be had in between."""
    connection = connections[alias]
    if application == connection.settings_dict["USER"]:
        return
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = cursor.fetchone()[0]
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        tables = {row[0] for row in cursor.fetchall()}
        cursor.execute(
            "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = %s::regnamespace"
            " AND p.proname = ANY(%s)",
            [schema, list(_functions)],
        )
        functions = [row[0] for row in cursor.fetchall()]
        for statement in _statements(schema, application, tables, functions):
            cursor.execute(statement.as_string())


def _statements(schema: str, application: str, tables: set[str], functions: list[str]) -> list[sql.Composed]:
    names = {"schema": sql.Identifier(schema), "role": sql.Identifier(application)}

    def of(text: str, **more: sql.Composable) -> sql.Composed:
        return sql.SQL(text).format(**names, **more)

    rows = "SELECT, INSERT, UPDATE, DELETE"
    statements = [
        of("GRANT USAGE ON SCHEMA {schema} TO {role}"),
        of(f"GRANT {rows} ON ALL TABLES IN SCHEMA {{schema}} TO {{role}}"),
        of("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}"),
        of(f"ALTER DEFAULT PRIVILEGES IN SCHEMA {{schema}} GRANT {rows} ON TABLES TO {{role}}"),
        of("ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {role}"),
    ]
    for table in sorted(_append_only & tables):
        statements.append(of("REVOKE UPDATE, DELETE ON {schema}.{table} FROM {role}", table=sql.Identifier(table)))
    for table in sorted(_read_only & tables):
        less = "REVOKE INSERT, UPDATE, DELETE ON {schema}.{table} FROM {role}"
        statements.append(of(less, table=sql.Identifier(table)))
    if "django_migrations" in tables:
        statements.append(of("REVOKE INSERT, UPDATE, DELETE ON {schema}.django_migrations FROM {role}"))
    none = "REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC, {role}"
    return statements + [of(none, function=sql.SQL(name)) for name in functions]
