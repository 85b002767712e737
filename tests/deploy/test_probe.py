"""The health check of the image: the code of its exit is its answer."""

import os
import subprocess
import sys

from prsystem.runner.endpoints import free_port
from prsystem.runner.program import PROJECT
from tests.standins.backends import Backend


def probe(port: int, path: str) -> int:
    command = [sys.executable, str(PROJECT / "prsystem" / "probe.py"), path]
    environment = {**os.environ, "PORT": str(port), "ALLOWED_HOSTS": ".pr.example,otro"}
    return subprocess.run(command, env=environment, check=False).returncode


def test_it_tells_an_answer_from_none() -> None:
    with Backend() as backend:
        assert probe(backend.port, "/api/health/ready") == 0
        assert probe(backend.port, "/muere") == 1
    assert probe(free_port(), "/api/health/ready") == 1
