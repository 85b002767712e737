"""Patroni's configuration of one server, the same in the Swarm stack (server.py) and in `make cluster`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

# The shortest that Patroni allows: a lost machine is noticed in 20 s, a killed server at once.
TIMES = {"ttl": 20, "loop_wait": 2, "retry_timeout": 3, "primary_start_timeout": 0}
PARAMETERS = {
    "wal_level": "replica",
    "hot_standby": "on",
    "max_wal_senders": 8,
    "max_replication_slots": 8,
    "wal_log_hints": "on",
    "random_page_cost": 1.1,
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
}
REPLICATORS = ("replicator", "prs_backup", "prs_owner")  # prs_owner: going back to a moment fetches the last of the WAL


@dataclass(frozen=True)
class Server:
    """`listens` and `reached` are addresses with a port. `data` is PostgreSQL's own folder, `folder` that of its socket
    and of the file of passwords."""

    name: str
    listens: str
    reached: str
    api_listens: str
    api_reached: str
    etcd: tuple[str, ...]
    folder: Path
    data: Path
    binaries: Path
    superuser: str
    passwords: dict[str, str]  # superuser, replicator, rewinder
    clients: str  # the network that may connect, as in pg_hba.conf
    parameters: dict[str, Any]  # those of the site, over PARAMETERS


def settings(server: Server) -> dict[str, Any]:
    """The whole of patroni.yml. `bootstrap` counts for the first server of a new cluster alone; afterwards etcd holds
    it and `patronictl edit-config` changes it. Keys as in Patroni's YAML configuration settings."""
    return {
        "scope": "prs",
        "name": server.name,
        "restapi": {"listen": server.api_listens, "connect_address": server.api_reached},
        "etcd3": {"hosts": list(server.etcd)},
        "bootstrap": {
            "dcs": _shared(server.parameters),
            "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, "data-checksums"],
        },
        "postgresql": _own(server),
    }


def _shared(parameters: dict[str, Any]) -> dict[str, Any]:
    """What is the same on both servers."""
    return {
        **TIMES,
        # A commit is acknowledged when both have it; only a standby that has everything is promoted.
        "synchronous_mode": True,
        "maximum_lag_on_failover": 1048576,
        "postgresql": {"use_pg_rewind": True, "use_slots": True, "parameters": PARAMETERS | parameters},
    }


def _own(server: Server) -> dict[str, Any]:
    accounts = {
        "superuser": (server.superuser, "superuser"),
        "replication": ("replicator", "replicator"),
        "rewind": ("rewinder", "rewinder"),
    }
    return {
        "listen": server.listens,
        "connect_address": server.reached,
        "data_dir": str(server.data),
        "bin_dir": str(server.binaries),
        "pgpass": str(server.folder / "pgpass"),
        "basebackup": [{"checkpoint": "fast"}],
        "pg_hba": [
            "local all all trust",
            *(f"host replication {role} {server.clients} scram-sha-256" for role in REPLICATORS),
            f"host all all {server.clients} scram-sha-256",
        ],
        "authentication": {
            kind: {"username": account, "password": server.passwords[word]}
            for kind, (account, word) in accounts.items()
        },
        "parameters": {"unix_socket_directories": str(server.folder)},
        "remove_data_directory_on_rewind_failure": True,
        "remove_data_directory_on_diverged_timelines": True,
    }
