"""Nodes for the tests of the model cluster."""

from collections.abc import Iterator

import pytest

from tests.standins.process import OllamaProcess


@pytest.fixture
def node() -> Iterator[OllamaProcess]:
    with OllamaProcess() as running:
        yield running
