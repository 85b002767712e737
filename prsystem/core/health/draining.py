"""Whether this web server is on its way out. Its processes share a mark in a folder of theirs."""

import os
from pathlib import Path

_VARIABLE = "PRS_DRAINING_MARK"


def use(mark: Path) -> None:
    """Called by the parent before it starts its workers, which inherit the environment."""
    os.environ[_VARIABLE] = str(mark)


def begin() -> None:
    Path(os.environ[_VARIABLE]).touch()


def is_draining() -> bool:
    mark = os.environ.get(_VARIABLE)
    return mark is not None and os.path.exists(mark)  # noqa: PTH110 -- asked for at every probe; no Path is made
