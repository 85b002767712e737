"""What a Swarm refuses, as far as the files and runbooks of deploy/ could meet it: swarmkit's own checks and words."""

import base64
import ipaddress
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

Spec = dict[str, Any]
LARGEST = {"secrets": 500 * 1024, "configs": 1000 * 1024}
_NAME = re.compile(r"[a-zA-Z0-9]+(?:[a-zA-Z0-9-_.]*[a-zA-Z0-9])?")


class Refused(Exception):  # what an engine says, not a fault of this one
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


def check_content(kind: str, spec: Spec) -> None:
    """A new secret or config."""
    if len(spec["Name"]) > 64 or not _NAME.fullmatch(spec["Name"]):
        raise Refused(400, f"invalid name {spec['Name']}, only 64 [a-zA-Z0-9-_.] characters allowed")
    size = len(base64.b64decode(spec.get("Data", "")))
    if not 0 < size <= LARGEST[kind]:
        raise Refused(400, f"{kind[:-1]} data must be larger than 0 and less than {LARGEST[kind]} bytes")


def check_content_update(kind: str, old: Spec, new: Spec) -> None:
    """Only labels may change: the content of a secret or config is what it was made with."""
    if new.get("Data") not in (None, old.get("Data")) or new["Name"] != old["Name"]:
        raise Refused(400, "rpc error: code = InvalidArgument desc = only updates to Labels are allowed")


def references(spec: Spec) -> Iterable[tuple[str, str, str]]:
    """(kind, id or name, path in the container) of what a service is given."""
    container = spec["TaskTemplate"]["ContainerSpec"]
    for kind, word in (("secrets", "Secret"), ("configs", "Config")):
        for given in container.get(kind.capitalize()) or []:
            yield kind, given[f"{word}ID"], given.get("File", {}).get("Name", "")


def check_service(spec: Spec, others: Iterable[Spec]) -> None:
    """A new or changed service beside the others of the swarm."""
    container = spec["TaskTemplate"]["ContainerSpec"]
    mounts = container.get("Mounts") or []
    for mount in mounts:
        if not mount["Target"].startswith("/"):
            raise Refused(400, f"invalid mount target, must be an absolute path: {mount['Target']}")
        if mount["Type"] == "tmpfs" and mount.get("Source"):
            raise Refused(400, 'invalid mount config for type "tmpfs": field Source must not be specified')
    for target, count in Counter(mount["Target"] for mount in mounts).items():
        if count > 1:
            raise Refused(400, f"ContainerSpec: duplicate mount point: {target}")
    targets = Counter((kind, target) for kind, _id, target in references(spec))
    if twice := [target for (_kind, target), count in targets.items() if count > 1]:
        raise Refused(400, f"references have a conflicting target: {twice[0]}")
    taken = {port["PublishedPort"] for other in others for port in ports(other)}
    for port in ports(spec):
        if port["PublishedPort"] in taken:
            raise Refused(400, f"port '{port['PublishedPort']}' is already in use by another service")


def ports(spec: Spec) -> list[Spec]:
    return [port for port in (spec.get("EndpointSpec") or {}).get("Ports") or [] if port.get("PublishedPort")]


def check_network(network: Spec, others: Iterable[Spec]) -> None:
    taken = [pool for other in others for pool in subnets(other)]
    for subnet in subnets(network):
        if any(subnet.overlaps(other) for other in taken):
            raise Refused(403, f"invalid pool request: Pool overlaps with other one on this address space: {subnet}")


def subnets(network: Spec) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    return [ipaddress.ip_network(pool["Subnet"]) for pool in (network.get("IPAM") or {}).get("Config") or []]


# --- where tasks may run


def eligible(spec: Spec, nodes: Iterable[Spec]) -> list[Spec]:
    constraints = (spec["TaskTemplate"].get("Placement") or {}).get("Constraints") or []
    return [node for node in nodes if all(_fits(node, constraint) for constraint in constraints)]


def _fits(node: Spec, constraint: str) -> bool:
    key, sign, wanted = re.split(r"\s*(==|!=)\s*", constraint)
    labels = node["Spec"].get("Labels") or {}
    found = labels.get(key.removeprefix("node.labels."), "") if key.startswith("node.labels.") else node["Spec"]["Role"]
    return (found == wanted) is (sign == "==")


def places(spec: Spec, nodes: Iterable[Spec]) -> int | None:
    """How many tasks may run at the same time; None: as many as one likes."""
    found = eligible(spec, nodes)
    most = (spec["TaskTemplate"].get("Placement") or {}).get("MaxReplicas") or 0
    if not found or "Global" in spec["Mode"] or ports(spec):
        return len(found)
    return most * len(found) if most else None


def replicas(spec: Spec, nodes: Iterable[Spec]) -> int:
    if "Global" in spec["Mode"]:
        return len(eligible(spec, nodes))
    wanted = spec["Mode"]["Replicated"].get("Replicas")
    return 1 if wanted is None else int(wanted)


def why_stuck(spec: Spec, nodes: list[Spec]) -> str:
    """Why an update to this would never end; empty when it would."""
    wanted, room = replicas(spec, nodes), places(spec, nodes)
    update = spec.get("UpdateConfig") or {}
    ahead = (update.get("Parallelism") or wanted) if update.get("Order") == "start-first" and wanted else 0
    if room is None or wanted + ahead <= room:
        return ""
    return f"no suitable node ({wanted} wanted and {ahead} started first, room for {room})"
