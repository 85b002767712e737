"""A request to stop is never lost, even where what it raises is swallowed."""

import signal
import threading
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from xmlrpc.client import Fault

import pytest

from prsystem.runner import __main__ as runner
from prsystem.runner import instance
from prsystem.runner.program import RunnerError


class Swallowing:
    """An instance whose start swallows everything that is raised in it, as a library's callback may."""

    def start(self) -> None:
        with suppress(BaseException):
            runner._request_stop(signal.SIGINT, None)

    def announce(self) -> None:
        """Nothing to say."""

    def watch(self, until: threading.Event) -> None:
        assert until.wait(5)


def test_a_stop_requested_while_something_swallows_it_still_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "_stop_was_requested", threading.Event())
    with pytest.raises(runner.StopRequested):
        runner._run(Swallowing())


class Ending:
    """A process runner that somebody else has told to end: it refuses questions, and then it is gone."""

    log = Path("supervisord.log")

    def __init__(self) -> None:
        ends = iter([None, 0])
        self.process = SimpleNamespace(poll=lambda: next(ends))

    def states(self) -> list[dict[str, Any]]:
        raise Fault(6, "SHUTDOWN_STATE")


def test_a_process_runner_that_ends_by_itself_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instance, "WATCH_SECONDS", 0.01)
    watched = cast(instance.Instance, SimpleNamespace(supervisor=Ending()))
    with pytest.raises(RunnerError, match=r"supervisord\.log"):
        instance.Instance.watch(watched, threading.Event())
