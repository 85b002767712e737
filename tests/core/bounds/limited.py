"""Runs a worst case in a child with little processor time: a bound that fails shows as a killed process."""

import os
import resource
import tracemalloc
from collections.abc import Callable
from multiprocessing import Pipe
from typing import Any, NoReturn

CPU_SECONDS = 20  # a hang guard, far above what any bounded work takes on a busy machine


def limited(work: Callable[[], Any], *, cpu_seconds: int = CPU_SECONDS) -> Any:
    """What the work returns, or the error it raises; AssertionError when the child was ended by its limit."""
    return _child(work, cpu_seconds, False)[0]


def peak_bytes(work: Callable[[], Any], *, cpu_seconds: int = CPU_SECONDS) -> int:
    """The most memory that Python held at once for it, errors included."""
    return int(_child(work, cpu_seconds, True)[1])


def _child(work: Callable[[], Any], cpu_seconds: int, is_traced: bool) -> tuple[Any, int]:
    """A bare fork: multiprocessing's own runs what libraries left for one, and Celery's then waits for its broker."""
    ours, theirs = Pipe(duplex=False)
    pid = os.fork()
    if not pid:
        _run(theirs, work, cpu_seconds, is_traced)
    theirs.close()
    try:
        found: tuple[Any, int] = ours.recv()
    except EOFError as error:
        raise AssertionError(f"ended by a limit: {os.waitpid(pid, 0)[1]}") from error
    os.waitpid(pid, 0)
    return found


def _run(pipe: Any, work: Callable[[], Any], cpu_seconds: int, is_traced: bool) -> NoReturn:
    try:
        spent = resource.getrusage(resource.RUSAGE_SELF)
        most = int(spent.ru_utime + spent.ru_stime) + cpu_seconds
        resource.setrlimit(resource.RLIMIT_CPU, (most, most))
        if is_traced:
            tracemalloc.start()
        try:
            found = work()
        except Exception as error:  # noqa: BLE001 -- whatever it is, the test looks at it
            found = error
        pipe.send((found, tracemalloc.get_traced_memory()[1] if is_traced else 0))
    finally:
        os._exit(0)
