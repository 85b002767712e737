"""Whatever the pages and the console do, the API does: every page, move, model and act names its operation."""

import re

import yaml
from django.contrib import admin

from incidents.views.moves import ACTIONS
from prsystem.runner.program import PROJECT
from tests.security.addresses import ALL, NAMES
from tests.security.api_parity import CONSOLE, MODELS, MOVES, PAGES, Reason
from tests.security.policies import ELSEWHERE

OF_MODELS = re.compile(r"_(changelist|add|history|delete|change)$")


def paths() -> dict[str, str]:
    """The address of each operation."""
    found = yaml.safe_load((PROJECT / "docs" / "openapi.yaml").read_text())["paths"]
    return {operation["operationId"]: path for path, methods in found.items() for operation in methods.values()}


def operations() -> set[str]:
    return set(paths())


def pages() -> set[str]:
    without = {name for name in ELSEWHERE if name != "sign_out"}
    return {name for name in NAMES if not name.startswith("api_")} - without


def console() -> set[str]:
    names = {pattern.name for route, pattern in ALL if route.startswith("admin/") and pattern.name}
    return {name for name in names if not OF_MODELS.search(name) or name in CONSOLE}


def acts() -> set[str]:
    """Of the console's models: those that are changed, and what is above each list."""
    found = set()
    for model, page in admin.site._registry.items():
        if any(getattr(page, may, False) for may in ("may_add", "may_change", "may_delete")):
            found.add(model._meta.label)
        found |= {f"{model._meta.label}.{act}" for act in page.actions}
    return found


def test_every_page_names_its_operation() -> None:
    assert sorted(pages() ^ set(PAGES)) == [], "tests/security/api_parity.py"


def test_every_page_and_act_of_the_console_names_its_operation() -> None:
    assert sorted(console() ^ set(CONSOLE)) == [], "tests/security/api_parity.py"
    assert sorted(acts() ^ set(MODELS)) == [], "tests/security/api_parity.py"


def test_every_move_of_an_incident_has_its_operation() -> None:
    known = operations()
    missing = [name for name in ACTIONS if not set(MOVES.get(name, (f"incidencias_{name}",))) <= known]
    assert missing == []


def test_the_operations_that_are_named_exist() -> None:
    told = {**PAGES, **MOVES, **CONSOLE, **MODELS}
    named = {name for value in told.values() if not isinstance(value, Reason) for name in value}
    assert sorted(named - operations()) == []
