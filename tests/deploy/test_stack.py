"""What of deploy/swarm/docker-compose.ha.yml reaches an engine, the first time and afterwards. `docker stack deploy`
drops much without a word: each line of the file is taken away in turn, and what the engine is told must change."""

import base64
import copy
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.standins.docker import rules
from tests.standins.docker.engine import Engine

from .swarm_site import DEPLOY, MARKS, STACK, Spec, container, deploy, given, manager, run_script, written

pytestmark = MARKS
VALUES = {
    "REGISTRY": "registro.example",
    "PRS_VERSION": "0.1.0",
    "ALLOWED_HOSTS": "pr.example",
    "BACKUP_NFS_SERVER": "nas.example",
    **{f"{name}_CONFIGS": "1" for name in ("NGINX", "PROMETHEUS", "GRAFANA")},
}
# An item can't be without these: instead, the item goes as a whole.
PARTS_OF_AN_ITEM = {"image", "source", "target", "type", "kind", "value", "published", "test"}
Path_ = tuple[str | int, ...]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with manager(tmp_path_factory.mktemp("swarm")) as found:
        deploy(found)
        yield found


def lines(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """What can be taken away: values, lists of words, items of a list."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from lines(inner, (*path, key))
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for number, item in enumerate(value):
            yield (*path, number)
            yield from lines(item, (*path, number)) if isinstance(item, dict) else ()
    elif path[-1] not in PARTS_OF_AN_ITEM:
        yield path


def without(service: Spec, path: Path_) -> Spec:
    left = copy.deepcopy(service)
    inner: Any = left
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return left


def told(spec: Spec, name: str) -> str:
    """What an engine is told of a service, but for its name."""
    plain = {key: value for key, value in spec.items() if key != "Name"}
    return json.dumps(plain, sort_keys=True).replace(f'"{name}"', '"this"')


def with_all_paths(stack: Spec) -> Spec:
    for config in stack["configs"].values():
        config["file"] = str((STACK.parent / config["file"]).resolve())
    return stack


def test_every_line_of_every_service_reaches_the_engine(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "ports", lambda spec: [])  # all of them publish the same ones
    stack = with_all_paths(written())
    services, cases = stack["services"], {}
    for name, service in services.items():
        cases[f"whole-{name}"] = (name, (), service)
        for number, path in enumerate(lines(service)):
            cases[f"less-{name}-{number}"] = (name, path, without(service, path))
    file = tmp_path / "stack.yml"
    file.write_text(yaml.safe_dump({**stack, "services": {case: found[2] for case, found in cases.items()}}))
    secrets = list(engine.state["secrets"].values())
    with Engine() as recording:
        recording.state["secrets"] = {one["ID"]: one for one in secrets}
        done = recording.docker("stack", "deploy", "--resolve-image=never", "-c", str(file), "v", variables=VALUES)
        assert done.returncode == 0, done.stderr[-2000:]
        assert "Ignoring" not in done.stdout + done.stderr
        seen = {case: told(recording.specs("services")[f"v_{case}"], case) for case in cases}
    assert len(cases) > 400
    dropped: list[Path_] = []
    for name in services:
        whole = seen[f"whole-{name}"]
        dropped += [path for case, (of, path, _less) in cases.items() if of == name and path and seen[case] == whole]
    assert not dropped, dropped


def test_networks_and_volumes_reach_the_engine(engine: Engine) -> None:
    stack = written()
    networks = engine.specs("networks")
    for name, asked in stack["networks"].items():
        found = networks[f"prs_{name}"]
        assert found["Driver"] == asked["driver"] == "overlay"
        assert (found["Internal"], found["Attachable"]) == (asked.get("internal", False), False), name
        assert found["Options"] == asked["driver_opts"] == {"encrypted": "true"}, name
        [pool] = asked["ipam"]["config"]
        assert found["IPAM"]["Config"][0]["Subnet"] in pool["subnet"]
    mounts = [mount for service in stack["services"] for mount in container(engine, service).get("Mounts") or []]
    volumes = {mount["Source"]: mount["VolumeOptions"] for mount in mounts if mount["Type"] == "volume"}
    assert set(volumes) == {f"prs_{name}" for name in stack["volumes"]}
    options = volumes["prs_respaldos"]["DriverConfig"]["Options"]
    assert options["type"] == "nfs" and options["o"].startswith("addr=nas.planta.example,nfsvers=4.1,rw")


def test_a_second_time_changes_nothing(engine: Engine) -> None:
    before = {name: json.dumps(spec, sort_keys=True) for name, spec in engine.specs("services").items()}
    configs = set(engine.specs("configs"))
    deploy(engine)
    assert {name: json.dumps(spec, sort_keys=True) for name, spec in engine.specs("services").items()} == before
    assert set(engine.specs("configs")) == configs


FOLDERS = {"NGINX_CONFIGS": "nginx", "PROMETHEUS_CONFIGS": "prometheus", "GRAFANA_CONFIGS": "grafana"}


def test_a_changed_file_is_what_the_next_deploy_gives(engine: Engine, tmp_path: Path) -> None:
    tree = tmp_path / "deploy"
    shutil.copytree(DEPLOY, tree, ignore=shutil.ignore_patterns("__pycache__"))
    for name, config in written()["configs"].items():
        variable = config["name"].partition("${")[2].partition(":")[0]
        assert (STACK.parent / config["file"]).resolve().is_relative_to(DEPLOY / FOLDERS[variable]), name
        changed = tree / "swarm" / config["file"]
        changed.write_text(f"de {name}\n", encoding="utf-8")
    deploy(engine, tree)
    for name, service in written()["services"].items():
        wanted = {f"de {config}\n" for config in named(service, "configs")}
        assert set(given(engine, name, "configs").values()) == wanted, name
    done = engine.docker("service", "rollback", "--detach", "prs_nginx")
    assert done.returncode == 0, "the ones of before are still there"
    assert "de nginx_conf\n" not in given(engine, "nginx", "configs").values()


def named(service: Spec, kind: str) -> set[str]:
    return {one if isinstance(one, str) else one["source"] for one in service.get(kind) or []}


def test_a_new_secret_stays_with_all_that_are_given_it(engine: Engine) -> None:
    for secret in written()["secrets"]:
        for number in (2, 10, 9):
            data = base64.b64encode(f"{secret} {number}".encode()).decode()
            engine.add("secrets", {"Name": f"{secret}_{number}", "Data": data})
    for _again in range(2):
        deploy(engine)
        for name, service in written()["services"].items():
            wanted = {f"{secret} 10" for secret in named(service, "secrets")}
            assert set(given(engine, name, "secrets").values()) == wanted, name
    assert engine.docker("secret", "rm", "tls_cert_10").returncode == 1, "in use"


def test_without_its_secrets_or_values_nothing_is_deployed(tmp_path: Path) -> None:
    with Engine() as bare:
        script, values = DEPLOY / "swarm" / "deploy.sh", DEPLOY / "swarm" / "env.example"
        done = run_script(bare, script, str(values))
        assert (done.returncode, "tls_cert" in done.stderr, "grafana_admin" in done.stderr) == (2, True, True)
        done = run_script(bare, script, str(tmp_path / "none"))
        assert (done.returncode, "env.example" in done.stderr) == (2, True)
        plain = {key: value for key, value in VALUES.items() if not key.endswith("_CONFIGS")}
        done = bare.docker("stack", "deploy", "-c", str(STACK), "prs", variables=plain)
        assert (done.returncode, "deploy/swarm/deploy.sh" in done.stderr) == (1, True)
        assert bare.calls == []


def test_every_service_can_be_updated_on_the_smallest_fleet(engine: Engine) -> None:
    for service in written()["services"]:
        done = engine.docker("service", "update", "--detach", "--image", "otra/imagen:2", f"prs_{service}")
        assert done.returncode == 0, done.stderr
        updated = engine.find("services", f"prs_{service}")
        assert rules.eligible(updated["Spec"], engine.nodes()), f"the fleet has a node for {service}"
        assert (updated["UpdateStatus"]["State"], updated["UpdateStatus"]["Message"]) == ("completed", ""), service


def test_every_service_logs_to_its_output_which_is_turned_over(engine: Engine) -> None:
    for name, spec in engine.specs("services").items():
        kept = {"Name": "json-file", "Options": {"max-file": "5", "max-size": "20m"}}
        assert spec["TaskTemplate"]["LogDriver"] == kept, name


def test_keys_are_for_the_account_that_reads_them(engine: Engine) -> None:
    for service in ("nginx", "postgres1", "postgres2", "redis", "grafana", "alertmanager"):
        for reference in container(engine, service)["Secrets"]:
            assert (reference["File"]["Mode"], reference["File"]["UID"] != "0") == (0o400, True), service
