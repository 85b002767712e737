"""What a migration may not do while the version before it is still at work: read from its operations, not its name.

A migration that takes something away says so with `contract = "<why nothing of the running version uses it>"`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import connection, models
from django.db.migrations import Migration, RunPython, RunSQL, SeparateDatabaseAndState, operations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

# Those that grow with every report: an index takes longer on them than a write may wait.
BIG = {
    *("core.job", "core.outboxevent", "core.idempotencyrecord"),
    *("audit.auditentry", "audit.sealedentry", "accounts.refreshtoken"),
    *("integrations.delivery", "integrations.attempt", "integrations.outgoingmail"),
    *("knowledge.version", "knowledge.passage", "knowledge.passagevector"),
    *("incidents.incident", "incidents.comment", "incidents.attachment", "incidents.notification"),
    *("incidents.suggestion", "incidents.citation", "incidents.incidentpause", "incidents.slamark"),
}
_TAKES_AWAY = (operations.RemoveField, operations.DeleteModel)
_RENAMES = (operations.RenameField, operations.RenameModel, operations.AlterModelTable)
_SQL = {
    "removes": r"\bDROP\s+(TABLE|COLUMN|VIEW)\b",
    "renames": r"\bRENAME\b(?!\s+CONSTRAINT)",
    "not_null": r"\bADD\s+COLUMN\b(?![^;,]*\bDEFAULT\b)[^;,]*\bNOT\s+NULL\b|\bSET\s+NOT\s+NULL\b",
    "waits": r"\bSET\s+(LOCAL\s+)?lock_timeout\b|\bLOCK\s+TABLE\b",
}
_INDEX = re.compile(r"\bCREATE\s+(?:UNIQUE\s+)?INDEX\b(?!\s+CONCURRENTLY).*?\bON\s+(?:ONLY\s+)?\"?(\w+)", re.I | re.S)


@dataclass(frozen=True)
class Fault:
    """`rule`: not_null, removes, renames, retypes, index, validates, mixed or waits; `on` is what it hits."""

    migration: str
    rule: str
    on: str


def faults(migration: Migration, before: ProjectState) -> list[Fault]:
    """The faults of a migration that starts from the state `before`."""
    name = f"{migration.app_label}.{migration.name}"
    if migration.initial:
        return []
    found = [Fault(name, rule, on) for rule, on in _Reader(migration, before).faults()]
    if getattr(migration, "contract", ""):
        found = [fault for fault in found if fault.rule != "removes"]
    return found


class _Reader:
    def __init__(self, migration: Migration, before: ProjectState) -> None:
        self.migration, self.app = migration, migration.app_label
        self.state = before.clone()
        self.made: set[str] = set()

    def faults(self) -> Iterator[tuple[str, str]]:
        flat = list(_flat(self.migration.operations))
        if any(isinstance(o, RunPython) for o in flat) and not all(isinstance(o, RunPython | RunSQL) for o in flat):
            yield "mixed", "data and schema"
        for operation in flat:
            yield from self._of(operation)
            operation.state_forwards(self.app, self.state)
        if not self.migration.atomic and not all(_needs_no_transaction(o) for o in flat):
            # The two seconds are left out for these alone: see the migrate command.
            yield "waits", "outside a transaction"

    def _of(self, operation: Operation) -> Iterator[tuple[str, str]]:
        if isinstance(operation, operations.CreateModel):
            self.made.add(f"{self.app}.{operation.name_lower}")
            return
        if isinstance(operation, RunSQL):
            yield from _of_sql(operation, self._made_tables())
            return
        model = f"{self.app}.{getattr(operation, 'model_name', getattr(operation, 'name', '')).lower()}"
        if model in self.made or isinstance(operation, RunPython):
            return
        if isinstance(operation, _TAKES_AWAY):
            yield "removes", f"{model}.{getattr(operation, 'name', '')}".rstrip(".")
        elif isinstance(operation, _RENAMES):
            yield "renames", model
        elif isinstance(operation, operations.AddField):
            yield from _of_column(operation.field, model, operation.name)
        elif isinstance(operation, operations.AlterField):
            yield from self._of_change(operation, model)
        else:
            yield from _of_table(operation, model)

    def _made_tables(self) -> set[str]:
        return {self.state.apps.get_model(label)._meta.db_table for label in self.made}

    def _of_change(self, operation: operations.AlterField, model: str) -> Iterator[tuple[str, str]]:
        old = self.state.models[(self.app, operation.model_name_lower)].fields[operation.name]
        new, on = operation.field, f"{model}.{operation.name}"
        if old.null and not new.null:
            yield "not_null", on
        if old.db_column != new.db_column:
            yield "renames", on
        if not _is_relation(old) and not _is_relation(new) and _narrows(old, new):
            yield "retypes", on
        if model in BIG and _indexes(new) and not _indexes(old):
            yield "index", on


def _flat(given: list[Operation]) -> Iterator[Operation]:
    for operation in given:
        if isinstance(operation, SeparateDatabaseAndState):
            yield from _flat(operation.database_operations)
        else:
            yield operation


def _needs_no_transaction(operation: Operation) -> bool:
    if isinstance(operation, RunSQL):
        return all("CONCURRENTLY" in statement.upper() for statement in _statements(operation))
    return isinstance(operation, AddIndexConcurrently | RemoveIndexConcurrently | RunPython)


def _of_column(field: models.Field, model: str, name: str) -> Iterator[tuple[str, str]]:
    if field.many_to_many:
        return
    if not field.null and field.db_default is models.NOT_PROVIDED:
        yield "not_null", f"{model}.{name}"
    if model in BIG and _indexes(field):
        yield "index", f"{model}.{name}"


def _of_table(operation: Operation, model: str) -> Iterator[tuple[str, str]]:
    if model not in BIG or isinstance(operation, AddIndexConcurrently | RemoveIndexConcurrently):
        return
    if isinstance(operation, operations.AddIndex | operations.RemoveIndex | operations.AlterUniqueTogether):
        yield "index", model
    elif type(operation) is operations.AddConstraint:
        is_check = isinstance(operation.constraint, models.CheckConstraint)
        yield ("validates" if is_check else "index"), f"{model}: {operation.constraint.name}"


def _of_sql(operation: RunSQL, made: set[str]) -> Iterator[tuple[str, str]]:
    tables = {label.replace(".", "_") for label in BIG} - made
    for statement in _statements(operation):
        for rule, pattern in _SQL.items():
            if re.search(pattern, statement, re.I):
                yield rule, "SQL"
        for table in _INDEX.findall(statement):
            if table in tables:
                yield "index", table


def _statements(operation: RunSQL) -> list[str]:
    given = operation.sql if isinstance(operation.sql, list | tuple) else [operation.sql]
    texts = [one if isinstance(one, str) else one[0] for one in given]
    return [re.sub(r"--[^\n]*", "", text) for text in texts]


def _is_relation(field: models.Field) -> bool:
    return bool(field.is_relation)


def _indexes(field: models.Field) -> bool:
    return bool(field.db_index or field.unique)


def _narrows(old: models.Field, new: models.Field) -> bool:
    """Another type, or a shorter one: PostgreSQL writes the whole table again, or refuses what is in it."""
    if old.get_internal_type() != new.get_internal_type():
        return old.db_type(connection) != new.db_type(connection)
    before, after = old.max_length, new.max_length
    return bool(after and (before is None or after < before))
