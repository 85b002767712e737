"""Gives a new database the name of the old one, and Django the new one for a while."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import psycopg
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.utils import timezone
from psycopg import sql

from integrations.backups import pg
from integrations.backups.errors import BackupError

_RIGHTS = """
SELECT rolsuper OR rolcreatedb, rolsuper OR pg_has_role(current_user, 'pg_signal_backend', 'member')
    OR NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = %(database)s AND usename <> current_user)
FROM pg_roles WHERE rolname = current_user
"""


def new_name(server: pg.Server) -> str:
    """What the new database is called until it takes the old one's name."""
    return f"{server.database}_restaurada"


def check_role(server: pg.Server) -> None:
    """Before anything is loaded: BackupError unless the role may make databases and send out the sessions of others."""
    _point(server.database)
    with server.connect() as db:
        row = db.execute(_RIGHTS, {"database": server.database}).fetchone()
    creates, sends_out = row[:2] if row else (False, False)
    if not creates:
        raise BackupError("role", "the role of backups may not make databases: ALTER ROLE … CREATEDB")
    if not sends_out:
        raise BackupError("role", "programs are connected: stop them, or GRANT pg_signal_backend to this role")


@contextmanager
def django_on(database: str) -> Iterator[None]:
    """Django's default connection on another database of the same server, for the block."""
    before = connection.settings_dict["NAME"]
    _point(database)
    try:
        yield
    finally:
        _point(before)


def _point(database: str) -> None:
    connections.close_all()
    cast(DatabaseWrapper, connection).close_pool()
    connection.settings_dict["NAME"] = database


def switch(server: pg.Server, *, keep: bool) -> str:
    """Give the new database the old one's name; the name that the old one has now, empty when it is gone."""
    _point(server.database)
    kept_as = f"{server.database}_antes_{timezone.now():%Y%m%d%H%M%S}"
    names = (server.database, new_name(server))
    with server.other("postgres").connect() as admin:
        try:
            for name in names:
                _close_sessions(admin, name)
            with admin.transaction():
                _rename(admin, server.database, kept_as)
                _rename(admin, new_name(server), server.database)
            names = (server.database, kept_as)
        finally:
            for name in names:
                _allow(admin, name, True)
    if keep:
        return kept_as
    database_drop(server, kept_as)
    return ""


def _close_sessions(admin: psycopg.Connection, name: str) -> None:
    """Nobody comes in and those inside are sent out: programs connect again by themselves, to the new one."""
    _allow(admin, name, False)
    admin.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [name])


def _allow(admin: psycopg.Connection, name: str, connections_allowed: bool) -> None:
    statement = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    admin.execute(statement.format(sql.Identifier(name), sql.Literal(connections_allowed)))


def _rename(admin: psycopg.Connection, old: str, new: str) -> None:
    admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new)))


def database_drop(server: pg.Server, name: str) -> None:
    """If it is there; whoever is in it is sent out."""
    with server.other("postgres").connect() as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
