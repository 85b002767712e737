"""What apps declare in `schedule.py`: every path leads somewhere, every job that is asked for is declared."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.module_loading import import_string

from prsystem.celery import app, clock_set
from prsystem.core.jobs import queue, schedule
from prsystem.core.tasks import NAMES_BEFORE, by_clock_task

ROOT = Path(__file__).resolve().parents[3]
APPS = ("audit", "incidents", "integrations", "knowledge", "prsystem")
MADE = ("enqueue", "build_job")


def kinds_asked_for() -> Iterator[tuple[str, str]]:
    """(place, kind) of every job that the product makes, where the kind is written or a constant of the module."""
    for path in (path for name in APPS for path in (ROOT / name).rglob("*.py") if "migrations" not in path.parts):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in MADE and node.args:
                kind = node.args[0]
                told = kind.value if isinstance(kind, ast.Constant) else constants.get(ast.unparse(kind))
                if told is not None:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", told


def test_every_job_that_is_asked_for_is_declared() -> None:
    asked = list(kinds_asked_for())
    assert len({kind for _, kind in asked}) > 15, "the walk sees the product"
    assert not [(place, kind) for place, kind in asked if kind not in queue._handlers]


@pytest.mark.parametrize("kind", sorted(queue._handlers))
def test_every_job_leads_to_a_function(kind: str) -> None:
    if kind == "directory.sync":
        pytest.importorskip("ldap")
    assert callable(import_string(queue._handlers[kind]))
    if kind in queue._when_parked:
        assert callable(import_string(queue._when_parked[kind]))


@pytest.mark.parametrize("name", sorted(schedule.by_clock()))
def test_all_that_is_done_by_the_clock_leads_to_a_function(name: str) -> None:
    periodic = schedule.by_clock()[name]
    assert callable(import_string(periodic.act))
    assert periodic.expires_seconds > 0


def test_beat_is_given_all_of_it() -> None:
    clock_set()
    entries = app.conf.beat_schedule
    assert set(entries) == set(schedule.by_clock()) and len(entries) > 15
    assert entries["exam"]["schedule"].hour == {1} and entries["exam"]["schedule"].minute == {15}
    assert entries["jobs-sweep"]["options"] == {"expires": 5.0, "queue": "urgent"}
    assert {entry["task"] for entry in entries.values()} == {by_clock_task.name}


def test_a_round_is_done_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr("integrations.nodes.services.nodes_seed", lambda: done.append("nodes"))
    by_clock_task("nodes-seed")
    assert done == ["nodes"]
    with pytest.raises(KeyError):
        schedule.run_by_clock("of a version that is gone")


def test_two_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.schedule.BY_CLOCK", (schedule.Periodic("exam", "knowledge.other", every=1.0),))
    with pytest.raises(ValueError, match="exam"):
        schedule.collect()


def test_what_the_version_before_rings_by_is_done_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """While an update is under way its beat goes on beside new workers."""
    done: list[str] = []
    monkeypatch.setattr("integrations.nodes.services.nodes_seed", lambda: done.append("nodes"))
    assert set(NAMES_BEFORE.values()) <= set(schedule.by_clock())
    assert set(NAMES_BEFORE) <= set(app.tasks)
    app.tasks["integrations.nodes_seed_task"].run()
    assert done == ["nodes"]
