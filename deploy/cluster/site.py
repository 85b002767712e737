"""One loopback topology: where its state is, which ports and passwords it has. Made once, kept in its folder."""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from prsystem import env
from prsystem.runner import endpoints
from prsystem.runner.layout import Layout, layout_from_environment

BACKENDS = ("backend1", "backend2", "backend3")
POSTGRES = ("pg1", "pg2")
NODES = ("nodo1", "nodo2", "nodo3")
HTTPS_PORT = 8443
BASE_DN = "dc=planta,dc=mx"
_NAMES = (
    *BACKENDS,
    *POSTGRES,
    *(f"{name}-api" for name in POSTGRES),
    *NODES,
    *("etcd", "etcd-peer", "valkey", "chroma", "embedder", "s3", "ldap", "http", "prometheus", "alertmanager"),
)
_SECRETS = ("superuser", "replicator", "rewinder", "owner", "app", "readonly", "backup", "redis", "s3", "ldap")


@dataclass(frozen=True)
class Site:
    """`layout.data` is the folder `cluster` in PRS_DATA_DIR."""

    layout: Layout = field(default_factory=lambda: Layout(layout_from_environment().data / "cluster"))

    @property
    def data(self) -> Path:
        return self.layout.data

    @cached_property
    def ports(self) -> dict[str, int]:
        known = _kept(self.data / "puertos.json", lambda: {})
        ports = {name: int(number) for name, number in known.items()}
        ports["https"] = env.integer("PORT", int(known.get("https", HTTPS_PORT)), minimum=1, maximum=65535)
        for name in _NAMES:
            if name not in ports:
                ports[name] = _unused(ports.values())
        if ports != known:
            _write(self.data / "puertos.json", ports)
        return ports

    @cached_property
    def secrets(self) -> dict[str, str]:
        return _kept(self.data / "secretos.json", lambda: {name: secrets.token_hex(16) for name in _SECRETS})

    def url(self, name: str) -> str:
        return f"http://{endpoints.LOOPBACK}:{self.ports[name]}"

    @property
    def address(self) -> str:
        return f"https://{endpoints.LOOPBACK}:{self.ports['https']}"

    def database_url(self, role: str, attributes: str) -> str:
        hosts = ",".join(f"{endpoints.LOOPBACK}:{self.ports[name]}" for name in POSTGRES)
        return f"postgresql://prs_{role}:{self.secrets[role]}@{hosts}/prs?target_session_attrs={attributes}"

    def environment(self) -> dict[str, str]:
        """What the processes of the application are given; without SECRET_KEY, so that demo data may be loaded: the key
        is in the folder."""
        return {
            "PRS_DATA_DIR": str(self.data),
            "DATABASE_URL": self.database_url("app", "read-write"),
            "DATABASE_REPLICA_URL": self.database_url("app", "prefer-standby"),
            "REDIS_URL": f"redis://:{self.secrets['redis']}@{endpoints.LOOPBACK}:{self.ports['valkey']}/0",
            "CHROMA_URL": self.url("chroma"),
            "PRS_EMBEDDER_URL": self.url("embedder"),
            "OLLAMA_URLS": ",".join(self.url(name) for name in NODES),
            "OLLAMA_CHAT_MODEL": "qwen3:4b",
            "S3_ENDPOINT_URL": self.url("s3"),
            "S3_BUCKET": "prs",
            "S3_REGION": "us-east-1",
            "S3_ACCESS_KEY_ID": "prs",
            "S3_SECRET_ACCESS_KEY": self.secrets["s3"],
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "TRUSTED_PROXIES": "127.0.0.0/8",
            "METRICS_ALLOWED_CIDRS": "127.0.0.0/8",
            "PRS_DRAIN_SECONDS": "5",
            **self._directory(),
        }

    def _directory(self) -> dict[str, str]:
        """Empty without the packages of `make ldap`: the application refuses a directory that it can't speak to."""
        if not find_spec("django_auth_ldap"):
            return {}
        return {
            "LDAP_SERVER": f"ldap://{endpoints.LOOPBACK}:{self.ports['ldap']}",
            "LDAP_BASE_DN": BASE_DN,
            "LDAP_BIND_DN": f"cn=lector,{BASE_DN}",
            "LDAP_BIND_PASSWORD": self.secrets["ldap"],
        }

    def background_environment(self) -> dict[str, str]:
        """For what makes copies, and for who operates it."""
        copies = {"PRS_BACKUP_DATABASE_URL": self.database_url("backup", "read-write")}
        return self.environment() | copies | {"PRS_PROMETHEUS_URL": self.url("prometheus")}

    def owner_environment(self) -> dict[str, str]:
        """For migrations: the schema belongs to another role than the application's."""
        return self.environment() | {"DATABASE_OWNER_URL": self.database_url("owner", "read-write")}


def _kept(path: Path, make):  # type: ignore[no-untyped-def] # of JSON
    if path.exists():
        return json.loads(path.read_text(encoding="utf-8"))
    content = make()
    _write(path, content)
    return content


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")


def _unused(taken: Iterable[int]) -> int:
    """A free port that nothing here has: one that is free may be given twice."""
    while (port := endpoints.free_port()) in taken:
        pass
    return port
