"""A request to stop is never lost, even where what it raises is swallowed."""

import signal
import threading
from contextlib import suppress

import pytest

from prsystem.runner import __main__ as runner


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
