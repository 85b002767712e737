"""Model nodes as rows: seeded, drained, shared limits, addresses, console, API, configuration."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as site
from django.core.exceptions import ValidationError
from django.db import DatabaseError

from audit.models import AuditEntry
from integrations.nodes import services as node_services
from integrations.nodes.listing import nodes_now, nodes_of_environment
from integrations.nodes.models import ModelNode
from integrations.nodes.services import node_set_state, nodes_seed, nodes_seed_at_start
from integrations.ollama.cluster import Cluster, get_cluster
from integrations.ollama.errors import NodeError
from integrations.ollama.inflight import Candidate, InFlight, redis_connector
from integrations.ollama.wire import ChatMetrics
from integrations.webhooks.models import AllowedTarget
from prsystem.core.context import Actor
from prsystem.core.errors import InvalidInput, NotAllowed
from prsystem.core.jobs import schedule
from prsystem.core.rights import Rights, Role
from tests.people import browser, make_user
from tests.standins.process import OllamaProcess

pytestmark = pytest.mark.django_db
MODEL = "qwen3:4b"
ASK = [{"role": "user", "content": "[1] Bomba\na| Cambiar el retén de la bomba.\n"}]
EVA = Actor("user", "eva", rights=Rights.from_grants(None, [(Role.ADMIN, None)]))
LUIS = Actor("user", "luis", rights=Rights.from_grants(None, [(Role.L2, None)]))


@pytest.fixture
def nodes(settings: Any) -> Iterator[list[OllamaProcess]]:
    with OllamaProcess() as one, OllamaProcess() as two:
        settings.OLLAMA_URLS = [one.url, two.url]
        yield [one, two]
    get_cluster.cache_clear()


def ask(cluster: Cluster) -> str:
    *_pieces, metrics = cluster.chat_stream(ASK, model=MODEL, deadline=time.monotonic() + 10, first_token_seconds=1)
    assert isinstance(metrics, ChatMetrics)
    return metrics.node


def row_of(node: OllamaProcess) -> ModelNode:
    return next(row for row in ModelNode.objects.all() if row.name == node.name)


def test_the_environment_seeds_the_rows_once_and_without_its_credentials(settings: Any) -> None:
    settings.OLLAMA_URLS = ["http://ia:secreto@nodo1.planta:11434", "https://nodo2.planta"]
    assert nodes_seed() == ["nodo1.planta:11434", "nodo2.planta:443"]
    assert nodes_seed() == []
    assert [row.url for row in ModelNode.objects.all()] == ["http://nodo1.planta:11434", "https://nodo2.planta"]
    assert "secreto" not in str(list(AuditEntry.objects.values()))
    assert nodes_now()[0].url == "http://ia:secreto@nodo1.planta:11434"


@pytest.mark.parametrize("state", ["acordonado", "vaciando"])
def test_a_drained_node_gets_no_new_work_until_it_is_taken_back(nodes: list[OllamaProcess], state: str) -> None:
    nodes_seed()
    cluster = Cluster([], InFlight(None), source=nodes_now)
    node_set_state(actor=EVA, node_id=row_of(nodes[0]).pk, state=state)
    for node in nodes:
        node.set(loaded=MODEL)
    assert {ask(cluster) for _ in range(6)} == {nodes[1].name}
    assert nodes[0].stats()["chats"] == 0
    assert [view.is_healthy for view in cluster.views()] == [True, True]  # it is still looked at
    node_set_state(actor=EVA, node_id=row_of(nodes[0]).pk, state="activo")
    cluster.forget_nodes()
    assert {ask(cluster) for _ in range(6)} == {nodes[0].name, nodes[1].name}


def test_what_a_draining_node_has_in_hand_is_finished(nodes: list[OllamaProcess]) -> None:
    nodes_seed()
    cluster = Cluster([], InFlight(None), source=nodes_now)
    ModelNode.objects.exclude(pk=row_of(nodes[0]).pk).update(is_enabled=False)
    stream = cluster.chat_stream(ASK, model=MODEL, deadline=time.monotonic() + 10, first_token_seconds=1)
    next(stream)
    node_set_state(actor=EVA, node_id=row_of(nodes[0]).pk, state="vaciando")
    cluster.forget_nodes()
    assert cluster.inflight() == {nodes[0].name: 1}
    assert isinstance(list(stream)[-1], ChatMetrics)
    assert cluster.inflight() == {nodes[0].name: 0}
    with pytest.raises(NodeError) as caught:
        ask(cluster)
    assert caught.value.code == "no_node"


@pytest.mark.parametrize("redis_url", ["", site.REDIS_URL])
def test_limit_and_weight_of_each_node_hold_across_workers(redis_url: str) -> None:
    workers = [InFlight(redis_connector(redis_url) if redis_url else None)]
    workers += [InFlight(redis_connector(redis_url))] if redis_url else workers
    candidates = [Candidate(f"doble-{redis_url[:5]}:1", 4, 2), Candidate(f"simple-{redis_url[:5]}:1", 3)]
    leases = [workers[n % 2].take(candidates, [], seconds=60) for n in range(6)]
    try:
        assert sorted(lease.node[:5] for lease in leases if lease) == ["doble"] * 4 + ["simpl"] * 2
        assert workers[0].take(candidates[:1], [], seconds=60) is None
        assert workers[1].count(candidates[0].name) == 4
    finally:
        for lease in leases:
            workers[0].release(lease)


def test_a_private_address_needs_an_allowance_unless_the_environment_names_it(settings: Any) -> None:
    settings.OLLAMA_URLS = ["http://127.0.0.1:11434"]
    for url in ("http://127.0.0.1:11434", "http://10.1.2.3:11434", "http://169.254.169.254:80"):
        ModelNode.objects.create(url=url)
    assert [spec.url for spec in nodes_now()] == ["http://127.0.0.1:11434"]
    AllowedTarget.objects.create(host="10.1.2.3", networks="10.0.0.0/8", ports="11434")
    AllowedTarget.objects.create(host="169.254.169.254", networks="169.254.0.0/16", ports="80")
    assert {spec.url for spec in nodes_now()} == {"http://127.0.0.1:11434", "http://10.1.2.3:11434"}


@pytest.mark.parametrize(
    "url",
    [
        *("http://NODO1.planta:11434", "http://nodo1.planta:11434/", "http://nodo2.planta:99999", "file:///etc/passwd"),
        *("http://169.254.169.254", "http://0.0.0.0:11434", "http://nodo2.planta:11434/?x=1", "http://nodo2.planta/#x"),
    ],
)
def test_a_server_is_a_node_once_and_never_a_cloud_s_metadata(url: str) -> None:
    """Another spelling of a node's URL would be counted, drained and limited apart."""
    known = ModelNode.objects.create(url="http://nodo1.planta:11434")
    known.full_clean()
    with pytest.raises(ValidationError) as refused:
        ModelNode(url=url).full_clean()
    assert set(refused.value.message_dict) == {"url"}


