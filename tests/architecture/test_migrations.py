"""Version n works on while n+1's migrations run, and they give up on a lock after two seconds."""

from collections.abc import Iterator

import psycopg
import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.core.management import call_command
from django.db import OperationalError, connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from prsystem.core.management.commands.migrate import Command

from .migration_rules import Fault, faults

OURS = ("core", "runtime", "audit", "accounts", "integrations", "knowledge", "incidents")
UNRELEASED = "0.1.0 is the first release: no installation runs a version before this"
# (migration, rule) -> why it stays. Never add one that has been released with a version before it.
ACCEPTED: dict[tuple[str, str], str] = {
    ("accounts.0003_directory", "not_null"): UNRELEASED,
    ("accounts.0004_sessions", "not_null"): UNRELEASED,
    ("incidents.0008_routing_rules", "not_null"): UNRELEASED,
    ("incidents.0011_attachment_scan", "not_null"): UNRELEASED,
    ("incidents.0014_notification_cause", "index"): UNRELEASED,
    ("knowledge.0004_lifecycle_recall", "index"): UNRELEASED,
    ("knowledge.0004_lifecycle_recall", "not_null"): UNRELEASED,
}
REMEDIES = """
not_null: give the field a db_default.
removes: `contract = "<why nothing uses it>"` on the migration, one release after the code has stopped using it.
renames, retypes: a new column beside the old one.
index: AddIndexConcurrently and atomic = False.
validates: AddConstraintNotValid, and ValidateConstraint in the next one.
mixed: two migrations.
Before the first release a row in ACCEPTED does as well.
"""


@pytest.fixture(scope="module")
def found() -> list[Fault]:
    loader = MigrationLoader(None)
    plan = [key for node in loader.graph.leaf_nodes() for key in loader.graph.forwards_plan(node)]
    state, faulty = ProjectState(), list[Fault]()
    for key in dict.fromkeys(plan):
        migration = loader.get_migration(*key)
        if key[0] in OURS:
            faulty += faults(migration, state)
        state = migration.mutate_state(state, preserve=False)
    return faulty


def test_no_migration_breaks_the_version_before_it(found: list[Fault]) -> None:
    assert [fault for fault in found if (fault.migration, fault.rule) not in ACCEPTED] == [], REMEDIES


def test_nothing_is_accepted_that_is_no_longer_there(found: list[Fault]) -> None:
    assert set(ACCEPTED) - {(fault.migration, fault.rule) for fault in found} == set()
    assert all(len(reason) > 20 for reason in ACCEPTED.values())


def state() -> ProjectState:
    made = ProjectState()
    fields = {"id": models.BigAutoField(primary_key=True), "title": models.CharField(max_length=200, null=True)}
    for app, name in (("incidents", "Incident"), ("incidents", "Macro")):
        migrations.CreateModel(name, list(fields.items())).state_forwards(app, made)
    return made


def rules(*operations: Operation, atomic: bool = True, contract: str = "") -> set[str]:
    migration = migrations.Migration("9999_tried", "incidents")
    migration.operations, migration.atomic, migration.initial = list(operations), atomic, False
    migration.contract = contract  # type: ignore[attr-defined]
    return {fault.rule for fault in faults(migration, state())}


INDEX = models.Index(fields=["title"], name="tried")
REFUSED = [
    ("not_null", migrations.AddField("macro", "kind", models.CharField(max_length=5, default="a"))),
    ("not_null", migrations.AlterField("macro", "title", models.CharField(max_length=200))),
    ("not_null", migrations.RunSQL("ALTER TABLE incidents_macro ADD COLUMN kind text NOT NULL")),
    ("not_null", migrations.RunSQL("ALTER TABLE incidents_macro ALTER title SET NOT NULL")),
    ("removes", migrations.RemoveField("macro", "title")),
    ("removes", migrations.DeleteModel("Macro")),
    ("removes", migrations.RunSQL(["ALTER TABLE incidents_macro DROP COLUMN title"])),
    ("renames", migrations.RenameField("macro", "title", "name")),
    ("renames", migrations.RenameModel("Macro", "Shortcut")),
    ("renames", migrations.AlterModelTable("macro", "other")),
    ("renames", migrations.RunSQL("ALTER TABLE incidents_macro RENAME title TO name")),
    ("retypes", migrations.AlterField("macro", "title", models.CharField(max_length=20, null=True))),
    ("retypes", migrations.AlterField("macro", "title", models.IntegerField(null=True))),
    ("index", migrations.AddIndex("incident", INDEX)),
    ("index", migrations.AddField("incident", "kind", models.CharField(max_length=5, null=True, db_index=True))),
    ("index", migrations.AddConstraint("incident", models.UniqueConstraint(fields=["title"], name="tried"))),
    ("index", migrations.RunSQL("CREATE INDEX tried ON incidents_incident (title)")),
    (
        "validates",
        migrations.AddConstraint("incident", models.CheckConstraint(condition=~models.Q(title=""), name="tried")),
    ),
    ("waits", migrations.RunSQL("SET lock_timeout = 0")),
]


