"""Closed-loop load over HTTP: every client sends its next request when it has the answer to the last one."""

import http.client
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import psutil

from prsystem.runner.endpoints import LOOPBACK

from .figures import percentile

WARM_UP_REQUESTS = 60
WARM_UP_CLIENTS = 8
TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Request:
    """One request; `body` makes a new body for every one sent."""

    path: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Callable[[], bytes] | None = None
    status: int = 200


@dataclass(frozen=True)
class Case:
    """A request at a server; `pid` is the server's first process."""

    name: str
    pid: int
    port: int
    request: Request


@dataclass
class Measured:
    """Latencies in ms and the CPU of the server's processes in seconds, over all rounds."""

    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0
    cpu_seconds: float = 0.0

    @property
    def p50(self) -> float:
        return percentile(self.latencies, 0.50)

    @property
    def p95(self) -> float:
        return percentile(self.latencies, 0.95)

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    @property
    def cpu_ms(self) -> float:
        """CPU of the server per request."""
        return 1000 * self.cpu_seconds / len(self.latencies)


class WrongAnswer(Exception):
    """An answer with another status than the measured one: figures would be of something else."""


def measure(cases: Sequence[Case], *, clients: int, seconds: float, rounds: int) -> list[Measured]:
    """Every case for `seconds` in each round, in turns, so that a busy machine slows all of them alike."""
    for case in cases:
        _warm_up(case)
    results = [Measured() for _case in cases]
    for _round in range(rounds):
        for case, result in zip(cases, results, strict=True):
            _one_round(case, result, clients, seconds)
    return results


def _warm_up(case: Case) -> None:
    counts = [WARM_UP_REQUESTS // WARM_UP_CLIENTS] * WARM_UP_CLIENTS
    _in_threads([lambda n=n: _send(case, lambda sent: sent < n) for n in counts])


def _one_round(case: Case, result: Measured, clients: int, seconds: float) -> None:
    before, began = cpu_seconds(case.pid), time.perf_counter()
    ends = began + seconds
    parts = _in_threads([lambda: _send(case, lambda sent: time.perf_counter() < ends)] * clients)
    result.seconds += time.perf_counter() - began
    result.cpu_seconds += cpu_seconds(case.pid) - before
    for part in parts:
        result.latencies += part


def _in_threads(jobs: Sequence[Callable[[], list[float]]]) -> list[list[float]]:
    """What every job returned; the first error of any is raised."""
    results: list[list[float]] = []
    errors: list[Exception] = []

    def run(job: Callable[[], list[float]]) -> None:
        try:
            results.append(job())
        except (OSError, http.client.HTTPException, WrongAnswer) as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results


def _send(case: Case, goes_on: Callable[[int], bool]) -> list[float]:
    """Latencies in ms of the requests sent over one connection."""
    connection = http.client.HTTPConnection(LOOPBACK, case.port, timeout=TIMEOUT_SECONDS)
    latencies: list[float] = []
    try:
        while goes_on(len(latencies)):
            began = time.perf_counter()
            _exchange(connection, case)
            latencies.append(1000 * (time.perf_counter() - began))
    finally:
        connection.close()
    return latencies


def _exchange(connection: http.client.HTTPConnection, case: Case) -> None:
    request = case.request
    body = request.body() if request.body else None
    connection.request(request.method, request.path, body=body, headers=dict(request.headers))
    response = connection.getresponse()
    answer = response.read()
    if response.status != request.status:
        raise WrongAnswer(f"{case.name}: {request.method} {request.path} -> {response.status} {answer[:300]!r}")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and its descendants that live."""
    process = psutil.Process(pid)
    times = [part.cpu_times() for part in (process, *process.children(recursive=True))]
    return sum(part.user + part.system for part in times)
