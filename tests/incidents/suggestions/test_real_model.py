"""A report answered by a real small model, whose text nobody wrote beforehand: `make real-model`."""

import hashlib
import json
import time
from collections.abc import Iterator
from typing import Any

import ollama
import pytest

from incidents.suggestions.services import suggestion_draft
from integrations.ollama.client import OllamaNode
from integrations.ollama.cluster import Cluster
from integrations.ollama.inflight import InFlight
from knowledge.assistant.ladder import Thresholds
from knowledge.services import assisting
from knowledge.services.indexing import passages_rebuild
from prsystem.core.rights import Role
from tests.incidents.makers import make_article, make_incident
from tests.people import browser, make_area, make_user
from tests.standins.process import RealModelProcess
from tests.standins.real_node import missing, packaged_gguf

LACKING = missing()
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(bool(LACKING), reason=f"not installed: {LACKING}; `make real-model` installs and runs it"),
]
MODEL = "smollm2:135m"
ASK = [{"role": "user", "content": "Which colour has the sky?"}]
SCHEMA = {"type": "object", "properties": {"colour": {"enum": ["red", "blue"]}}, "required": ["colour"]}
SOLUTION = "Revisar el fusible F12.\nCambiar la junta tórica.\nApretar los tornillos a 45 Nm."


@pytest.fixture(scope="module")
def node() -> Iterator[RealModelProcess]:
    with RealModelProcess() as one:
        yield one


@pytest.fixture
def cluster(node: RealModelProcess, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    settings.OLLAMA_CHAT_MODEL, settings.OLLAMA_SMALL_MODEL = MODEL, ""
    made = Cluster([OllamaNode(node.url, idle_seconds=300)], InFlight(None))
    monkeypatch.setattr(assisting, "get_cluster", lambda: made)
    # A busy machine must not make another answer of it.
    monkeypatch.setattr(assisting, "ANSWER_SECONDS", 900.0)
    monkeypatch.setattr(assisting, "FIRST_TOKEN_SECONDS", 600.0)
    return made


def test_the_official_client_reads_the_real_node(node: RealModelProcess) -> None:
    client = ollama.Client(node.url)
    options = {"temperature": 0, "num_predict": 12}
    *pieces, last = client.chat(MODEL, messages=ASK, options=options, stream=True)
    assert "".join(piece.message.content for piece in pieces).strip()
    assert (last.done, last.done_reason, last.eval_count) == (True, "length", 12)
    assert last.prompt_eval_count > 0
    whole = client.chat(MODEL, messages=ASK, options=options | {"num_predict": 40}, format=SCHEMA)
    assert json.loads(whole.message.content)["colour"] in ("red", "blue")


def test_a_caller_that_leaves_ends_the_generation(node: RealModelProcess) -> None:
    client = OllamaNode(node.url)
    stream = client.chat_stream(ASK, model=MODEL, options={}, deadline=time.monotonic() + 300, first_token_seconds=200)
    next(stream)
    stream.close()
    until = time.monotonic() + 60
    while node.stats()["running"] and time.monotonic() < until:
        time.sleep(0.1)
    assert node.stats()["running"] == 0


def test_a_report_is_answered_by_the_real_model_checked_and_labelled(node: RealModelProcess, cluster: Cluster) -> None:
    """What such a model writes is seldom any good: whatever it says, the label and the checks must fit it."""
    area = make_area("PROD")
    article = make_article(area, "La prensa no arranca", problem="La prensa no arranca.", solution=SOLUTION)
    passages_rebuild(article.article_id)
    incident = make_incident(make_user("ana", Role.REPORTER, areas=[area]), "La prensa no arranca al pulsar marcha")
    suggestion = incident.suggestions.get()
    chats, tokens = node.stats()["chats"], node.stats()["tokens"]
    suggestion_draft(suggestion.pk)
    suggestion.refresh_from_db()
    record = suggestion.record
    digest = hashlib.sha256(packaged_gguf().read_bytes()).hexdigest()

    assert node.stats()["chats"] == chats + 1
    assert node.stats()["tokens"] > tokens
    assert record["modelo"] == {"nombre": MODEL, "nodo": node.name, "digest": digest, "cuantizacion": "Q4_1"}
    assert "error_modelo" not in record
    is_grounded = record["fundamento"] >= Thresholds().grounded
    assert (suggestion.rung == "modelo") == is_grounded
    assert is_grounded or record["motivo"] in ("ungrounded", "model_refused")
    for doubtful in record["sin_sustento"]:
        assert doubtful["mostrada"] or doubtful["texto"] not in suggestion.text
    luis = browser(make_user("luis", Role.L1, areas=[area]))
    assert suggestion.get_rung_display() in luis.get(incident.get_absolute_url()).content.decode()
