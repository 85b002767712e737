"""Rows that are held are read without joins of what may change.

`SELECT ... FOR UPDATE` that had to wait comes back with the held row as it is now, beside the joined rows as they were
before: an assignee that is None although there is one, or no row at all.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("prsystem", "audit", "integrations", "knowledge", "incidents")
# Relations that are set once, when the row is made, whose row is held already, or that are looked at again afterwards.
NEVER_CHANGE = {
    "incidents/case/writing.py": {"area", "assignee"},
    "incidents/moves/scanning.py": {"incident"},
    "incidents/suggestions/services.py": {"incident"},
    "incidents/notices/mailing.py": {"user", "incident", "comment"},
    "incidents/shifts/mailing.py": {"user", "area"},
    "incidents/notices/services.py": {"area", "assignee", "reporter"},  # read before, held for its own sake later
    "incidents/suggestions/replaying.py": {"incident__reporter"},  # likewise
    "knowledge/services/manuals.py": {"manual__area"},
    "knowledge/services/manual_parts.py": {"article__current"},  # under the lock of the manual
    "prsystem/accounts/sessions/refreshing.py": {"user"},
}


def joins_of_held_rows() -> Iterator[tuple[str, str]]:
    """(file, relation) of every `select_related` in a function that holds rows."""
    for path in (path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.FunctionDef) and "select_for_update(" in ast.unparse(node)):
                continue
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "select_related":
                    yield from (
                        (path.relative_to(ROOT).as_posix(), argument.value)
                        for argument in call.args
                        if isinstance(argument, ast.Constant)
                    )


def test_held_rows_are_read_without_joins() -> None:
    found = set(joins_of_held_rows())
    assert found, "the walk sees the product"
    assert {pair for pair in found if pair[1] not in NEVER_CHANGE.get(pair[0], set())} == set()
    assert {(path, name) for path, names in NEVER_CHANGE.items() for name in names} == found
