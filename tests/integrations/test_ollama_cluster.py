"""Routing over several nodes: choice, limits, breaker, one retry, shared counts with and without Redis."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import redis
from django.conf import settings

from integrations.ollama import cluster as cluster_module
from integrations.ollama import inflight
from integrations.ollama.breaker import FAILURES_TO_OPEN, Breaker
from integrations.ollama.client import OllamaNode
from integrations.ollama.cluster import Cluster, Patience
from integrations.ollama.errors import NodeError
from integrations.ollama.inflight import BACKLOG, PEOPLE, URGENT, Candidate, InFlight, redis_connector
from integrations.ollama.names import full_name
from integrations.ollama.wire import ChatMetrics
from tests.standins.process import OllamaProcess

MODEL = "qwen3:4b"
ASK = [{"role": "user", "content": "[1] Bomba\na| Cambiar el retén de la bomba.\n"}]
ANSWER = "Cambiar el retén de la bomba [1]."


@pytest.fixture
def nodes() -> Iterator[list[OllamaProcess]]:
    with ExitStack() as stack:
        yield [stack.enter_context(OllamaProcess()) for _ in range(3)]


@pytest.fixture
def valkey() -> str:
    return settings.REDIS_URL


def make_cluster(nodes: list[OllamaProcess], *, redis_url: str = "", slots: int = 2) -> Cluster:
    inflight = InFlight(redis_connector(redis_url) if redis_url else None)
    return Cluster([OllamaNode(node.url, idle_seconds=0.5) for node in nodes], inflight, slots=slots)


def stream(cluster: Cluster, **given: object) -> Iterator[str | ChatMetrics]:
    options = {"model": MODEL, "deadline": time.monotonic() + 10, "first_token_seconds": 0.5} | given
    return cluster.chat_stream(ASK, **options)


def ask(cluster: Cluster, **given: object) -> tuple[str, ChatMetrics]:
    *pieces, metrics = stream(cluster, **given)
    return "".join(pieces), metrics


def test_equal_nodes_take_turns(nodes: list[OllamaProcess]) -> None:
    for node in nodes:
        node.set(loaded=MODEL)
    cluster = make_cluster(nodes)
    answers = [ask(cluster) for _ in range(9)]
    assert {text for text, _ in answers} == {ANSWER}
    assert [node.stats()["chats"] for node in nodes] == [3, 3, 3]


def test_the_warm_node_is_preferred_until_it_is_full(nodes: list[OllamaProcess]) -> None:
    nodes[1].set(loaded=MODEL)
    cluster = make_cluster(nodes, slots=1)
    held = stream(cluster)
    next(held)
    _, metrics = ask(cluster)
    held.close()
    assert metrics.node != nodes[1].name
    assert ask(cluster)[1].node == nodes[1].name


@pytest.mark.parametrize("mode", ["error", "hang", "reset", "busy"])
def test_a_failure_before_the_first_token_moves_to_another_node(nodes: list[OllamaProcess], mode: str) -> None:
    nodes[0].set(mode=mode, loaded=MODEL)
    text, metrics = ask(make_cluster(nodes))
    assert text == ANSWER
    assert metrics.node != nodes[0].name


def test_at_most_one_retry(nodes: list[OllamaProcess]) -> None:
    for node in nodes:
        node.set(mode="error")
    with pytest.raises(NodeError) as caught:
        ask(make_cluster(nodes))
    assert caught.value.code == "server_error"
    assert sum(node.stats()["last_body"] != {} for node in nodes) == 2


@pytest.mark.parametrize("mode", ["cut", "error_line", "hang_later", "no_done"])
def test_after_the_first_token_nothing_is_repeated(nodes: list[OllamaProcess], mode: str) -> None:
    for node in nodes:
        node.set(mode=mode)
    pieces = []
    with pytest.raises(NodeError):
        pieces.extend(stream(make_cluster(nodes)))
    assert sum(node.stats()["chats"] for node in nodes) == 1


def test_a_killed_node_is_passed_by(nodes: list[OllamaProcess]) -> None:
    cluster = make_cluster(nodes)
    ask(cluster)
    nodes[0].kill()
    assert [ask(cluster)[0] for _ in range(4)] == [ANSWER] * 4


def test_nodes_without_the_model_are_left_out(nodes: list[OllamaProcess]) -> None:
    nodes[0].set(chat_model="llama3.2:3b")
    nodes[1].set(chat_model="llama3.2:3b")
    cluster = make_cluster(nodes)
    assert {ask(cluster)[1].node for _ in range(3)} == {nodes[2].name}
    assert cluster.is_available("llama3.2:3b")
    assert not cluster.is_available("nope:1b")
    with pytest.raises(NodeError) as caught:
        ask(cluster, model="nope:1b")
    assert caught.value.code == "no_node"


def test_a_full_cluster_says_so_at_once(nodes: list[OllamaProcess]) -> None:
    cluster = make_cluster(nodes[:1], slots=1)
    held = stream(cluster)
    next(held)
    with pytest.raises(NodeError) as caught:
        ask(cluster)
    assert caught.value.code == "cluster_full"
    held.close()
    assert ask(cluster)[0] == ANSWER


def test_the_breaker_spares_a_hung_node(nodes: list[OllamaProcess]) -> None:
    nodes[0].set(mode="hang", loaded=MODEL)
    cluster = make_cluster(nodes[:2])
    for _ in range(3):
        assert ask(cluster, first_token_seconds=0.2)[0] == ANSWER
    nodes[0].set(mode="ok")
    hung = nodes[0].stats()["last_body"]  # those that hung may still be answered, to nobody
    assert ask(cluster, options={"seed": 7})[1].node == nodes[1].name
    assert nodes[1].stats()["last_body"] != hung == nodes[0].stats()["last_body"]


def test_thinking_is_switched_off_where_the_model_can_think(nodes: list[OllamaProcess]) -> None:
    nodes[0].set(thinks=True)
    ask(make_cluster(nodes[:1]))
    assert nodes[0].stats()["last_body"]["think"] is False
    ask(make_cluster(nodes[1:2]))
    assert "think" not in nodes[1].stats()["last_body"]


def test_embedding_moves_on_from_a_wrong_dimension(nodes: list[OllamaProcess]) -> None:
    nodes[0].set(dimensions=8, loaded="bge-m3")
    cluster = make_cluster(nodes)
    vectors = cluster.embed(["bomba"], model="bge-m3", deadline=time.monotonic() + 5, dimensions=32)
    assert len(vectors[0]) == 32


def test_closing_the_stream_gives_the_slot_back_and_cancels(nodes: list[OllamaProcess], valkey: str) -> None:
    nodes[0].set(mode="babble", tokens_per_second=200)
    cluster = make_cluster(nodes[:1], redis_url=valkey)
    held = stream(cluster)
    next(held)
    assert cluster.inflight() == {nodes[0].name: 1}
    held.close()
    assert cluster.inflight() == {nodes[0].name: 0}
    until = time.monotonic() + 5
    while not nodes[0].stats()["cancelled"] and time.monotonic() < until:
        time.sleep(0.05)
    assert nodes[0].stats()["cancelled"] == 1


def test_two_workers_share_the_count(nodes: list[OllamaProcess], valkey: str) -> None:
    first, second = (make_cluster(nodes[:1], redis_url=valkey, slots=1) for _ in range(2))
    held = stream(first)
    next(held)
    with pytest.raises(NodeError) as caught:
        ask(second)
    assert caught.value.code == "cluster_full"
    held.close()
    assert ask(second)[0] == ANSWER


def test_many_at_once_never_pass_the_limit_and_spread(
    nodes: list[OllamaProcess], valkey: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted by the leases: a node may still be closing one answer when the next one begins."""
    monkeypatch.setattr(
        inflight, "REDIS_SECONDS", 30.0
    )  # a busy machine must not turn the shared count into local ones
    for node in nodes:
        node.set(slots=8, tokens_per_second=100, loaded=MODEL)
    clusters = [make_cluster(nodes, redis_url=valkey, slots=2) for _ in range(2)]
    answered: list[str] = []
    leases: list[int] = []

    def work(cluster: Cluster) -> None:
        for _ in range(5):
            pieces = []
            for piece in stream(cluster, first_token_seconds=30, deadline=time.monotonic() + 60):
                leases.append(max(cluster.inflight().values()))
                pieces.append(piece)
            answered.append("".join(pieces[:-1]))

    threads = [threading.Thread(target=work, args=(clusters[n % 2],)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answered == [ANSWER] * 30
    assert max(leases) == 2
    assert all(8 <= node.stats()["chats"] <= 12 for node in nodes)


def test_without_redis_the_count_is_local(nodes: list[OllamaProcess]) -> None:
    cluster = make_cluster(nodes[:1], redis_url="redis://127.0.0.1:9/0", slots=1)
    held = stream(cluster)
    next(held)
    assert cluster.inflight() == {nodes[0].name: 1}
    with pytest.raises(NodeError) as caught:
        ask(cluster)
    assert caught.value.code == "cluster_full"


def test_the_leases_of_a_killed_worker_run_out(valkey: str) -> None:
    inflight = InFlight(redis_connector(valkey))
    lost = inflight.take([Candidate("perdido:1", 1)], [], seconds=60)
    assert inflight.take([Candidate("perdido:1", 1)], [], seconds=60) is None
    redis.Redis.from_url(valkey).zadd("prs:ollama:perdido:1", {lost.token: time.time() - 1})
    assert inflight.count("perdido:1") == 0
    assert inflight.take([Candidate("perdido:1", 1)], [], seconds=60).node == "perdido:1"


def test_the_breaker_opens_half_opens_and_closes() -> None:
    clock = [0.0]
    breaker = Breaker(now=lambda: clock[0])
    for _ in range(FAILURES_TO_OPEN):
        assert breaker.enter()
        breaker.failed()
    assert not breaker.may_try()
    clock[0] = 13.0
    assert breaker.may_try()
    assert breaker.enter()
    assert not breaker.enter()  # one probe at a time
    breaker.failed()
    assert not breaker.may_try()
    clock[0] = 26.0
    assert breaker.enter()
    breaker.succeeded()
    assert breaker.is_closed
    assert breaker.enter()


def test_a_silence_opens_the_breaker_at_once() -> None:
    """It cost a caller's whole patience; the same job must not spend it on the same node again."""
    breaker = Breaker(now=lambda: 0.0)
    breaker.failed(was_silent=True)
    assert not breaker.may_try() and not breaker.enter()


def test_a_node_that_kept_silent_is_left_out_at_once(nodes: list[OllamaProcess]) -> None:
    nodes[0].set(mode="hang", loaded=MODEL)
    cluster = make_cluster(nodes[:1])
    codes = []
    for _ in range(2):
        with pytest.raises(NodeError) as failed:
            ask(cluster, first_token_seconds=0.2)
        codes.append(failed.value.code)
    assert codes == ["first_token_timeout", "no_node"] and cluster.why_unavailable(MODEL) == "breaker"


def test_names_get_their_tag() -> None:
    names = ["bge-m3", "qwen3:4b", "hub:5000/team/bge-m3"]
    assert [full_name(name) for name in names] == ["bge-m3:latest", "qwen3:4b", "hub:5000/team/bge-m3:latest"]


def test_a_cluster_without_nodes_is_not_available() -> None:
    cluster = Cluster([], InFlight(None))
    assert not cluster.is_available(MODEL)
    with pytest.raises(NodeError) as caught:
        list(cluster.chat_stream(ASK, model=MODEL, deadline=time.monotonic() + 1, first_token_seconds=1))
    assert caught.value.code == "no_node"


def test_views_are_asked_again_only_when_old(nodes: list[OllamaProcess], monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = make_cluster(nodes[:1])
    first = cluster.views()
    assert cluster.views() == first
    monkeypatch.setattr(cluster_module, "VIEW_SECONDS", 0.0)
    nodes[0].set(loaded=MODEL)
    assert cluster.views()[0].loaded == {MODEL}


@pytest.mark.parametrize("has_redis", [True, False])
def test_an_urgent_answer_goes_before_those_that_waited_longer(
    nodes: list[OllamaProcess], valkey: str, *, has_redis: bool
) -> None:
    """Two workers share the line over Redis; without it each has its own."""
    first = make_cluster(nodes[:1], redis_url=valkey if has_redis else "", slots=1)
    second = make_cluster(nodes[:1], redis_url=valkey, slots=1) if has_redis else first
    held, order, threads = stream(first), [], []
    next(held)

    def work(name: str, cluster: Cluster, patience: Patience) -> None:
        ask(cluster, patience=patience)
        order.append(name)

    for name, cluster, rank in (("normal", first, PEOPLE), ("also normal", second, PEOPLE), ("P1", second, URGENT)):
        threads.append(threading.Thread(target=work, args=(name, cluster, Patience(9, rank))))
        threads[-1].start()
        time.sleep(0.4)
    assert order == []
    held.close()
    for thread in threads:
        thread.join()
    assert order[0] == "P1"
    assert len(order) == 3


def test_waiting_ends(nodes: list[OllamaProcess]) -> None:
    cluster = make_cluster(nodes[:1], slots=1)
    held = stream(cluster)
    next(held)
    with pytest.raises(NodeError) as caught:
        ask(cluster, patience=Patience(0.3, URGENT))
    assert caught.value.code == "cluster_full"
    held.close()
    assert ask(cluster)[0] == ANSWER  # who left the line holds nobody back


@pytest.mark.parametrize("has_redis", [True, False])
def test_what_nobody_waits_for_leaves_the_last_slot_to_people(valkey: str, *, has_redis: bool) -> None:
    line = InFlight(redis_connector(valkey) if has_redis else None)
    node, name = Candidate(f"nodo-{has_redis}:1", 2), f"modelo-{has_redis}"
    first = line.take([node], [], seconds=60, line=name, rank=BACKLOG)
    assert line.take([node], [], seconds=60, line=name, rank=BACKLOG) is None
    assert line.take([node], [], seconds=60, line=name, rank=PEOPLE)
    assert first is not None
    assert line.should_give_way(first, name, node.slots)  # somebody is behind it on the node
    alone = Candidate(f"solo-{has_redis}:1", 1)
    held = line.take([alone], [], seconds=60, line=name, rank=BACKLOG)
    assert held is not None
    assert not line.should_give_way(held, name, 1)
    line.wait(name, "ana", PEOPLE)
    assert line.should_give_way(held, name, 1)
    line.release(held)
    assert line.take([alone], [], seconds=60, line=name, rank=BACKLOG) is None  # ana is next
    assert line.take([alone], [], seconds=60, line=name, rank=PEOPLE)


def test_backlog_in_the_middle_of_its_answer_gives_way_to_a_person(
    nodes: list[OllamaProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_module, "LOOK_SECONDS", 0.0)
    nodes[0].set(tokens_per_second=5)
    cluster = make_cluster(nodes[:1], slots=1)
    backlog = cluster.chat_stream(
        ASK, model=MODEL, deadline=time.monotonic() + 20, first_token_seconds=5, patience=Patience(0, BACKLOG)
    )
    next(backlog)
    answers: list[str] = []
    person = threading.Thread(target=lambda: answers.append(ask(cluster, patience=Patience(15, PEOPLE))[0]))
    person.start()
    with pytest.raises(NodeError) as caught:
        list(backlog)
    person.join()
    assert caught.value.code == "gave_way"
    assert answers == [ANSWER]
    assert cluster.inflight() == {nodes[0].name: 0}
