"""Hands on the running topology: kill, freeze, stop and start its parts, and look at what is in its database."""

import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import httpx
import psutil
import psycopg

from deploy.cluster import database
from deploy.cluster.site import BACKENDS, POSTGRES
from deploy.cluster.topology import Cluster
from prsystem.demo_accounts import PASSWORD

from .load import Load

SECONDS = 90.0


class Rig:
    def __init__(self, cluster: Cluster, rate: float) -> None:
        self.cluster, self.site, self.rate = cluster, cluster.site, rate
        self.ca_file = str(self.site.data / "nginx" / "tls" / "ca.pem")
        self._tokens: dict[str, str] = {}

    # --- processes

    def pid(self, name: str) -> int:
        return next(state["pid"] for state in self.cluster.supervisor.states() if state["name"] == name)

    def pids(self, names: Iterable[str]) -> dict[str, int]:
        return {name: self.pid(name) for name in names}

    def tree(self, name: str) -> list[psutil.Process]:
        """The part and its children, parent first."""
        try:
            parent = psutil.Process(self.pid(name))
            return [parent, *parent.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def kill(self, name: str) -> None:
        """SIGKILL to all of it at once, as a lost machine; the process runner starts it again."""
        self._signal(self.tree(name), signal.SIGKILL)

    def kill_server(self, name: str) -> None:
        """Patroni and its PostgreSQL, which is no child of it for long."""
        self._signal([*self.tree(name), *self._server(name)], signal.SIGKILL)

    def _server(self, name: str) -> list[psutil.Process]:
        folder = str(self.site.data / name / "datos")
        servers = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.name() == "postgres" and process.cwd() == folder:
                    servers.append(process)
        return servers

    @contextmanager
    def replay_stopped(self, name: str) -> Iterator[None]:
        """The standby receives and doesn't replay: its process for that is frozen (Patroni ends a pause by itself)."""
        replaying = [one for one in self._server(name) if "startup" in " ".join(one.cmdline())]
        if len(replaying) != 1:
            raise RuntimeError(f"{name} has {len(replaying)} processes that replay")
        self._signal(replaying, signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal(replaying, signal.SIGCONT)

    @contextmanager
    def server_hung(self, name: str) -> Iterator[None]:
        """A PostgreSQL server and its Patroni stand still: connections stay open, nothing is answered."""
        processes = [*self.tree(name), *self._server(name)]
        processes += [child for process in processes for child in process.children(recursive=True)]
        self._signal(processes, signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal(processes, signal.SIGCONT)

    @contextmanager
    def frozen(self, *names: str) -> Iterator[None]:
        processes = [process for name in names for process in self.tree(name)]
        self._signal(processes, signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal(processes, signal.SIGCONT)

    def _signal(self, processes: list[psutil.Process], number: signal.Signals) -> None:
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    def _group(self, name: str) -> str:
        return next(g for g, programs in self.cluster.programs.items() if any(p.name == name for p in programs))

    def stop(self, name: str) -> None:
        """Until it is stopped: one that was just killed is about to be started again and can't be stopped before."""
        for _try in range(100):
            self.cluster.supervisor.stop_program(self._group(name), name)
            if self._state(name) == "STOPPED":
                return
            time.sleep(0.1)
        raise RuntimeError(f"{name} can't be stopped")

    def _state(self, name: str) -> str:
        return next(str(state["statename"]) for state in self.cluster.supervisor.states() if state["name"] == name)

    def start(self, name: str) -> None:
        self.cluster.supervisor.start_program(self._group(name), name)

    @contextmanager
    def stopped(self, *names: str) -> Iterator[None]:
        for name in names:
            self.kill(name)
            self.stop(name)
        try:
            yield
        finally:
            for name in names:
                self.start(name)

    def turn(self, backend: str) -> None:
        """Stop it as an update does, with its time to drain, and start it again; nginx isn't told."""
        self.stop(backend)
        self.start(backend)
        if self.wait(partial(self.is_ready, backend)) == float("inf"):
            raise RuntimeError(f"{backend} didn't come back")

    # --- waiting

    def wait(self, is_so: Callable[[], object], seconds: float = SECONDS) -> float:
        """How long it took; `inf` when it never came."""
        start = time.monotonic()
        while time.monotonic() - start < seconds:
            with suppress(httpx.TransportError, psycopg.Error, KeyError):
                if is_so():
                    return time.monotonic() - start
            time.sleep(0.1)
        return float("inf")

    def is_ready(self, name: str) -> bool:
        return self.cluster.answers(name, "/api/health/ready")

    def steady(self) -> None:
        """Everything back: both databases, three backends."""
        self.wait(partial(database.has_synchronous_standby, self.site))
        for name in BACKENDS:
            self.wait(partial(self.is_ready, name))

    # --- use

    def load(self, **options: Any) -> Load:
        return Load(self.site.address, self.ca_file, rate=self.rate, **options)

    def client(self, username: str) -> httpx.Client:
        """Signed in, straight to the first backend: without nginx' limits."""
        # What nginx would say.
        headers = {"X-Forwarded-Proto": "https"}
        options: dict[str, Any] = {"trust_env": False, "timeout": 20, "headers": headers}
        address = self.site.url(BACKENDS[0])
        if username not in self._tokens:
            given = {"username": username, "password": PASSWORD}
            self._tokens[username] = httpx.post(f"{address}/api/auth/login", json=given, **options).json()["access"]
        headers["Authorization"] = f"Bearer {self._tokens[username]}"
        return httpx.Client(base_url=address, **options)

    def sql(self, statement: str, *values: object, server: str | None = None, database_name: str = "prs") -> list[Any]:
        with database.connect(self.site, server, database_name) as connection:
            cursor = connection.execute(statement, values or None)  # without values several statements may be given
            return cursor.fetchall() if cursor.description else []

    def primary(self) -> str:
        return database.primary(self.site)

    def standby(self) -> str:
        [name] = [name for name in POSTGRES if name != self.primary()]
        return name

    def lost(self, titles: Iterable[str]) -> tuple[int, int]:
        """Of acknowledged reports: how many aren't in the database, how many are there more than once."""
        wanted = list(titles)
        rows = self.sql("SELECT title, count(*) FROM incidents_incident WHERE title = ANY(%s) GROUP BY title", wanted)
        found = dict(rows)
        return sum(title not in found for title in wanted), sum(n > 1 for n in found.values())
