"""All parts in the order in which they start; the start of the whole and its end."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property, partial

import boto3
import httpx
import psutil
from botocore.exceptions import BotoCoreError, ClientError

from prsystem.demo_accounts import PASSWORD
from prsystem.runner import leftovers
from prsystem.runner.catalogues import compile_catalogues
from prsystem.runner.endpoints import LOOPBACK, port_is_free
from prsystem.runner.program import PROJECT, Program, RunnerError, instance_environment, wait_until
from prsystem.runner.programs import Group
from prsystem.runner.progress import Steps, say
from prsystem.runner.servers import data_servers
from prsystem.runner.supervision import Supervisor

from . import application, data, database, edge, installed, monitoring
from .site import BACKENDS, NODES, POSTGRES, Site

SECONDS = 90.0
STOP_SECONDS = 120
DEMO_LOADED = "demo.loaded"


class Cluster:
    """`up` starts what isn't running and returns; the process runner stays. `down` ends all of it."""

    def __init__(self, site: Site | None = None) -> None:
        self.site = site or Site()
        self.supervisor = Supervisor(self.site.layout)

    @cached_property
    def programs(self) -> dict[str, tuple[Program, ...]]:
        """By group, in the order of the start. RunnerError names a Debian package that is missing."""
        site = self.site
        return {
            "dcs": (database.etcd_program(site),),
            "postgres": tuple(database.patroni_program(site, name) for name in POSTGRES),
            "datos": (data.valkey_program(site), data.store_program(site), data.directory_program(site)),
            "modelos": data.model_programs(site),
            "backends": application.backend_programs(site),
            "fondo": application.background_programs(site),
            "borde": (edge.program(site.data / "nginx"),),
            "vigilancia": (monitoring.prometheus_program(site), monitoring.alertmanager_program(site)),
        }

    def is_up(self) -> bool:
        return self.supervisor.answers()

    # --- start

    def up(self) -> None:
        data_servers.prepare_folders(self.site.layout)
        if self.is_up():
            say(f"Ya está encendido: {self.site.address}")
            return
        self._end_leftovers()
        if lacking := installed.missing():
            raise RunnerError(lacking)
        parts = self.programs
        data.fill_directory(self.site)
        self._check_ports()
        steps = Steps(7)
        with steps.step("Vigilante de procesos"):
            compile_catalogues()
            application.use_version(self.site, PROJECT)
            self.supervisor.start(tuple(Group(name, found) for name, found in parts.items()), tied=False)
        with steps.step("PostgreSQL primario y réplica (Patroni, etcd)"):
            self._start_database()
        with steps.step("Esquema y datos de demostración"):
            self._start("datos", "modelos")
            self._wait_ports("valkey", "s3", "ldap", "embedder", "chroma", *NODES)
            self.wait("s3", self.make_bucket)
            self._fill_database()
        with steps.step("Tres backends"):
            self._start("backends")
            for name in BACKENDS:
                self.wait(name, partial(self.answers, name, "/api/health/ready"))
        with steps.step("Trabajo de fondo, reloj y envíos"):
            self._start("fondo")
        with steps.step("nginx con TLS"):
            self._start_edge()
        with steps.step("Prometheus y Alertmanager"):
            self._start("vigilancia")
            self._wait_ports("prometheus", "alertmanager")
        self.announce()

    def _check_ports(self) -> None:
        for name, port in self.site.ports.items():
            if not port_is_free(port):
                raise RunnerError(f"el puerto {port} ({name}) está ocupado; PORT elige el de HTTPS")

    def _start(self, *groups: str) -> None:
        for group in groups:
            for program in self.programs[group]:
                self.supervisor.start_program(group, program.name)

    def _start_database(self) -> None:
        self._start("dcs")
        self._wait_ports("etcd")
        self._start("postgres")
        self.wait("pg1", partial(database.takes_writes, self.site))
        database.create_roles(self.site)
        self.wait("pg2", partial(database.has_synchronous_standby, self.site))

    def make_bucket(self) -> bool:
        """The store forgets it at each stop."""
        given = self.site.environment()
        client = boto3.client(
            "s3",
            endpoint_url=given["S3_ENDPOINT_URL"],
            region_name=given["S3_REGION"],
            aws_access_key_id=given["S3_ACCESS_KEY_ID"],
            aws_secret_access_key=given["S3_SECRET_ACCESS_KEY"],
        )
        try:
            client.create_bucket(Bucket=given["S3_BUCKET"])
        except (BotoCoreError, ClientError):
            return False
        return True

    def _fill_database(self) -> None:
        self._manage("migrate", "--verbosity", "0")
        if not (self.site.data / DEMO_LOADED).exists():
            self._manage("demo")
            (self.site.data / DEMO_LOADED).touch()

    def _manage(self, *arguments: str) -> None:
        environment = {**instance_environment(self.site.layout), **self.site.owner_environment()}
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=PROJECT, env=environment, check=False, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise RunnerError(f"manage.py {arguments[0]} no terminó bien")

    def _start_edge(self) -> None:
        ports = self.site.ports
        edge.prepare(
            self.site.data / "nginx",
            https_port=ports["https"],
            http_port=ports["http"],
            backends=[ports[name] for name in BACKENDS],
        )
        self._start("borde")
        self._wait_ports("https")

    def announce(self) -> None:
        site = self.site
        lines = "\n".join(f"export {name}='{value}'" for name, value in site.background_environment().items())
        (site.data / "entorno").touch(mode=0o600)
        (site.data / "entorno").write_text(lines + "\n", encoding="utf-8")
        say(f"\nPR-System está en {site.address} (certificado de prueba: {site.data}/nginx/tls/ca.pem)")
        say(f"Cuentas de demostración: ana, luis, marta, ivan, eva; contraseña {PASSWORD}")
        say(f"Prometheus {site.url('prometheus')} · Alertmanager {site.url('alertmanager')}")
        say(f"manage.py con este entorno: . {site.data}/entorno && .venv/bin/python manage.py …")
        say("El almacén S3 es moto (en memoria) y los nodos de modelo son de imitación. Detener: make cluster-down")

    # --- waiting

    def wait(self, name: str, is_up: Callable[[], bool], seconds: float = SECONDS) -> None:
        log = self.site.layout.logs / f"{name}.log"
        wait_until(is_up, name=name, log=log, seconds=seconds, process=self.supervisor.process)

    def _wait_ports(self, *names: str) -> None:
        for name in names:
            self.wait(name, partial(_listens, self.site.ports[name]))

    def answers(self, name: str, path: str) -> bool:
        try:
            return httpx.get(self.site.url(name) + path, trust_env=False, timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    # --- stop

    def down(self) -> int:
        """How many processes were stopped."""
        found = leftovers.find(self.site.layout)
        self._end_leftovers()
        return len(found)

    def _end_leftovers(self) -> None:
        supervisors = [p for p in leftovers.find(self.site.layout) if _is_supervisor(p)]
        for process in supervisors:
            process.send_signal(signal.SIGTERM)
        psutil.wait_procs(supervisors, timeout=STOP_SECONDS)
        leftovers.stop_all(self.site.layout)
        database.stop_leftovers(self.site)


def _is_supervisor(process: psutil.Process) -> bool:
    try:
        return "supervisor.supervisord" in process.cmdline()
    except psutil.Error:
        return False


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


@contextmanager
def errors_in_one_line() -> Iterator[None]:
    try:
        yield
    except RunnerError as error:
        sys.exit(f"pr-system: {error}")


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prsystem.settings")
    with errors_in_one_line():
        cluster = Cluster()
        if arguments[:1] == ["down"]:
            say(f"{cluster.down()} procesos detenidos")
        else:
            cluster.up()