def test_only_administrators_change_a_node_and_it_is_audited_once() -> None:
    node = ModelNode.objects.create(url="http://nodo1.planta:11434")
    with pytest.raises(NotAllowed):
        node_set_state(actor=LUIS, node_id=node.pk, state="vaciando")
    with pytest.raises(InvalidInput):
        node_set_state(actor=EVA, node_id=node.pk, state="apagado")
    for _ in range(2):
        node_set_state(actor=EVA, node_id=node.pk, state="vaciando")
    assert AuditEntry.objects.filter(accion="model_node.updated").count() == 1


def test_the_console_and_the_api_show_and_drain(nodes: list[OllamaProcess]) -> None:
    nodes_seed()
    eva, node = browser(make_user("eva", Role.ADMIN)), row_of(nodes[0])
    page = "/admin/integrations/modelnode/"
    eva.post(page, {"action": "drain", "_selected_action": [node.pk]})
    node.refresh_from_db()
    assert node.state == "vaciando"
    assert node.name in eva.get(page).content.decode()
    nodes[0].set(loaded=MODEL)
    get_cluster.cache_clear()
    shown = eva.get(f"{page}{node.pk}/change/").content.decode()
    for fact in ("responde", f"bge-m3:latest, {MODEL}", "0: se puede apagar", MODEL):
        assert fact in shown
    listed = eva.get("/api/nodos").json()
    assert [one["estado"] for one in listed["resultados"] if one["nodo"] == node.name] == ["vaciando"]
    changed = eva.patch(f"/api/nodos/{node.pk}", {"estado": "activo"}, content_type="application/json")
    assert (changed.status_code, changed.json()["estado"]) == (200, "activo")
    assert eva.patch("/api/nodos/0", {"estado": "activo"}, content_type="application/json").status_code == 404


