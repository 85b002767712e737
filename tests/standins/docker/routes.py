"""The requests of the client and what they do to the state of the swarm."""

import json
import re
from collections.abc import Callable
from typing import Any

from . import rules
from .rules import Refused, Spec
from .state import KINDS, Swarm, name_of
from .wire import Hijacked

Query = dict[str, str]
Act = Callable[..., Any]
ROUTES: list[tuple[str, str, Act]] = []


def route(verb: str, pattern: str) -> Any:
    def keep(act: Act) -> Act:
        ROUTES.append((verb, pattern, act))
        return act

    return keep


# --- the engine itself


@route("GET", "/_ping")
@route("HEAD", "/_ping")
def ping(swarm: Swarm, query: Query, body: Any) -> Any:
    return "OK"


@route("GET", "/version")
def version(swarm: Swarm, query: Query, body: Any) -> Any:
    return {"Version": "28.2.2", "ApiVersion": swarm.version, "MinAPIVersion": "1.24", "Os": "linux", "Arch": "amd64"}


@route("GET", "/info")
def info(swarm: Swarm, query: Query, body: Any) -> Any:
    own = {"LocalNodeState": "active", "ControlAvailable": True, "NodeID": swarm.nodes()[0]["ID"]}
    return {"ID": "recording", "Name": "nodo1", "ServerVersion": "28.2.2", "OSType": "linux", "Swarm": own}


@route("GET", "/swarm")
def manager(swarm: Swarm, query: Query, body: Any) -> Any:
    return {"ID": "swarm", "Version": {"Index": 1}, "Spec": {"Name": "default"}, "JoinTokens": {}}


# --- lists and single ones


@route("GET", f"/({'|'.join(KINDS)})")
def listed(swarm: Swarm, query: Query, body: Any, kind: str) -> Any:
    found = [_shown(kind, one) for one in swarm.state[kind].values() if _wanted(one, query)]
    return [_counted(swarm, one) for one in found] if kind == "services" else found


def _counted(swarm: Swarm, service: Spec) -> Spec:
    running = sum(task["ServiceID"] == service["ID"] for task in swarm.tasks())
    wanted = rules.replicas(service["Spec"], swarm.nodes())
    return {**service, "ServiceStatus": {"RunningTasks": running, "DesiredTasks": wanted, "CompletedTasks": 0}}


@route("GET", f"/({'|'.join(KINDS)})/([^/]+)")
def inspected(swarm: Swarm, query: Query, body: Any, kind: str, word: str) -> Any:
    return _shown(kind, swarm.find(kind, word))


def _shown(kind: str, one: Spec) -> Spec:
    """A secret is never given back; a service without a number of replicas has one."""
    spec = one.get("Spec", {})
    if kind == "secrets":
        return {**one, "Spec": {name: value for name, value in spec.items() if name != "Data"}}
    if kind == "services" and "Replicated" in spec["Mode"]:
        return {**one, "Spec": {**spec, "Mode": {"Replicated": {"Replicas": rules.replicas(spec, [])}}}}
    return one


def _wanted(one: Spec, query: Query) -> bool:
    filters = json.loads(query.get("filters", "{}"))
    labels = (one if "Name" in one else one["Spec"]).get("Labels") or {}
    for word in filters.get("label", {}):
        key, _equals, value = word.partition("=")
        if key not in labels or (value and labels[key] != value):
            return False
    given = set(filters.get("name", {}))
    ids = set(filters.get("id", {}))
    return (not given or any(word in name_of(one) for word in given)) and (not ids or one["ID"] in ids)


# --- secrets and configs


@route("POST", "/(secrets|configs)/create")
def content_created(swarm: Swarm, query: Query, body: Spec, kind: str) -> Any:
    if body["Name"] in swarm.specs(kind):
        raise Refused(409, f"{kind[:-1]} {body['Name']} already exists")
    rules.check_content(kind, body)
    return {"ID": swarm.add(kind, body)}


@route("POST", "/(secrets|configs)/([^/]+)/update")
def content_updated(swarm: Swarm, query: Query, body: Spec, kind: str, word: str) -> Any:
    one = swarm.find(kind, word)
    rules.check_content_update(kind, one["Spec"], body)
    one["Spec"]["Labels"] = body.get("Labels")
    return {}


@route("DELETE", "/(secrets|configs|networks|services)/([^/]+)")
def removed(swarm: Swarm, query: Query, body: Any, kind: str, word: str) -> Any:
    one = swarm.find(kind, word)
    users = [name for name, spec in swarm.specs("services").items() if one["ID"] in _used(spec)]
    if users and kind != "services":
        service = f"{kind[:-1]} '{name_of(one)}' is in use by the following service: {users[0]}"
        raise Refused(400, f"rpc error: code = InvalidArgument desc = {service}")
    del swarm.state[kind][one["ID"]]
    return {}


def _used(spec: Spec) -> set[str]:
    networks = spec["TaskTemplate"].get("Networks") or []
    return {word for _kind, word, _target in rules.references(spec)} | {network["Target"] for network in networks}


@route("POST", "/networks/create")
def network_created(swarm: Swarm, query: Query, body: Spec) -> Any:
    if body["Name"] in swarm.specs("networks"):
        raise Refused(409, f"network with name {body['Name']} already exists")
    rules.check_network(body, swarm.state["networks"].values())
    body["Scope"] = "swarm" if body.get("Driver") == "overlay" else "local"
    return {"Id": swarm.add("networks", body), "Warning": ""}


