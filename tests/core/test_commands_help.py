"""`manage.py NAME --help`, of every command there is: it starts no server and ends in no traceback."""

import argparse
import sys
from collections.abc import Iterator

import pytest
from django.core.management import execute_from_command_line, get_commands, load_command_class

import manage
from prsystem.runner import commands

OURS = tuple(sorted(name for name, app in get_commands().items() if not app.startswith("django.")))
ALL = tuple(sorted(get_commands()))


def subcommands(parser: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of each part of a command: (), ("run",), ("list",) for `backup`."""
    yield words
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield from subcommands(inner, (*words, name))


def calls() -> Iterator[list[str]]:
    for name in ALL:
        command = load_command_class(get_commands()[name], name)
        # The text of the command itself is only put together when it is shown, which the test does.
        yield from (["manage.py", name, *words, "--help"] for words in subcommands(command.create_parser("", name)))


def test_the_commands_are_found() -> None:
    assert {"backup", "demo", "exam", "evaluate_triage", "first_administrator", "migrate", "restore"} <= set(OURS)
    assert ["manage.py", "backup", "run", "--help"] in list(calls())


@pytest.mark.parametrize("argv", [*calls(), ["manage.py", "help"], *(["manage.py", "help", name] for name in OURS)])
def test_help_is_shown(argv: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert not commands.needs_servers(argv)
    monkeypatch.setattr(sys, "argv", argv)
    try:
        manage.main()
    except SystemExit as end:
        assert not end.code
    shown = capsys.readouterr()
    assert "usage:" in shown.out or argv[1:] == ["help"]
    assert shown.err == ""


@pytest.mark.parametrize("name", OURS)
def test_an_unknown_option_is_named(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        execute_from_command_line(["manage.py", name, "--no-such-option"])
    assert end.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1].startswith(f"manage.py {name}: error: ")
