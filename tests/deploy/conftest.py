"""An nginx of deploy/nginx with one backend."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.standins.backends import Backend

from .nginx_site import Edge


@pytest.fixture
def backend() -> Iterator[Backend]:
    with Backend() as running:
        yield running


@pytest.fixture
def site(tmp_path: Path, backend: Backend) -> Iterator[Edge]:
    running = Edge(tmp_path / "nginx")
    running.start([backend.port])
    yield running
    running.stop()
