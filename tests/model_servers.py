"""The real embedder and the real Chroma server, started once per test process for the tests that ask for them."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from prsystem.runner import endpoints, programs
from prsystem.runner.layout import layout_from_environment
from prsystem.runner.program import start, stop, wait_until

START_SECONDS = 60.0


@pytest.fixture(scope="session")
def model_addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Addresses of `chroma` and `embedder`, in folders of this test process alone."""
    from prsystem.runner.layout import Layout

    layout = Layout(tmp_path_factory.mktemp("models"))
    layout.logs.mkdir(parents=True)
    layout.run.mkdir(parents=True, exist_ok=True)
    assert layout.data != layout_from_environment().data
    running = []
    addresses = {}
    for name in ("chroma", "embedder"):
        port = endpoints.free_port()
        program = programs.model_program(layout, name, port)
        process = start(program, layout, tied=True)
        running.append((process, program))
        addresses[name] = f"http://127.0.0.1:{port}"
        is_up = partial(endpoints.accepts_connections, addresses[name])
        wait_until(is_up, name=name, log=program.log(layout), seconds=START_SECONDS, process=process)
    yield addresses
    for process, program in running:
        stop(process, program)


@pytest.fixture
def models(model_addresses: dict[str, str], settings: Any) -> Iterator[dict[str, str]]:
    """Search by meaning: settings point to the real embedder and Chroma."""
    from knowledge.services import candidates, embedding

    settings.CHROMA_URL, settings.EMBEDDER_URL = model_addresses["chroma"], model_addresses["embedder"]
    embedding._space.cache_clear()
    candidates.collection_of.cache_clear()
    yield model_addresses
    embedding._space.cache_clear()
    candidates.collection_of.cache_clear()
