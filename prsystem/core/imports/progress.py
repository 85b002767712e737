"""A progress bar for long commands: on a terminal only, on stderr, so that `--json` and pipes stay clean."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm


@contextmanager
def progress_bar(label: object, total: int | None = None) -> Iterator[Callable[[int], object]]:
    """Yields `advance(n)`, to be called as work gets done; does nothing when stderr isn't a terminal."""
    with tqdm(total=total, desc=str(label), disable=None, leave=False, dynamic_ncols=True) as bar:
        yield bar.update
