"""The application's own database role: it works with rows and can't touch what was written down."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from audit import sealing
from prsystem.core.ownership import rights_grant
from prsystem.runner import postgres
from tests.audit.trail import run, seal_all, write_entries

pytestmark = pytest.mark.django_db(transaction=True)
AUDIT = ("audit_auditentry", "audit_sealbatch", "audit_sealedentry", "audit_personkey", "audit_retirement")


@pytest.fixture
def application() -> Iterator[psycopg.Connection]:
    """A connection of the application's role to the database of the test, whose tables belong to the owner."""
    if connection.settings_dict["USER"] != postgres.SUPERUSER:
        pytest.skip("needs the private PostgreSQL")
    rights_grant("default", postgres.APPLICATION_ROLE)
    write_entries(4)
    seal_all()
    parameters = connection.get_connection_params()
    given = {name: parameters[name] for name in ("host", "dbname")}
    with psycopg.connect(**given, user=postgres.APPLICATION_ROLE, autocommit=True) as other:
        yield other


def refused(application: psycopg.Connection, statement: str) -> bool:
    try:
        application.execute(statement)
    except psycopg.errors.InsufficientPrivilege:
        return True
    return False


@pytest.mark.parametrize("table", AUDIT)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET {} = {}",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "DROP TABLE {}",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "ALTER TABLE {} ADD COLUMN x int",
        "CREATE INDEX ON {} ({})",
    ],
)
def test_it_changes_and_removes_nothing_of_the_trail(
    statement: str, table: str, application: psycopg.Connection
) -> None:
    [(column,)] = run(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum LIMIT 1", table
    )
    assert refused(application, statement.format(table, column, column))


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "CREATE TABLE ajena (x int)",
        "CREATE SCHEMA ajeno",
        "CREATE ROLE intruso",
        "DROP FUNCTION audit_refuse() CASCADE",
        "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "ALTER FUNCTION audit_erase(bigint) RESET ALL",
        "SET ROLE prs",
        "DELETE FROM django_migrations",
        "COPY audit_auditentry TO PROGRAM 'cat'",
    ],
)
def test_it_makes_no_tables_and_takes_no_other_role(statement: str, application: psycopg.Connection) -> None:
    assert refused(application, statement)


def test_the_mark_of_the_owners_functions_does_not_help_it(application: psycopg.Connection) -> None:
    with application.transaction():
        application.execute("SELECT set_config('prs.audit_duty', 'DELETE' || pg_current_xact_id()::text, true)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("DELETE FROM audit_auditentry")


def test_temporary_tables_do_not_fool_the_owners_functions(application: psycopg.Connection) -> None:
    """With younger batches hidden behind temporary tables everything could be retired."""
    application.execute("CREATE TEMPORARY TABLE audit_sealbatch (number bigint, sealed_at timestamptz)")
    application.execute("INSERT INTO audit_sealbatch VALUES (1, '2000-01-01'), (2, '2000-01-01')")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        application.execute("SELECT audit_retire(1, now() - interval '100 days')")
    assert run("SELECT count(*) FROM audit_auditentry") == [(4,)]


def test_it_does_its_own_work(application: psycopg.Connection) -> None:
    application.execute(
        "INSERT INTO audit_auditentry (actor_kind, actor, accion, recurso, resultado, detalles, request_id)"
        " VALUES ('system', 'x', 'a.b', 'c:1', 'ok', '{}', '')"
    )
    application.execute("SELECT system_identifier FROM pg_control_system()")
    application.execute("INSERT INTO accounts_area (code, name, is_active) VALUES ('ROL', 'Rol', true)")
    application.execute("UPDATE accounts_area SET name = 'Otro' WHERE code = 'ROL'")
    application.execute("DELETE FROM accounts_area WHERE code = 'ROL'")
    application.execute("CREATE TEMPORARY TABLE ensayo (LIKE knowledge_article INCLUDING ALL)")
    application.execute("ANALYZE ensayo")
    assert application.execute("SELECT audit_erase(4242)").fetchone() == (0,)
    assert seal_all() == 1


def test_it_seals(application: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """The statements of the sealer, as the application."""
    write_entries(3)
    connection.close()
    connection.close_pool()
    monkeypatch.setitem(connection.settings_dict, "USER", postgres.APPLICATION_ROLE)
    try:
        assert seal_all() == 3
        assert sealing.unsealed_seconds() == 0
    finally:
        connection.close()
        connection.close_pool()
