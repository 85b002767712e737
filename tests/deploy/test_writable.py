"""Every container is read-only but for what is mounted, and is ended when its health check fails: each has what its
program writes to, and no health check asks anybody else."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from prsystem.runner.program import PROJECT
from tests.standins.docker.engine import Engine

from .swarm_site import DEPLOY, MARKS, container, deploy, manager, written
from .test_compose import APPLICATION, FILES, GIVEN, read

MIB = 2**20
# Of the images: what is there to be read, and what their programs write to without being told.
IN_IMAGES = {"/opt/pr-system/prsystem/probe.py", "/host", "/dev/null", "/"}
OWN = {
    "redis": set(),  # nothing is kept: save "", appendonly no
    "chroma": {"/tmp"},
    "s3": {"/tmp"},
    "grafana": {"/var/lib/grafana", "/tmp"},
    "alertmanager": set(),
    "prometheus": set(),
    "blackbox": set(),
    "node-exporter": set(),
    "embedder": {"/tmp"},
}
Service = dict[str, Any]


def dockerfile(path: str, variable: str) -> str:
    """As the last stage leaves it."""
    return re.findall(rf"\b{variable}=(\S+)", (DEPLOY / path).read_text(encoding="utf-8"))[-1]


def of_nginx() -> set[str]:
    """What its configuration and start.sh write, under the prefix."""
    text = (DEPLOY / "nginx" / "nginx-enterprise.conf").read_text(encoding="utf-8")
    found = re.findall(r"^\s*(?:pid|\w+_temp_path|(?:access|error)_log) (?!/dev/|stderr)(\S+?)[ ;]", text, re.M)
    assert len(found) == 6, "the pid and five folders"
    return {f"/etc/prs/{path}" for path in (*found, "run/names.conf")}


def writes(name: str, one: bool) -> set[str]:
    if name in APPLICATION:
        own = {"/tmp", dockerfile("Dockerfile", "PRS_DATA_DIR")}
        return own | {"/datos/respaldos"} if name == "worker" else own
    if name.startswith("postgres"):
        own = {"/tmp", *(dockerfile("postgres/Dockerfile", f"PRS_PG_{word}") for word in ("RUN", "DATA"))}
        return own if one else own | {"/dev/shm"}  # one machine has shm_size
    if name.startswith(("etcd", "ollama")):
        return set()
    return of_nginx() if name == "nginx" else OWN[name]


@pytest.fixture(scope="module")
def swarm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with manager(tmp_path_factory.mktemp("swarm")) as found:
        deploy(found)
        yield found


def said(command: list[str], environment: list[str]) -> set[str]:
    """Absolute paths that a service is told in its command and its environment."""
    words = " ".join([*command, *environment])
    return set(re.findall(r"(?<![\w:/.])(/[\w./-]*)", words)) - {"/"}


def is_in(path: str, places: set[str]) -> bool:
    return any(Path(path).is_relative_to(place) for place in places)


def check(name: str, *, one: bool, writable: set[str], readable: set[str], told: set[str]) -> None:
    lost = [path for path in writes(name, one) if not is_in(path, writable)]
    assert lost == [], f"{name} can't write there"
    unknown = [path for path in told if not is_in(path, writable | readable | (IN_IMAGES - {"/"}))]
    assert unknown == [], f"{name} is told of what isn't there"


@MARKS[0]
def test_what_each_service_of_the_swarm_writes_to_reaches_the_engine(swarm: Engine) -> None:
    for name in written()["services"]:
        given = container(swarm, name)
        assert given["ReadOnly"] is True
        mounts = given.get("Mounts") or []
        writable = {mount["Target"] for mount in mounts if not mount.get("ReadOnly")}
        files = {one["File"]["Name"] for kind in ("Configs", "Secrets") for one in given.get(kind) or []}
        readable = {path if path.startswith("/") else f"/run/secrets/{path}" for path in files}
        readable |= {mount["Target"] for mount in mounts}
        told = said(given.get("Command") or given.get("Args") or [], given.get("Env") or [])
        check(name, one=False, writable=writable, readable=readable, told=told)


@MARKS[0]
def test_memory_that_swarm_mounts_is_for_accounts_without_rights(swarm: Engine) -> None:
    """It is root's, with the rights of the folder in the image, and for everybody where the image has none."""
    open_to_all = {"/tmp", "/dev/shm", "/etc/prs/run"}
    open_to_all |= set(
        re.findall(r"chmod 1777 (\S+)", (DEPLOY / "postgres" / "Dockerfile").read_text(encoding="utf-8"))
    )
    for name in written()["services"]:
        mounts = [mount for mount in container(swarm, name).get("Mounts") or [] if mount["Type"] == "tmpfs"]
        assert {mount["Target"] for mount in mounts} <= open_to_all, name
        limits = swarm.specs("services")[f"prs_{name}"]["TaskTemplate"]["Resources"]["Limits"]
        filled = sum(mount["TmpfsOptions"]["SizeBytes"] for mount in mounts)
        assert filled <= limits["MemoryBytes"] / 2, f"{name}: full, it would be killed"


def test_what_each_service_of_one_machine_writes_to_is_mounted() -> None:
    services = read(FILES["one"], "--profile", "ollama", **GIVEN)["services"]
    for name, service in services.items():
        mounts = service.get("volumes") or []
        writable = {mount["target"] for mount in mounts if not mount.get("read_only")}
        writable |= {place.partition(":")[0] for place in service.get("tmpfs") or []}
        targets = [one.get("target") or one["source"] for one in service.get("secrets") or []]
        readable = {path if path.startswith("/") else f"/run/secrets/{path}" for path in targets}
        readable |= {mount["target"] for mount in mounts}
        told = said(service.get("command") or [], [f"{k}={v}" for k, v in (service.get("environment") or {}).items()])
        check(name, one=True, writable=writable, readable=readable, told=told)


SELF = r"(\S+/)?(python \S+/probe.py|curl .* http://127\.0\.0\.1:8080/|etcdctl endpoint status|ollama list"
SELF += r"|valkey-cli ping .*|pg_isready .* -h 127\.0\.0\.1)"


@pytest.mark.parametrize("topology", FILES)
def test_no_health_check_asks_anybody_else(topology: str) -> None:
    """What is ended when another is away comes back to find it still away, and has lost what it held."""
    checked = set()
    for name, service in read(FILES[topology], **GIVEN)["services"].items():
        health = service.get("healthcheck") or {}
        if health and not health.get("disable"):
            checked.add(name)
            assert re.fullmatch(SELF, " ".join(health["test"][1:])), name
    assert {"nginx", "backend", "redis"} <= checked
    images = [(DEPLOY / name).read_text(encoding="utf-8") for name in ("Dockerfile", "postgres/Dockerfile")]
    asked = re.findall(r"^HEALTHCHECK .*?CMD (\[.*?\])$", "\n".join(images), re.M | re.S)
    assert ["/probe.py" in asked[0], "127.0.0.1:8008/liveness" in asked[1], len(asked)] == [True, True, 2]
    assert 'path: str = "/api/health"' in (PROJECT / "prsystem" / "probe.py").read_text(encoding="utf-8")
