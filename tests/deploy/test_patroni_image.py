"""The program of deploy/postgres/Dockerfile without an engine: two servers with a real etcd, secrets as files, as an
account without rights, configuration and data where the image has its volume and its scratch space."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest

from prsystem.runner.endpoints import LOOPBACK, free_port
from prsystem.runner.program import PROJECT
from prsystem.runner.servers import postgres

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("etcd"), reason="needs etcd: apt-get install etcd-server"),
]
patroni = pytest.importorskip("patroni", reason="needs requirements-cluster.lock, which `make cluster` installs")
SECONDS = 120
WORDS = ("superuser", "replicator", "rewinder", "patroni", "owner", "app", "readonly", "backup")


class Pair:
    def __init__(self, folder: Path) -> None:
        self.folder, self.etcd, self.etcd_peer = folder, free_port(), free_port()
        self.ports = {name: (free_port(), free_port()) for name in ("postgres1", "postgres2")}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        secrets = folder / "secretos"
        secrets.mkdir(mode=0o700)
        for word in WORDS:
            (secrets / f"pg_{word}").write_text(f"clave-{word}\n", encoding="utf-8")
        for name in self.ports:
            (folder / name).mkdir(mode=0o700)
        postgres.hand_over(folder)

    def start(self) -> None:
        client, peer = (f"http://{LOOPBACK}:{port}" for port in (self.etcd, self.etcd_peer))
        urls = ("client-urls", client), ("peer-urls", peer)
        options = [f"--{verb}-{kind}={url}" for kind, url in urls for verb in ("listen", "advertise")]
        options = [option.replace("--advertise-peer", "--initial-advertise-peer") for option in options]
        self._run(
            "etcd", "etcd", "--data-dir", str(self.folder / "etcd"), f"--initial-cluster=default={peer}", *options
        )
        self._server("postgres1")
        wait(lambda: self.role("postgres1") == "primary")
        self._server("postgres2")
        wait(lambda: self.role("postgres2") == "sync_standby")

    def _server(self, name: str) -> None:
        port, api = map(str, self.ports[name])
        own = {"PRS_PG_NAME": name, "PRS_PG_HOST": LOOPBACK, "PRS_PG_LISTEN": LOOPBACK, "PRS_PG_PORT": port}
        own |= {"PRS_PG_API_PORT": api, "PRS_PG_ETCD": f"{LOOPBACK}:{self.etcd}", "PRS_PG_CLIENTS": f"{LOOPBACK}/32"}
        own |= {"PRS_PG_RUN": str(self.folder / name), "PRS_PG_DATA": str(self.folder / name / "datos")}
        own |= {"PRS_PG_BIN": str(postgres.binaries()), "PRS_SECRETS_DIR": str(self.folder / "secretos")}
        own |= {
            "PRS_PG_PARAMETERS": '{"max_connections": 40, "shared_buffers": "32MB", "max_slot_wal_keep_size": "1GB"}'
        }
        server = str(PROJECT / "deploy" / "postgres" / "server.py")
        self._run(name, *postgres.unprivileged(), sys.executable, server, **own)

    def _run(self, name: str, *command: str, **variables: str) -> None:
        path = f"{postgres.binaries()}:{os.environ['PATH']}"
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                command,
                env={"PATH": path, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", **variables},
                cwd="/",
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def role(self, name: str) -> str:
        """As Patroni tells it; empty while it doesn't answer."""
        with suppress(httpx.TransportError):
            told = httpx.get(f"http://{LOOPBACK}:{self.ports[name][1]}/patroni", trust_env=False, timeout=3).json()
            return "sync_standby" if told.get("sync_standby") else str(told.get("role"))
        return ""

    def connect(self, role: str = "app") -> psycopg.Connection:
        ports = ",".join(str(port) for port, _api in self.ports.values())
        return psycopg.connect(
            host=f"{LOOPBACK},{LOOPBACK}",
            port=ports,
            user=f"prs_{role}",
            password=f"clave-{role}",
            dbname="prs",
            target_session_attrs="any" if role == "readonly" else "read-write",
            connect_timeout=3,
            autocommit=True,
        )

    def lose(self, name: str) -> None:
        """The whole machine at once: Patroni and every process of its PostgreSQL."""
        gone = self.processes.pop(name)
        server = psutil.Process(int((self.folder / name / "datos" / "postmaster.pid").read_text().split()[0]))
        for process in (psutil.Process(gone.pid), server, *server.children()):
            process.kill()
        gone.wait(10)

    def stop(self) -> None:
        for process in self.processes.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes.values():
            process.wait(60)


def wait(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.3)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    found = Pair(tmp_path_factory.mktemp("patroni"))
    try:
        found.start()
        yield found
    finally:
        found.stop()
        shutil.rmtree(found.folder)


def test_the_roles_have_the_passwords_of_the_secrets(pair: Pair) -> None:
    for role in ("owner", "app", "readonly", "backup"):
        pair.connect(role).close()
    for name in pair.ports:
        file = pair.folder / name / "patroni.yml"
        assert "clave-superuser" in file.read_text(encoding="utf-8")
        assert file.stat().st_mode & 0o077 == 0


def test_who_does_not_know_the_secret_moves_nothing(pair: Pair) -> None:
    address = f"http://{LOOPBACK}:{pair.ports['postgres1'][1]}"
    with httpx.Client(base_url=address, trust_env=False) as client:
        assert client.get("/liveness").status_code == 200
        assert client.post("/switchover", json={"leader": "postgres1"}).status_code == 401
        assert client.patch("/config", json={"synchronous_mode": False}).status_code == 401
        assert client.patch("/config", json={"ttl": 20}, auth=("patroni", "clave-patroni")).status_code == 200


def test_what_was_acknowledged_outlives_the_machine_it_was_written_on(pair: Pair) -> None:
    with pair.connect("owner") as owner:
        owner.execute("CREATE TABLE caso (n int)")
        owner.execute("INSERT INTO caso SELECT generate_series(1, 100)")
    pair.lose("postgres1")
    wait(lambda: pair.role("postgres2") == "primary")
    with pair.connect("owner") as owner:
        assert owner.execute("SELECT count(*) FROM caso").fetchone() == (100,)
        owner.execute("INSERT INTO caso VALUES (101)")