@pytest.mark.parametrize(("rule", "operation"), REFUSED, ids=lambda value: value if isinstance(value, str) else "")
def test_what_breaks_the_version_before_is_refused(rule: str, operation: Operation) -> None:
    assert rules(operation) == {rule}


def test_data_and_schema_are_apart_and_only_indexes_leave_the_transaction() -> None:
    add = migrations.AddField("macro", "kind", models.CharField(max_length=5, db_default=""))
    assert rules(add, migrations.RunPython(migrations.RunPython.noop)) == {"mixed"}
    assert rules(add, atomic=False) == {"waits"}


@pytest.mark.parametrize(
    "operations",
    [
        (migrations.AddField("incident", "kind", models.CharField(max_length=5, null=True)),),
        (migrations.AddField("incident", "kind", models.CharField(max_length=5, db_default="")),),
        (migrations.AlterField("macro", "title", models.CharField(max_length=300, null=True)),),
        (migrations.AddIndex("macro", INDEX),),
        (migrations.CreateModel("New", [("id", models.BigAutoField(primary_key=True))]),),
        (migrations.RunSQL("ALTER TABLE incidents_macro ADD COLUMN kind text NOT NULL DEFAULT ''"),),
        (migrations.RunPython(migrations.RunPython.noop),),
    ],
    ids=range(7),
)
def test_what_widens_is_let_through(operations: tuple[Operation, ...]) -> None:
    assert rules(*operations) == set()


def test_an_index_of_a_big_table_is_built_beside_the_work() -> None:
    assert rules(AddIndexConcurrently("incident", INDEX), atomic=False) == set()
    assert rules(migrations.RunSQL("CREATE INDEX CONCURRENTLY t ON incidents_incident (id)"), atomic=False) == set()


def test_what_is_taken_away_says_why_nothing_uses_it() -> None:
    assert rules(migrations.RemoveField("macro", "title"), contract="not read since 0.2.0") == set()


# --- the lock


@pytest.fixture
def somebody() -> Iterator[psycopg.Connection]:
    """Somebody else's session in the same database."""
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
        yield other


def lock_timeout() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        return str(cursor.fetchone()[0])


def starting(*, atomic: bool) -> None:
    """What `manage.py migrate` does before it applies a migration."""
    command, one = Command(), migrations.Migration("9999_tried", "core")
    command.verbosity, one.atomic = 0, atomic
    command.migration_progress_callback("apply_start", one)


@pytest.mark.django_db(transaction=True)
def test_a_migration_gives_up_on_a_lock_and_nothing_has_happened(somebody: psycopg.Connection) -> None:
    before = lock_timeout()
    with somebody.transaction():
        somebody.execute("SELECT count(*) FROM core_heartbeat")
        starting(atomic=True)
        with pytest.raises(OperationalError, match="lock timeout"), connection.schema_editor() as editor:
            editor.execute("CREATE TABLE core_tried ()")
            editor.execute("ALTER TABLE core_heartbeat ADD COLUMN tried text")
    assert "core_tried" not in connection.introspection.table_names()
    call_command("migrate", "core", verbosity=0)
    assert lock_timeout() == before


@pytest.mark.django_db
def test_only_an_index_that_is_built_beside_the_work_may_wait_longer() -> None:
    starting(atomic=True)
    assert lock_timeout() == "2s"
    starting(atomic=False)
    assert lock_timeout() == "0"
