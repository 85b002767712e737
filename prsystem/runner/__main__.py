"""`make run`: start an embedded instance, stay in the foreground, stop it on Ctrl-C or SIGTERM."""

import os
import signal
import sys
import threading
from types import FrameType

from prsystem.env import ConfigurationError

from . import room
from .instance import Instance
from .layout import layout_from_environment
from .program import RunnerError
from .progress import say

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(BaseException):
    """Ctrl-C, SIGTERM or a closed terminal."""


_stop_was_requested = threading.Event()


def _request_stop(number: int, frame: FrameType | None) -> None:
    """Remembered as well as raised: what is raised within a library's callback or clean-up may be swallowed there."""
    _stop_was_requested.set()
    raise StopRequested


def _run(instance: Instance) -> None:
    instance.start()
    instance.announce()
    instance.watch(until=_stop_was_requested)
    raise StopRequested


def _stop(instance: Instance) -> None:
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    instance.stop()


def main() -> int:
    """0 after a requested stop; 1 with one line on stderr when the start failed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prsystem.settings")
    for number in STOP_SIGNALS:
        signal.signal(number, _request_stop)
    try:
        instance = Instance(layout_from_environment())
    except ConfigurationError as error:
        sys.stderr.write(f"pr-system: {error}\n")
        return 1
    try:
        _run(instance)
    except StopRequested:
        say("\nDeteniendo …")
    except (RunnerError, ConfigurationError, OSError) as error:
        sys.stderr.write(f"pr-system: {'; '.join([str(error), *room.faults(instance.layout)])}\n")
        return 1
    finally:
        _stop(instance)
    say("Detenido; no se ha perdido nada.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