def test_a_node_named_later_is_in_the_console_and_can_be_cordoned(nodes: list[OllamaProcess], settings: Any) -> None:
    """The README's own way: OLLAMA_URLS on a folder that was started before."""
    both, settings.OLLAMA_URLS = settings.OLLAMA_URLS, settings.OLLAMA_URLS[:1]
    nodes_seed()
    settings.OLLAMA_URLS = both
    schedule.run_by_clock("nodes-seed")  # as at every start, and by the clock
    eva = browser(make_user("eva", Role.ADMIN))
    assert nodes[1].name in eva.get("/admin/integrations/modelnode/").content.decode()
    eva.patch(f"/api/nodos/{row_of(nodes[1]).pk}", {"estado": "acordonado"}, content_type="application/json")
    cluster = Cluster([], InFlight(None), source=nodes_now)
    assert {ask(cluster) for _ in range(4)} == {nodes[0].name}


def test_a_node_that_the_environment_no_longer_names_says_so(settings: Any) -> None:
    settings.OLLAMA_URLS = ["http://nodo1.planta:11434", "http://nodo2.planta:11434"]
    nodes_seed()
    settings.OLLAMA_URLS = settings.OLLAMA_URLS[:1]
    shown = browser(make_user("eva", Role.ADMIN)).get("/admin/integrations/modelnode/").content.decode()
    assert shown.count("ya no OLLAMA_URLS") == 1


def test_the_clock_and_every_start_look_for_new_nodes() -> None:
    from prsystem import wsgi

    assert schedule.by_clock()["nodes-seed"].act == "integrations.nodes.services.nodes_seed"
    assert wsgi.nodes_seed_at_start is nodes_seed_at_start


@pytest.mark.parametrize(
    ("known", "named"),
    [
        ("http://nodo1.planta:11434", "http://NODO1.planta:11434/"),
        ("http://nodo1.planta:11434", "http://nodo1.planta.:11434"),
        ("http://localhost:11434", "http://127.0.0.1:11434"),
        ("http://127.0.0.1:11434/", "http://[::1]:11434"),
        ("https://nodo1.planta", "https://ia:secreto@nodo1.planta:443/"),
    ],
)
def test_another_spelling_in_the_environment_is_the_same_node(settings: Any, known: str, named: str) -> None:
    """Counted twice, it would get twice the work of its limit, and half of it couldn't be cordoned."""
    node = ModelNode.objects.create(url=known, state="acordonado")
    settings.OLLAMA_URLS = [named]
    assert nodes_seed() == []
    assert [(spec.url, spec.takes_work) for spec in nodes_now()] == [(named, False)]
    assert str(node) == next(iter(nodes_of_environment()))


def test_a_node_of_the_environment_is_edited_and_deleted_there(settings: Any) -> None:
    settings.OLLAMA_URLS = ["http://127.0.0.1:9"]
    nodes_seed()
    node, eva = ModelNode.objects.get(), browser(make_user("eva", Role.ADMIN))
    page = f"/admin/integrations/modelnode/{node.pk}/"
    form = {"url": "http://127.0.0.1:10", "state": "activo", "max_in_flight": 3, "weight": 1, "is_enabled": "on"}
    eva.post(f"{page}change/", form)
    node.refresh_from_db()
    assert (node.url, node.max_in_flight) == ("http://127.0.0.1:9", 3)
    assert eva.post(f"{page}delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [node.pk], "post": "yes"}
    eva.post("/admin/integrations/modelnode/", chosen)
    assert ModelNode.objects.filter(pk=node.pk).exists()


def test_a_node_taken_out_of_the_environment_stays_without_work_and_can_be_deleted(settings: Any) -> None:
    """Its address was allowed by being named."""
    settings.OLLAMA_URLS = ["http://127.0.0.1:9"]
    nodes_seed()
    node, eva = ModelNode.objects.get(), browser(make_user("eva", Role.ADMIN))
    settings.OLLAMA_URLS = []
    assert nodes_now() == []
    assert "dirección no permitida" in eva.get("/admin/integrations/modelnode/").content.decode()
    assert eva.post(f"/admin/integrations/modelnode/{node.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not ModelNode.objects.exists()


def test_a_database_that_is_away_at_the_start_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(node_services, "nodes_seed", away)
    monkeypatch.setattr(node_services.connection, "close", lambda: None)
    nodes_seed_at_start()
