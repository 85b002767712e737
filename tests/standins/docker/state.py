"""What a recording swarm holds, and the tasks that follow from it."""

import threading
from secrets import token_hex
from typing import Any

from . import rules
from .rules import Refused, Spec

KINDS = ("services", "secrets", "configs", "networks", "nodes")
# The smallest fleet of docs/runbooks/instalar-ha.md: two of the application, three of data, one GPU node a model.
FLEET: tuple[dict[str, str], ...] = (
    {"zone": "dmz"},
    {"zone": "dmz"},
    {"zone": "app"},
    {"zone": "app"},
    {"zone": "data", "pg": "1", "etcd": "1"},
    {"zone": "data", "pg": "2", "etcd": "2"},
    {"zone": "data", "etcd": "3"},
    {"zone": "ai", "gpu": "1"},
    {"zone": "ops"},
)


class Swarm:
    """`state` is by kind and id; `calls` are the changes asked for, in order; `execs` the commands in containers."""

    version = "1.50"  # of the API, as the client is told

    def __init__(self, fleet: tuple[dict[str, str], ...] = FLEET) -> None:
        self.state: dict[str, dict[str, Spec]] = {kind: {} for kind in KINDS}
        self.calls: list[tuple[str, str, Any]] = []
        self.execs: dict[str, tuple[str, list[str]]] = {}
        self.lock, self.clock = threading.RLock(), 10
        for number, labels in enumerate(fleet, 1):
            self.add(
                "nodes", {"Labels": labels, "Role": "worker" if number > 1 else "manager", "Availability": "active"}
            )
        self.add("networks", {"Name": "ingress", "Driver": "overlay", "Scope": "swarm", "Ingress": True})

    def add(self, kind: str, spec: Spec) -> str:
        """Without asking anybody; the id."""
        name = token_hex(12)
        self.clock += 1
        moment = {"CreatedAt": "2026-01-01T00:00:00Z", "UpdatedAt": "2026-01-01T00:00:00Z"}
        own: Spec = {"Spec": spec} if kind != "networks" else {**spec, "Id": name, "Created": moment["CreatedAt"]}
        self.state[kind][name] = {"ID": name, "Version": {"Index": self.clock}, **moment, **own}
        if kind == "nodes":
            self.state[kind][name] |= self._node(spec["Role"] == "manager")
        return name

    def _node(self, is_manager: bool) -> Spec:
        host, engine = f"nodo{len(self.state['nodes'])}", {"EngineVersion": "28.2.2"}
        own = {"Description": {"Hostname": host, "Engine": engine, "Platform": {"OS": "linux"}}}
        leader = {"ManagerStatus": {"Leader": True, "Reachability": "reachable"}} if is_manager else {}
        return {**own, "Status": {"State": "ready", "Addr": "127.0.0.1"}, **leader}

    def specs(self, kind: str) -> dict[str, Spec]:
        """By name."""
        found = self.state[kind].values()
        return {name_of(one): one if kind == "networks" else one["Spec"] for one in found}

    def find(self, kind: str, word: str) -> Spec:
        for one in self.state[kind].values():
            if one["ID"] == word or name_of(one) == word or one["ID"].startswith(word):
                return one
        raise Refused(404, f"{kind[:-1]} {word} not found")

    def nodes(self) -> list[Spec]:
        return list(self.state["nodes"].values())

    def tasks(self) -> list[Spec]:
        """One running task for each replica, on the nodes where it may be."""
        found = []
        for service in self.state["services"].values():
            where = rules.eligible(service["Spec"], self.nodes())
            for slot in range(rules.replicas(service["Spec"], self.nodes()) if where else 0):
                node = where[slot % len(where)]["ID"]
                status = {"State": "running", "Timestamp": "2026-01-01T00:00:00Z", "Message": "started"}
                ident = f"{slot:04d}{service['ID'][:20]}"
                own = {"ID": ident, "ServiceID": service["ID"], "NodeID": node, "Slot": slot + 1, "Status": status}
                template = service["Spec"]["TaskTemplate"]
                found.append({**own, "Spec": template, "DesiredState": "running", "Version": {"Index": 1}})
        return found


def name_of(one: Spec) -> str:
    if "Description" in one:
        return str(one["Description"]["Hostname"])
    return str(one["Name"] if "Name" in one else one["Spec"]["Name"])
