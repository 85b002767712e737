"""PostgreSQL with a streaming, synchronous standby under Patroni, which promotes it when the primary is lost."""

import os
import pwd
import re
import shutil
import signal
import sys
from contextlib import suppress
from typing import Any

import psutil
import psycopg
import yaml

from prsystem.runner import postgres
from prsystem.runner.endpoints import LOOPBACK
from prsystem.runner.program import PROJECT, Program, RunnerError, stop_processes

from .site import POSTGRES, Site

ROLES = PROJECT / "deploy" / "postgres" / "roles.sql"
DATABASE = "prs"
STOP_SECONDS = 60
# The shortest that Patroni allows: a lost machine is noticed in 20 s, a killed server at once.
TIMES = {"ttl": 20, "loop_wait": 2, "retry_timeout": 3, "primary_start_timeout": 0}
PARAMETERS = {
    "wal_level": "replica",
    "hot_standby": "on",
    "max_connections": 150,
    "max_wal_senders": 8,
    "max_replication_slots": 8,
    # A standby that is away may hold back this much and no more: the disk of the primary never fills.
    "max_slot_wal_keep_size": "1GB",
    "wal_log_hints": "on",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
    "random_page_cost": 1.1,
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
}
ACCESS = [
    "local all all trust",
    "host replication replicator 127.0.0.1/32 scram-sha-256",
    "host replication prs_backup 127.0.0.1/32 scram-sha-256",
    "host replication prs_owner 127.0.0.1/32 scram-sha-256",  # going back to a moment fetches the last of the WAL first
    "host all all 127.0.0.1/32 scram-sha-256",
]


def etcd_program(site: Site) -> Program:
    found = shutil.which("etcd")
    if not found:
        raise RunnerError("falta etcd: apt-get install etcd-server")
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
    """Patroni's configuration of one server."""
    folder, listens = site.data / name, f"{LOOPBACK}:{site.ports[name]}"
    api = f"{LOOPBACK}:{site.ports[f'{name}-api']}"
    accounts = {"superuser": "prs", "replication": "replicator", "rewind": "rewinder"}
    words = {"superuser": "superuser", "replication": "replicator", "rewind": "rewinder"}
    return {
        "scope": "prs",
        "name": name,
        "restapi": {"listen": api, "connect_address": api},
        "etcd3": {"hosts": [f"{LOOPBACK}:{site.ports['etcd']}"]},
        "bootstrap": {
            "dcs": {
                **TIMES,
                # A commit is acknowledged when both have it; only a standby that has everything is promoted.
                "synchronous_mode": True,
                "maximum_lag_on_failover": 1048576,
                "postgresql": {"use_pg_rewind": True, "use_slots": True, "parameters": PARAMETERS},
            },
            "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, "data-checksums"],
        },
        "postgresql": {
            "listen": listens,
            "connect_address": listens,
            "data_dir": str(folder / "datos"),
            "bin_dir": str(postgres.binaries()),
            "pgpass": str(folder / "pgpass"),
            "basebackup": [{"checkpoint": "fast"}],
            "pg_hba": ACCESS,
            "authentication": {
                kind: {"username": account, "password": site.secrets[words[kind]]} for kind, account in accounts.items()
            },
            "parameters": {"unix_socket_directories": str(folder)},
            "remove_data_directory_on_rewind_failure": True,
            "remove_data_directory_on_diverged_timelines": True,
        },
    }


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
