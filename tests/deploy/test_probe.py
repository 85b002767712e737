"""The health check of the image: the code of its exit is its answer."""

import os
import subprocess
import sys

from prsystem.runner.endpoints import free_port
from prsystem.runner.program import PROJECT
from tests.standins.backends import Backend


def probe(port: int, *path: str) -> int:
    command = [sys.executable, str(PROJECT / "prsystem" / "probe.py"), *path]
    environment = {**os.environ, "PORT": str(port), "ALLOWED_HOSTS": ".pr.example,otro"}
    return subprocess.run(command, env=environment, check=False).returncode


def test_it_tells_an_answer_from_none() -> None:
    with Backend() as backend:
        assert probe(backend.port, "/api/health/ready") == 0
        assert probe(backend.port, "/muere") == 1
    assert probe(free_port(), "/api/health/ready") == 1


def test_it_asks_whether_the_server_lives_and_not_whether_it_is_ready() -> None:
    """A server whose database is away for a while is not to be ended by whoever asks this."""
    with Backend() as backend:
        assert probe(backend.port) == 0
        assert backend.requests == ["GET /api/health"]
