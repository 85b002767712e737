"""When no model answers, the page says so and why, in one banner: for whoever looks, in words that fit."""

from collections.abc import Iterator
from typing import Any

import pytest

from incidents.models import Incident
from incidents.suggestions.model_notes import ABOUT_NODES, WHY, model_note
from incidents.suggestions.services import suggestion_draft
from integrations.ollama.client import OllamaNode
from integrations.ollama.cluster import Cluster, NodeSpec
from integrations.ollama.inflight import InFlight
from knowledge.services import assisting
from knowledge.services.indexing import passages_rebuild
from prsystem.accounts.models import Area, User
from tests.incidents.makers import make_article, make_incident
from tests.people import api, browser
from tests.standins.process import OllamaProcess

pytestmark = pytest.mark.django_db
MODEL = "grande:8b"
KNOWN, UNKNOWN = "La prensa no arranca", "Zumaque fiordo yelmo"


@pytest.fixture
def known(prod: Area) -> None:
    passages_rebuild(
        make_article(prod, "La prensa no arranca", problem="La prensa no arranca al pulsar marcha.").article_id
    )


@pytest.fixture
def node(settings: Any) -> Iterator[OllamaProcess]:
    settings.OLLAMA_CHAT_MODEL, settings.OLLAMA_SMALL_MODEL = MODEL, ""
    with OllamaProcess(chat_model=MODEL) as one:
        yield one


def drafted(
    ana: User, monkeypatch: pytest.MonkeyPatch, cluster: Cluster, title: str = "La prensa no arranca"
) -> Incident:
    monkeypatch.setattr(assisting, "get_cluster", lambda: cluster)
    monkeypatch.setattr(assisting, "WAIT_SECONDS", 0.2)
    incident = make_incident(ana, title, description=f"{title} al pulsar marcha." if title == KNOWN else "Quena drupa.")
    suggestion_draft(incident.suggestions.get().pk)
    return incident


def told(incident: Incident, user: User) -> tuple[str, str]:
    """The code by the API and the banner of the page, which there is once at most."""
    code = api(user).get(f"/api/incidencias/{incident.pk}/sugerencia").json()["sin_modelo"]
    page = browser(user).get(incident.get_absolute_url()).content.decode()
    assert page.count("data-model-note") == bool(code)
    return code, " ".join(page.split("data-model-note", 1)[1].split("</div>", 1)[0].split()) if code else ""


def standing(node: OllamaProcess, case: str) -> Cluster:
    """A cluster of the one node as the case has it."""
    if case == "none":
        return Cluster([], InFlight(None))
    if case == "cordoned":
        return Cluster([], InFlight(None), source=lambda: [NodeSpec(node.url, takes_work=False)])
    if case == "down":
        node.kill()
    if case == "missing":
        node.set(chat_model="otro:1b")
    if case == "failed":
        node.set(mode="error")
    made = Cluster([OllamaNode(node.url)], InFlight(None), slots=0 if case == "full" else 2)
    if case == "breaker":
        for _ in range(20):
            made._breakers[node.name].failed()
    return made


@pytest.mark.parametrize("case", sorted(ABOUT_NODES))
def test_each_way_of_not_answering_is_told(
    case: str, known: None, node: OllamaProcess, ana: User, luis: User, eva: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = drafted(ana, monkeypatch, standing(node, case))
    code, for_support = told(incident, luis)
    assert code == case
    with_link = told(incident, eva)[1]
    assert "/admin/integrations/modelnode/" in with_link and "/admin/" not in for_support
    plain = told(incident, ana)[1]
    assert plain and "nodo" not in plain.lower() and "/admin/" not in plain
    assert "palabra por palabra" in plain


@pytest.mark.parametrize("title", [KNOWN, UNKNOWN])
def test_all_nodes_down_is_told_whether_something_is_known_or_not(
    title: str, known: None, node: OllamaProcess, ana: User, luis: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = drafted(ana, monkeypatch, standing(node, "down"), title)
    code, banner = told(incident, luis)
    assert code == "down" and "no se alcanza ninguno de sus nodos" in banner
    assert ("cola del nivel L1" in banner) == (title == UNKNOWN)
    incident.refresh_from_db()
    assert (incident.state, incident.level) == ("nuevo", "L1")


def test_nothing_is_said_where_a_model_answered_or_was_there(
    known: None, node: OllamaProcess, ana: User, luis: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = Cluster([OllamaNode(node.url)], InFlight(None))
    assert told(drafted(ana, monkeypatch, cluster), luis) == ("", "")
    assert told(drafted(ana, monkeypatch, cluster, UNKNOWN), luis) == ("", "")


def test_an_answer_that_was_dropped_is_told(
    known: None, node: OllamaProcess, ana: User, luis: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    node.set(answer="silent")
    code, banner = told(drafted(ana, monkeypatch, Cluster([OllamaNode(node.url)], InFlight(None))), luis)
    assert code == "ungrounded" and "se descartó" in banner


def test_every_code_has_its_words() -> None:
    for code in WHY:
        technical, plain = (model_note(code, is_technical=is_it, is_admin=False) for is_it in (True, False))
        assert technical and plain and str(technical.text) and "nodo" not in str(plain.text).lower()
    assert model_note("", is_technical=True, is_admin=True) is None
