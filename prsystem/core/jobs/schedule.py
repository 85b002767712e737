"""Which work there is: each kind of job, and what is done by the clock. Declared in the `schedule.py` of the app whose
work it is, as paths, so that web processes don't load what only workers need; collected once, when the site starts."""

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.utils.module_loading import import_string

from . import queue

TASK = "core.by_clock_task"
MODULE = "schedule"


@dataclass(frozen=True)
class Work:
    """A kind of job and what does it, a dotted path; the rest is as in `queue.register`."""

    kind: str
    handler: str
    when_parked: str = ""
    seconds: int = 0
    subject: str = ""
    by_clock: bool = False


@dataclass(frozen=True)
class At:
    """Moments of the clock in UTC, in the words of a crontab."""

    minute: str | int = "*"
    hour: str | int = "*"
    day_of_week: str | int = "*"


@dataclass(frozen=True)
class Periodic:
    """Something done by the clock: `act`, a dotted path, `every` so many seconds or `At` moments. A round that no
    worker takes up within `expires` seconds is left out; by default when the next one is due, or after an hour."""

    name: str
    act: str
    every: float | At
    queue: str = "bulk"
    expires: float = 0

    @property
    def expires_seconds(self) -> float:
        return self.expires or (3600 if isinstance(self.every, At) else self.every)


_periodic: dict[str, Periodic] = {}


def collect() -> None:
    """Register what every installed app declares. ValueError when two of them use one name."""
    for config in apps.get_app_configs():
        path = f"{config.name}.{MODULE}"
        if not find_spec(path):
            continue
        declared = import_module(path)
        for work in getattr(declared, "JOBS", ()):
            queue.register(**vars(work))
        for periodic in getattr(declared, "BY_CLOCK", ()):
            if _periodic.get(periodic.name, periodic) != periodic:
                raise ValueError(f"two things are done by the clock under the name {periodic.name}")
            _periodic[periodic.name] = periodic


def by_clock() -> dict[str, Periodic]:
    """All that is done by the clock, by name."""
    return dict(_periodic)


def run_by_clock(name: str) -> None:
    """One round of it; KeyError for a name that nothing has (any more)."""
    import_string(_periodic[name].act)()
