"""The files of deploy/, checked offline by the tools that read them and by the rules of the topology."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from prsystem.runner.program import PROJECT

STACK = PROJECT / "deploy" / "swarm" / "docker-compose.ha.yml"
GIVEN = {"REGISTRY": "registro.example", "PRS_VERSION": "0.1.0", "ALLOWED_HOSTS": "pr.example"}
TOOLS = Path(sys.executable).parent
# Prepares its data folder as root before it drops its rights.
NOT_READ_ONLY = {"postgres1", "postgres2"}


def run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(TOOLS / command[0]), *command[1:]],
        cwd=PROJECT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def stack() -> dict[str, Any]:
    done = run("docker-compose", "-f", str(STACK), "config", "--format", "json", **GIVEN)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_stack_is_refused_without_its_names() -> None:
    done = run("docker-compose", "-f", str(STACK), "config", "-q", REGISTRY="", PRS_VERSION="", ALLOWED_HOSTS="")
    assert done.returncode != 0


@pytest.mark.parametrize(
    "command",
    [
        ("check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(STACK)),
        ("hadolint", str(PROJECT / "deploy" / "Dockerfile")),
        ("yamllint", "-d", "{extends: relaxed, rules: {line-length: disable}}", str(PROJECT / "deploy" / "swarm")),
    ],
)
def test_the_linters_are_content(command: tuple[str, ...]) -> None:
    done = run(*command)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_service_is_pinned_bounded_and_without_rights(stack: dict[str, Any]) -> None:
    for name, service in stack["services"].items():
        tag = service["image"].rpartition(":")[2]
        assert any(c.isdigit() for c in tag) and "latest" not in tag, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service.get("read_only", False) is (name not in NOT_READ_ONLY), name
        assert service["deploy"]["resources"]["limits"]["memory"], name
        assert "build" not in service, name


def test_the_zones_are_apart(stack: dict[str, Any]) -> None:
    networks = stack["networks"]
    assert {name for name, network in networks.items() if network.get("internal")} == {
        *("app", "data", "ai", "ops", "index")
    }
    on = {name: set(service["networks"]) for name, service in stack["services"].items()}
    assert on["nginx"] == {"edge"}
    assert {name for name, found in on.items() if "index" in found} == {"backend", "worker", "chroma"}
    assert {name for name, found in on.items() if "egress" in found} == {"worker", "sender", "alertmanager"}
    assert on["postgres1"] == on["postgres2"] == {"data", "ops"}
    published = {name for name, service in stack["services"].items() if service.get("ports")}
    assert published == {"nginx"}
    assert {port["mode"] for port in stack["services"]["nginx"]["ports"]} == {"host"}


def test_backends_are_renewed_start_first_with_a_way_back(stack: dict[str, Any]) -> None:
    backend = stack["services"]["backend"]
    update = backend["deploy"]["update_config"]
    assert (backend["deploy"]["replicas"], update["order"], update["failure_action"]) == (3, "start-first", "rollback")
    assert backend["deploy"]["restart_policy"]["condition"] == "any"
    assert backend["healthcheck"]["test"] == ["CMD", "python", "/opt/pr-system/prsystem/probe.py"]
    assert int(backend["environment"]["PRS_DRAIN_SECONDS"]) < 45


def test_no_secret_is_in_the_file(stack: dict[str, Any]) -> None:
    assert all(secret.get("external") for secret in stack["secrets"].values())
    for name, service in stack["services"].items():
        for variable, value in (service.get("environment") or {}).items():
            secretive = ("PASSWORD", "SECRET", "_URL_FILE", "PEPPERS", "ACCESS_KEY")
            if any(word in variable for word in secretive):
                assert str(value).startswith("/run/secrets/"), f"{name}: {variable}"
