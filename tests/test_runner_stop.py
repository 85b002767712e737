"""A request to stop is never lost, even where what it raises is swallowed."""

import signal
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault

import pytest

from prsystem.runner import __main__ as runner
from prsystem.runner import instance
from prsystem.runner.layout import Layout


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
    """A process runner that somebody has killed: it refuses questions, then it is gone, and it is started again. The
    first try finds no room."""

    log = Path("supervisord.log")

    def __init__(self) -> None:
        self.lives = iter([True, False])
        self.starts = 0

    def is_running(self) -> bool:
        return next(self.lives)

    def states(self) -> list[dict[str, Any]]:
        raise Fault(6, "SHUTDOWN_STATE")

    def start(self, groups: object) -> None:
        self.starts += 1
        if self.starts == 1:
            raise OSError(28, "No space left on device")


def test_a_process_runner_that_ends_by_itself_is_started_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(instance, "WATCH_SECONDS", 0.01)
    monkeypatch.setattr(instance, "ANEW_SECONDS", (0.01, 0.01))
    stopping = threading.Event()
    watched = instance.Instance(Layout(tmp_path))
    supervisor = Ending()
    monkeypatch.setattr(watched, "supervisor", supervisor)
    monkeypatch.setattr(watched, "_start_others", stopping.set)
    watched.watch(until=stopping)
    assert supervisor.starts == 2
    told = [line for line in capsys.readouterr().out.splitlines() if "vigilante" in line]
    assert len(told) == 2
    assert "supervisord.log" in told[0]
    assert "No space left on device" in told[1]