# --- services


@route("GET", "/distribution/(.+)/json")
def distribution(swarm: Swarm, query: Query, body: Any, image: str) -> Any:
    raise Refused(401, "no registry is asked")


def _checked(swarm: Swarm, spec: Spec, own: str = "") -> Spec:
    others = [one["Spec"] for one in swarm.state["services"].values() if one["ID"] != own]
    rules.check_service(spec, others)
    for kind, word, _target in rules.references(spec):
        swarm.find(kind, word)
    for network in spec["TaskTemplate"].get("Networks") or []:
        network["Target"] = swarm.find("networks", network["Target"])["ID"]
    return spec


@route("POST", "/services/create")
def service_created(swarm: Swarm, query: Query, body: Spec) -> Any:
    if body["Name"] in swarm.specs("services"):
        raise Refused(
            409, f"rpc error: code = AlreadyExists desc = name conflicts with an existing object: {body['Name']}"
        )
    return {"ID": swarm.add("services", _checked(swarm, body)), "Warnings": None}


@route("POST", "/services/([^/]+)/update")
def service_updated(swarm: Swarm, query: Query, body: Spec, word: str) -> Any:
    one = swarm.find("services", word)
    if int(query["version"]) != one["Version"]["Index"]:
        raise Refused(400, "rpc error: code = Unknown desc = update out of sequence")
    if query.get("rollback") == "previous":
        if "PreviousSpec" not in one:
            raise Refused(400, "rpc error: code = FailedPrecondition desc = service does not have a previous spec")
        body, state = one["PreviousSpec"], "rollback_completed"
    else:
        state = "completed"
    before, one["Spec"] = one["Spec"], _checked(swarm, body, one["ID"])
    one["PreviousSpec"] = before
    swarm.clock += 1
    one["Version"] = {"Index": swarm.clock}
    stuck = rules.why_stuck(one["Spec"], swarm.nodes()) if before["TaskTemplate"] != body["TaskTemplate"] else ""
    one["UpdateStatus"] = {"State": "paused" if stuck else state, "Message": stuck, "StartedAt": one["CreatedAt"]}
    return {"Warnings": None}


@route("GET", "/services/([^/]+)/logs")
def service_logs(swarm: Swarm, query: Query, body: Any, word: str) -> Any:
    swarm.find("services", word)
    return b""


@route("GET", "/tasks")
def tasks(swarm: Swarm, query: Query, body: Any) -> Any:
    filters = json.loads(query.get("filters", "{}"))
    wanted = {swarm.find("services", word)["ID"] for word in filters.get("service", {})}
    stack = {word.partition("=")[2] for word in filters.get("label", {})}
    found = [task for task in swarm.tasks() if not wanted or task["ServiceID"] in wanted]
    names = {one["ID"]: name_of(one) for one in swarm.state["services"].values()}
    return [task for task in found if not stack or names[task["ServiceID"]].split("_")[0] in stack]


# --- nodes


@route("POST", "/nodes/([^/]+)/update")
def node_updated(swarm: Swarm, query: Query, body: Spec, word: str) -> Any:
    swarm.find("nodes", word)["Spec"] = body
    return {}


# --- containers: one a task, all on this machine


@route("GET", "/containers/json")
def containers(swarm: Swarm, query: Query, body: Any) -> Any:
    filters = json.loads(query.get("filters", "{}"))
    names = [re.compile(word) for word in filters.get("name", {})]
    found = []
    for task in swarm.tasks():
        service = swarm.find("services", task["ServiceID"])["Spec"]
        name = f"/{service['Name']}.{task['Slot']}.{task['ID']}"
        if all(pattern.search(name) for pattern in names):
            image = service["TaskTemplate"]["ContainerSpec"]["Image"]
            own = {"Id": task["ID"], "Names": [name], "Image": image, "State": "running", "Status": "Up"}
            found.append({**own, "Created": 0, "Command": "", "Ports": [], "Labels": {}})
    return found


@route("GET", "/containers/([^/]+)/json")
def container(swarm: Swarm, query: Query, body: Any, word: str) -> Any:
    for one in containers(swarm, {}, None):
        if one["Id"].startswith(word) or one["Names"][0] == f"/{word}":
            state = {"Running": True, "Status": "running"}
            return {"Id": one["Id"], "Name": one["Names"][0], "State": state, "Config": {"Image": one["Image"]}}
    raise Refused(404, f"No such container: {word}")


@route("POST", "/containers/([^/]+)/exec")
def exec_created(swarm: Swarm, query: Query, body: Spec, word: str) -> Any:
    name = container(swarm, {}, None, word)["Name"].split(".")[0].lstrip("/")
    ident = f"{len(swarm.execs):064d}"
    swarm.execs[ident] = (name, body["Cmd"])
    return {"Id": ident}


@route("POST", "/exec/([^/]+)/start")
def exec_started(swarm: Swarm, query: Query, body: Spec, word: str) -> Any:
    return Hijacked(b"")


@route("GET", "/exec/([^/]+)/json")
def exec_inspected(swarm: Swarm, query: Query, body: Any, word: str) -> Any:
    return {"ID": word, "Running": False, "ExitCode": 0}
