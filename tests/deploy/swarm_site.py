"""The stack of deploy/swarm, deployed by its own script with the real `docker` client into a recording engine."""

import base64
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from prsystem.runner.program import PROJECT
from tests.standins.docker.engine import CLIENT, NEEDS_CLIENT, Engine

DEPLOY = PROJECT / "deploy"
STACK = DEPLOY / "swarm" / "docker-compose.ha.yml"
MARKS = [pytest.mark.skipif(not CLIENT, reason=NEEDS_CLIENT)]
Spec = dict[str, Any]


def written() -> Spec:
    """The file as it is written, its anchors followed and its variables not."""
    return yaml.safe_load(STACK.read_text(encoding="utf-8"))


def run_script(engine: Engine, script: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(script), *arguments],
        env={**os.environ, **engine.environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def deploy(engine: Engine, tree: Path = DEPLOY) -> None:
    done = run_script(engine, tree / "swarm" / "deploy.sh", str(tree / "swarm" / "env.example"))
    assert done.returncode == 0, done.stderr
    assert "Ignoring" not in done.stdout + done.stderr  # what the client itself knows that it drops


@contextmanager
def manager(folder: Path) -> Iterator[Engine]:
    """An engine that was given the secrets, as docs/runbooks/instalar-ha.md says."""
    made = run_make_secrets(folder / "secretos")
    with Engine() as engine:
        for path in sorted(made.iterdir()):
            engine.add("secrets", {"Name": path.name, "Data": base64.b64encode(path.read_bytes()).decode()})
        yield engine


def run_make_secrets(folder: Path) -> Path:
    command = [str(DEPLOY / "make-secrets.sh"), str(folder), "pr.planta.example", "swarm"]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def container(engine: Engine, service: str) -> Spec:
    return engine.specs("services")[f"prs_{service}"]["TaskTemplate"]["ContainerSpec"]


def given(engine: Engine, service: str, kind: str) -> dict[str, str]:
    """Of `secrets` or `configs`: path in the container -> text of what is used."""
    word = kind.capitalize()
    found = {}
    for reference in container(engine, service).get(word) or []:
        data = engine.find(kind, reference[f"{word[:-1]}ID"])["Spec"]["Data"]
        found[reference["File"]["Name"]] = base64.b64decode(data).decode()
    return found
