"""The application's own database role: it works with rows and can't touch what was written down."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import LazySettings
from django.db import connection

from audit import retention
from audit.seals import sealing, verifying
from audit.services import record
from prsystem.accounts.models import User
from prsystem.accounts.people.erasing import person_erase
from prsystem.core.context import SYSTEM
from prsystem.core.database.ownership import rights_grant
from prsystem.core.rights import Role
from prsystem.runner.servers import postgres
from prsystem.runtime.services import setting_set
from tests.audit.trail import run, seal_all, write_entries
from tests.people import make_user

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
        "SELECT audit_erase(1)",
        "SELECT audit_retire()",
        "SELECT setval('audit_auditentry_id_seq', 1)",
        "INSERT INTO audit_retirement (first_batch, last_batch, entries) VALUES (1, 1, 1)",
        "CREATE FUNCTION ajena() RETURNS int LANGUAGE sql AS 'SELECT 1'",
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


def test_no_function_lends_the_application_the_owners_rights(application: psycopg.Connection) -> None:
    """Whoever adds one: it has to check everything itself, and belongs in the attacks of this file."""
    assert run("SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = current_schema()::regnamespace") == []


@pytest.mark.parametrize("statement", ["SELECT audit_erase({eva})", "SELECT audit_retire()"])
def test_the_owners_functions_help_it_no_further_where_grants_were_lost(
    statement: str, application: psycopg.Connection
) -> None:
    """A copy restored without its grants lets everybody call every function."""
    setting_set(actor=SYSTEM, key=retention.RETENTION, value=90)
    eva = make_user("eva", Role.ADMIN)
    run("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO PUBLIC")
    try:
        before = run("SELECT count(*), max(actor) FROM audit_auditentry")
        application.execute("CREATE TEMPORARY TABLE audit_sealbatch (number bigint, sealed_at timestamptz)")
        application.execute("INSERT INTO audit_sealbatch VALUES (1, '2000-01-01'), (2, now())")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute(statement.format(eva=eva.pk))
            application.execute("DELETE FROM audit_auditentry")  # nothing was due
        assert run("SELECT count(*), max(actor) FROM audit_auditentry") == before
    finally:
        rights_grant("default", postgres.APPLICATION_ROLE)


def test_an_active_administrator_is_not_erased_whoever_asks(application: psycopg.Connection) -> None:
    """The web's role can write the order, and even the entry; the owner's function and the verification look."""
    eva = make_user("eva", Role.ADMIN)
    about = f"usuario:{eva.pk}"
    entry = (
        "INSERT INTO audit_auditentry (actor_kind, actor, accion, recurso, resultado, detalles, request_id)"
        " VALUES ('system', 'x', %s, %s, 'ok', '{}', '')"
    )
    application.execute(entry, ["person.erasure_asked", about])
    seal_all()
    assert retention.erasures_carry_out() == 0
    assert run("SELECT actor_kind, resultado FROM audit_auditentry WHERE accion = 'person.erasure_refused'") == [
        ("system", "denegado")
    ]
    assert retention.erasures_pending() == []
    assert run("SELECT count(*) FROM audit_personkey WHERE user_id = %s AND secret IS NULL", eva.pk) == [(0,)]
    application.execute(entry, ["person.erased", about])
    seal_all()
    assert verifying.trail_verify().fault == verifying.Fault(verifying.NOT_GONE)


@pytest.mark.parametrize("change", [{"is_active": True}, {"username": "rosa"}, {"last_login": "2999-01-01T00:00:00Z"}])
def test_whoever_was_erased_and_is_back_is_found(change: dict[str, object]) -> None:
    rosa = make_user("rosa")
    write_entries(3)
    seal_all()
    User.objects.filter(pk=rosa.pk).update(is_active=False)
    person_erase(actor=SYSTEM, username="rosa")
    seal_all()  # the order is carried out once it is sealed: other transactions on the server may hold that back
    retention.erasures_carry_out()
    assert retention.erasures_pending() == [] and verifying.trail_verify().fault is None
    User.objects.filter(pk=rosa.pk).update(**change)
    assert verifying.trail_verify().fault == verifying.Fault(verifying.NOT_GONE)


def test_number_moment_and_transaction_of_an_entry_are_the_databases(application: psycopg.Connection) -> None:
    columns = "actor_kind, actor, accion, recurso, resultado, detalles, request_id"
    values = "'system', 'x', 'a.b', 'c:1', 'ok', '{}', ''"
    application.execute(
        f"INSERT INTO audit_auditentry (timestamp, xid, {columns}) VALUES ('2001-01-01', '7', {values})"
    )
    [(is_now, is_own)] = run(
        "SELECT timestamp > now() - interval '1 hour', xid::text <> '7' FROM audit_auditentry WHERE accion = 'a.b'"
    )
    assert is_now and is_own
    application.execute("CREATE TEMPORARY SEQUENCE audit_auditentry_id_seq START 999999999")
    application.execute("SELECT nextval('audit_auditentry_id_seq')")
    assert refused(application, f"INSERT INTO audit_auditentry (id, {columns}) VALUES (99999999, {values})")
    seal_all()
    assert verifying.trail_verify().fault is None


def test_rights_are_never_wider_while_they_are_set(application: psycopg.Connection) -> None:
    """Another connection sees the old rights until all of the new ones are there."""
    seen = []

    def look(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        done = execute(sql, params, many, context)
        [(wide,)] = application.execute("SELECT has_table_privilege('audit_auditentry', 'DELETE')").fetchall()
        seen.append(wide)
        return done

    with connection.execute_wrapper(look):
        rights_grant("default", postgres.APPLICATION_ROLE)
    assert len(seen) > 5 and not any(seen)


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
    assert seal_all() == 1


@contextmanager
def as_application(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The product's own connection has the application's role within the block, and can become the owner."""
    connection.close()
    connection.close_pool()
    monkeypatch.setitem(connection.settings_dict, "USER", postgres.APPLICATION_ROLE)
    try:
        yield
    finally:
        connection.close()
        connection.close_pool()
        monkeypatch.undo()


def test_it_seals(application: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """The statements of the sealer, as the application."""
    write_entries(3)
    with as_application(monkeypatch):
        assert seal_all() == 3
        assert sealing.unsealed_seconds() == 0


def test_the_web_asks_and_the_sealer_erases(
    application: psycopg.Connection, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    rosa = make_user("rosa")
    record(rosa.as_actor(), "incident.claimed", "incidencia:1")
    User.objects.filter(pk=rosa.pk).update(is_active=False)
    with as_application(monkeypatch):
        assert person_erase(actor=SYSTEM, username="rosa") == 1
        assert retention.erasures_pending() == [rosa.pk]
        owner, settings.DATABASE_OWNER = settings.DATABASE_OWNER, ""
        seal_all()
        retention.duties_do()
        assert retention.erasures_pending() == [rosa.pk]
        settings.DATABASE_OWNER = owner
        retention.duties_do()
        assert connection.settings_dict["USER"] == postgres.APPLICATION_ROLE
        assert retention.erasures_pending() == []
    assert run("SELECT actor FROM audit_auditentry WHERE accion = 'incident.claimed' AND usuario_id = %s", rosa.pk) == [
        ("",)
    ]
    assert run("SELECT count(*) FROM audit_auditentry WHERE accion = 'person.erased'") == [(1,)]
    seal_all()
    verdict = verifying.trail_verify()
    assert (verdict.fault, verdict.erased) == (None, 1)
