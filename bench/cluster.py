"""Three stand-in model nodes: how even the work is spread, what routing costs, and what a killed and a hung node do.

    python -m bench.cluster

Requests come at a fixed pace, as reports do. An answer that the model can't finish is made from the passages, as the
ladder does. Counts of work under way are this process's own: no Redis is needed.
"""

import json
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from integrations.ollama.client import OllamaNode
from integrations.ollama.cluster import Cluster
from integrations.ollama.errors import NodeError
from integrations.ollama.inflight import InFlight
from integrations.ollama.wire import ChatMetrics
from knowledge.assistant.extractive import extractive_draft
from knowledge.assistant.prompts import build_prompt
from tests.knowledge.samples import PASSAGES, REPORT
from tests.standins.process import OllamaProcess

REQUESTS = 200
PER_SECOND = 8.0
TOKENS_PER_SECOND = 120.0
PARALLEL = 4
IDLE_SECONDS = 2.0
MODEL = "qwen3:4b"
MESSAGES = build_prompt(REPORT, PASSAGES, lang="es").messages


@dataclass(frozen=True)
class Outcome:
    """How one request ended: its rung, the node that answered (empty for none), and seconds in all."""

    rung: str
    node: str
    seconds: float


def run(requests: int = REQUESTS) -> dict[str, float | int]:
    """The figures by name; times in milliseconds."""
    with _nodes() as nodes:
        healthy = _paced(_cluster(nodes), requests)
        direct, routed = _latencies(nodes)
    with _nodes() as nodes:
        faulty = _paced(_cluster(nodes), requests, after=requests // 5, disturb=lambda: _disturb(nodes))
        tried = sum(node.stats()["chats"] for node in nodes[1:])
    shares = Counter(outcome.node for outcome in healthy)
    even = requests / len(shares)
    return {
        "requests": requests,
        "nodes": len(shares),
        "largest_deviation_from_even_percent": round(max(abs(n - even) for n in shares.values()) / even * 100, 1),
        "healthy_p95_ms": _p95(healthy),
        "faulty_p95_ms": _p95(faulty),
        "faulty_answered": sum(bool(outcome.rung) for outcome in faulty),
        "faulty_by_model": sum(outcome.rung == "modelo" for outcome in faulty),
        "faulty_by_extract": sum(outcome.rung == "extractiva" for outcome in faulty),
        "faulty_chats_on_living_nodes": tried,
        "direct_p50_ms": round(statistics.median(direct) * 1000, 2),
        "routed_p50_ms": round(statistics.median(routed) * 1000, 2),
        "routing_added_p50_ms": round((statistics.median(routed) - statistics.median(direct)) * 1000, 2),
    }


@contextmanager
def _nodes() -> Iterator[list[OllamaProcess]]:
    with ExitStack() as stack:
        knobs = {"tokens_per_second": TOKENS_PER_SECOND, "slots": PARALLEL, "loaded": MODEL, "chat_model": MODEL}
        yield [stack.enter_context(OllamaProcess(**knobs)) for _ in range(3)]


def _cluster(nodes: list[OllamaProcess]) -> Cluster:
    clients = [OllamaNode(node.url, idle_seconds=IDLE_SECONDS) for node in nodes]
    return Cluster(clients, InFlight(None), slots=PARALLEL)


def _disturb(nodes: list[OllamaProcess]) -> None:
    nodes[0].kill()
    nodes[1].set(mode="hang_later")


def _paced(
    cluster: Cluster, requests: int, *, after: int = -1, disturb: Callable[[], None] = lambda: None
) -> list[Outcome]:
    """Requests at PER_SECOND; `disturb` is called before request number `after`."""
    with ThreadPoolExecutor(max_workers=64) as pool:
        futures = []
        begun = time.monotonic()
        for number in range(requests):
            time.sleep(max(0.0, begun + number / PER_SECOND - time.monotonic()))
            if number == after:
                disturb()
            futures.append(pool.submit(_answered, cluster))
        return [future.result() for future in futures]


def _answered(cluster: Cluster) -> Outcome:
    started = time.monotonic()
    rung, node = "modelo", ""
    try:
        stream = cluster.chat_stream(MESSAGES, model=MODEL, deadline=started + 30, first_token_seconds=3)
        node = next(piece.node for piece in stream if isinstance(piece, ChatMetrics))
    except NodeError:
        rung = "extractiva" if extractive_draft(REPORT, PASSAGES, lang="es", confidence=0.8) else ""
    return Outcome(rung, node, time.monotonic() - started)


def _latencies(nodes: list[OllamaProcess], count: int = 60) -> tuple[list[float], list[float]]:
    """Seconds to the first token, in turn directly and through the cluster; the nodes send without a pause."""
    for node in nodes:
        node.set(tokens_per_second=0)
    cluster, direct = _cluster(nodes), [OllamaNode(node.url) for node in nodes]
    took: tuple[list[float], list[float]] = ([], [])
    for number in range(count):
        for kind, target in enumerate((direct[number % 3], cluster)):
            started = time.monotonic()
            stream = target.chat_stream(MESSAGES, model=MODEL, deadline=started + 10, first_token_seconds=5)
            next(iter(stream))
            took[kind].append(time.monotonic() - started)
            for _ in stream:
                pass
    return took


def _p95(outcomes: list[Outcome]) -> float:
    return round(statistics.quantiles([o.seconds for o in outcomes], n=20)[-1] * 1000, 1)


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
