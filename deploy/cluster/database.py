"""PostgreSQL with a streaming, synchronous standby under Patroni, which promotes it when the primary is lost."""

import os
import pwd
import re
import signal
import sys
from contextlib import suppress
from typing import Any

import psutil
import psycopg
import yaml

from deploy.postgres.patroni_settings import Server, settings
from prsystem.runner.endpoints import LOOPBACK
from prsystem.runner.program import PROJECT, Program, stop_processes
from prsystem.runner.servers import postgres

from . import installed
from .site import POSTGRES, Site

ROLES = PROJECT / "deploy" / "postgres" / "roles.sql"
DATABASE = "prs"
STOP_SECONDS = 60
PARAMETERS = {
    "max_connections": 150,
    # A standby that is away may hold back this much and no more: the disk of the primary never fills.
    "max_slot_wal_keep_size": "1GB",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
}


def etcd_program(site: Site) -> Program:
    found = installed.binary("etcd")
    client, peer = site.url("etcd"), site.url("etcd-peer")
    options = {
        "--name": "etcd1",
        "--data-dir": str(site.data / "etcd"),
        "--listen-client-urls": client,
        "--advertise-client-urls": client,
        "--listen-peer-urls": peer,
        "--initial-advertise-peer-urls": peer,
        "--initial-cluster": f"etcd1={peer}",
        "--log-level": "warn",
    }
    return Program("etcd", (found, *(part for pair in options.items() for part in pair)))


def patroni_program(site: Site, name: str) -> Program:
    folder = site.data / name
    folder.mkdir(exist_ok=True, mode=0o700)
    path = folder / "patroni.yml"
    path.write_text(yaml.safe_dump(_settings(site, name)), encoding="utf-8")
    path.chmod(0o600)
    if os.geteuid() == 0:  # PostgreSQL refuses root
        for owned in (folder, path):
            os.chown(owned, pwd.getpwnam(postgres.UNPRIVILEGED_USER).pw_uid, -1)
    command = (*postgres.unprivileged(), sys.executable, "-m", "patroni", str(path))
    return Program(name, command, stop_signal=signal.SIGTERM, stop_seconds=STOP_SECONDS)


def _settings(site: Site, name: str) -> dict[str, Any]:
    folder, listens = site.data / name, f"{LOOPBACK}:{site.ports[name]}"
    api = f"{LOOPBACK}:{site.ports[f'{name}-api']}"
    server = Server(
        name=name,
        listens=listens,
        reached=listens,
        api_listens=api,
        api_reached=api,
        etcd=(f"{LOOPBACK}:{site.ports['etcd']}",),
        folder=folder,
        data=folder / "datos",
        binaries=postgres.binaries(),
        superuser="prs",
        passwords=site.secrets,
        clients=f"{LOOPBACK}/32",
        parameters=PARAMETERS,
    )
    return settings(server)


def connect(site: Site, name: str | None = None, database: str = "postgres") -> psycopg.Connection:
    """As superuser: to the named server, else to the one that takes writes."""
    ports = [site.ports[one] for one in ([name] if name else POSTGRES)]
    return psycopg.connect(
        host=",".join(LOOPBACK for _ in ports),
        port=",".join(map(str, ports)),
        user="prs",
        password=site.secrets["superuser"],
        dbname=database,
        target_session_attrs="any" if name else "read-write",
        connect_timeout=2,
        autocommit=True,
    )


def takes_writes(site: Site) -> bool:
    with suppress(psycopg.OperationalError):
        connect(site).close()
        return True
    return False


def primary(site: Site) -> str:
    """The name of the server that takes writes."""
    with connect(site) as connection:
        return next(name for name in POSTGRES if site.ports[name] == connection.info.port)


def has_synchronous_standby(site: Site) -> bool:
    with suppress(psycopg.OperationalError), connect(site) as connection:
        sql = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND sync_state IN ('sync', 'quorum')"
        row = connection.execute(sql).fetchone()
        return row is not None and row[0] > 0
    return False


def create_roles(site: Site) -> None:
    """The database and the roles of deploy/postgres/roles.sql, the first time."""
    with connect(site) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            return
        connection.execute(f"CREATE DATABASE {DATABASE}")
    with connect(site, database=DATABASE) as connection, connection.transaction():
        text = ROLES.read_text(encoding="utf-8")
        filled = re.sub(r":'(\w+)'", lambda found: f"'{site.secrets[found[1]]}'", text)
        connection.execute(filled.encode())


def stop_leftovers(site: Site) -> None:
    """Servers whose Patroni was killed: they overwrite their environment, their folder is what they are known by."""
    folders = {str(site.data / name / "datos") for name in POSTGRES}
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.name() == "postgres" and process.cwd() in folders:
                found.append(process)
    stop_processes(found, seconds=STOP_SECONDS)
