"""Several Ollama nodes as one: who is up, has the model, has it loaded, and has the least to do."""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.db import DatabaseError
from django.utils.module_loading import import_string

from .breaker import Breaker
from .client import CHAT_OPTIONS, OllamaNode
from .errors import SILENCES, NodeError
from .inflight import BACKLOG, PEOPLE, Candidate, InFlight, Lease, redis_connector
from .names import full_name
from .node_view import Build, NodeView, view_of
from .wire import ChatMetrics

logger = logging.getLogger("prsystem.ollama")
T = TypeVar("T")

VIEW_SECONDS = 3.0
# Asking a node that doesn't answer costs its probe's timeout: less often.
SICK_VIEW_SECONDS = 10.0
# One answer under way and one waiting: a node works on OLLAMA_NUM_PARALLEL (default 1) at a time.
NODE_SLOTS = 2
WAIT_STEP_SECONDS = 0.1
LOOK_SECONDS = 1.0
SMALL_BILLIONS = 4.0
# Rows of the database, by name: clients know no models.
NODES_SOURCE = "integrations.nodes.listing.nodes_now"


@dataclass(frozen=True)
class NodeSpec:
    """A node as it is configured; one that takes no work is still looked at."""

    url: str
    slots: int = NODE_SLOTS
    weight: int = 1
    takes_work: bool = True


@dataclass(frozen=True)
class Patience:
    """How long to wait for a slot when every node is full, and who goes first: URGENT, PEOPLE or BACKLOG."""

    seconds: float = 0.0
    rank: int = PEOPLE


NONE = Patience()
Source = Callable[[], Sequence[NodeSpec]]


class Cluster:
    """Every call is made on one node and repeated at most once, on another one, while nothing was yielded yet."""

    def __init__(
        self, nodes: Sequence[OllamaNode], inflight: InFlight, *, slots: int = NODE_SLOTS, source: Source | None = None
    ) -> None:
        """`source` says which nodes there are, asked every VIEW_SECONDS; without it `nodes` are all there will be."""
        self._nodes = {node.name: node for node in nodes}
        self._candidates = {name: Candidate(name, slots) for name in self._nodes}
        self._inflight = inflight
        self._breakers = {name: Breaker() for name in self._nodes}
        self._views: dict[str, NodeView] = {}
        self._refreshing = threading.Lock()
        self._source = source
        self._specs: dict[str, NodeSpec] = {}
        self._read_at = float("-inf")
        self._looked_at = float("-inf")

    def chat_stream(
        self,
        messages: Sequence[Mapping[str, str]],
        *,
        model: str,
        schema: Mapping[str, Any] | None = None,
        options: Mapping[str, Any] = CHAT_OPTIONS,
        deadline: float,
        first_token_seconds: float,
        patience: Patience = NONE,
    ) -> Iterator[str | ChatMetrics]:
        """As OllamaNode.chat_stream; ChatMetrics.node says who answered. Raises NodeError."""

        def call(node: OllamaNode) -> Generator[str | ChatMetrics, None, None]:
            view = self._views.get(node.name)
            think = False if view and view.can_think(model) else None
            return node.chat_stream(
                messages,
                model=model,
                schema=schema,
                options=options,
                think=think,
                deadline=deadline,
                first_token_seconds=first_token_seconds,
            )

        yield from self._streamed(call, model, deadline, patience)

    def embed(
        self, texts: Sequence[str], *, model: str, deadline: float, dimensions: int | None = None
    ) -> list[list[float]]:
        """As OllamaNode.embed. Raises NodeError."""

        def call(node: OllamaNode) -> Generator[list[list[float]], None, None]:
            yield node.embed(texts, model=model, deadline=deadline, dimensions=dimensions)

        return next(iter(list(self._streamed(call, model, deadline))), [])

    def is_available(self, model: str) -> bool:
        """Whether a healthy node has the model; what the ladder asks before it plans a model answer."""
        return any(self._is_usable(view, model) for view in self.views())

    def why_unavailable(self, model: str) -> str:
        """Why no node would be asked for the model: `none` (no nodes), `cordoned`, `down`, `missing` (no node that
        answers has it), `breaker`; empty where one would be."""
        working = [view for view in self.views() if view.name in self._candidates]
        healthy = [view for view in working if view.is_healthy]
        steps = (
            ("none", bool(self._nodes)),
            ("cordoned", bool(self._candidates)),
            ("down", bool(healthy)),
            ("missing", any(view.has(model) for view in healthy)),
            ("breaker", any(self._is_usable(view, model) for view in healthy)),
        )
        return next((code for code, is_fine in steps if not is_fine), "")

    @property
    def has_nodes(self) -> bool:
        self._read_nodes()
        return bool(self._nodes)

    def build_of(self, node: str, model: str) -> Build | None:
        """The file that a node has under a model's name, as it last said."""
        view = self._views.get(node)
        return view.builds.get(full_name(model)) if view else None

    def is_small(self, model: str) -> bool:
        """Whether it has fewer than SMALL_BILLIONS of parameters on a node; False where no node says how many."""
        builds = [view.builds.get(full_name(model)) for view in self.views()]
        return any(0 < build.billions < SMALL_BILLIONS for build in builds if build)

    def forget_nodes(self) -> None:
        """Read the nodes anew at the next call: somebody changed them."""
        self._read_at = float("-inf")

    def views(self) -> list[NodeView]:
        """The state of all nodes, seldom older than VIEW_SECONDS; asks them in parallel, with a short limit."""
        self._read_nodes()
        if not self._nodes:
            return []
        # Only the first look has to wait for another thread's; later an older view will do.
        if self._refreshing.acquire(blocking=len(self._views) < len(self._nodes)):
            try:
                self._refresh()
            finally:
                self._refreshing.release()
        return [self._views[name] for name in list(self._nodes) if name in self._views]

    def inflight(self) -> dict[str, int]:
        """Requests under way per node (`pr_ollama_inflight`)."""
        self._read_nodes()
        return {name: self._inflight.count(name) for name in list(self._nodes)}

    def _read_nodes(self) -> None:
        """What the source says now. A database that doesn't answer leaves everything as it was."""
        if self._source is None or time.monotonic() - self._read_at < VIEW_SECONDS:
            return
        self._read_at = time.monotonic()
        try:
            found = {node.name: (node, spec) for spec in self._source() for node in [self._node_of(spec)]}
        except DatabaseError as error:
            logger.warning("nodes are as before: the database failed (%s)", type(error).__name__)
            return
        for name in found:
            self._breakers.setdefault(name, Breaker())
        self._specs = {name: spec for name, (_, spec) in found.items()}
        self._candidates = {
            name: Candidate(name, spec.slots, spec.weight) for name, spec in self._specs.items() if spec.takes_work
        }
        self._nodes = {name: node for name, (node, _) in found.items()}

    def _node_of(self, spec: NodeSpec) -> OllamaNode:
        """The node that is known already, unless its address changed."""
        made = OllamaNode(spec.url)
        known = self._specs.get(made.name)
        return self._nodes[made.name] if known and known.url == spec.url else made

    def _refresh(self) -> None:
        stale = [name for name in self._nodes if self._is_stale(name)]
        if not stale:
            return
        with ThreadPoolExecutor(max_workers=len(stale)) as pool:
            self._views |= dict(zip(stale, pool.map(self._seen, stale), strict=True))

    def _is_stale(self, name: str) -> bool:
        view = self._views.get(name)
        if view is None:
            return True
        return time.monotonic() - view.seen_at > (VIEW_SECONDS if view.is_healthy else SICK_VIEW_SECONDS)

    def _seen(self, name: str) -> NodeView:
        """A node that answers /api/tags lives; that alone doesn't close its breaker, since a hung runner still does."""
        node = self._nodes[name]
        try:
            return view_of(name, node.tags(), node.ps(), seen_at=time.monotonic())
        except NodeError as error:
            logger.warning("node %s: probe failed (%s)", name, error.code)
            return NodeView(name, is_healthy=False, seen_at=time.monotonic())

    def _streamed(
        self,
        call: Callable[[OllamaNode], Generator[T, None, None]],
        model: str,
        deadline: float,
        patience: Patience = NONE,
    ) -> Iterator[T]:
        """The items of `call` on the best node; before the first item a retryable failure moves to another, once."""
        tried: set[str] = set()
        first_error: NodeError | None = None
        while True:
            has_begun = False
            try:
                with self._chosen(model, tried, deadline, patience) as (node, lease), closing(call(node)) as items:
                    for item in items:
                        has_begun = True
                        yield item
                        self._give_way(lease, model)
                return
            except NodeError as error:
                logger.warning("node %s: %s failed (%s)", error.node or "-", model, error.code)
                # The first failure says more than "no other node".
                if first_error and error.code in ("no_node", "cluster_full"):
                    raise first_error from error
                if has_begun or first_error or not error.retryable or not tried:
                    raise
                first_error = error

    def _give_way(self, lease: Lease, line: str) -> None:
        """Ends an answer that nobody waits for when somebody needs its place; looked at once a second."""
        if lease.rank < BACKLOG or time.monotonic() < self._looked_at + LOOK_SECONDS:
            return
        self._looked_at = time.monotonic()
        candidate = self._candidates.get(lease.node)
        if self._inflight.should_give_way(lease, line, candidate.slots if candidate else 1):
            raise NodeError("gave_way", node=lease.node)

    @contextmanager
    def _chosen(
        self, model: str, tried: set[str], deadline: float, patience: Patience
    ) -> Iterator[tuple[OllamaNode, Lease]]:
        """A node with a slot taken; its breaker learns how the call went."""
        lease = self._leased(model, tried, deadline, patience)
        tried.add(lease.node)
        breaker = self._breakers[lease.node]
        try:
            node = self._nodes.get(lease.node)  # it may have been taken away just now
            if node is None or not breaker.enter():
                raise NodeError("no_node", node=lease.node)
            yield node, lease
            breaker.succeeded()
        except NodeError as error:
            if error.is_node_fault:
                breaker.failed(was_silent=error.code in SILENCES)
            raise
        finally:
            self._inflight.release(lease)

    def _is_usable(self, view: NodeView, model: str) -> bool:
        is_up = view.is_healthy and view.has(model) and self._breakers[view.name].may_try()
        return is_up and view.name in self._candidates

    def _leased(self, model: str, tried: set[str], deadline: float, patience: Patience) -> Lease:
        """A slot, waited for when all are taken; those of a better rank are let through first, by all workers."""
        until, token = min(deadline, time.monotonic() + patience.seconds), uuid.uuid4().hex
        try:
            while (lease := self._slot(model, tried, deadline, patience.rank)) is None:
                if time.monotonic() >= until:
                    raise NodeError("cluster_full")
                if patience.rank < BACKLOG:
                    self._inflight.wait(model, token, patience.rank)
                time.sleep(WAIT_STEP_SECONDS)
            return lease
        finally:
            if patience.rank < BACKLOG and patience.seconds:
                self._inflight.leave(model, token, patience.rank)

    def _slot(self, model: str, tried: set[str], deadline: float, rank: int) -> Lease | None:
        views, candidates = self.views(), self._candidates
        usable = [v for v in views if v.name in candidates and v.name not in tried and self._is_usable(v, model)]
        if not usable:
            raise NodeError("no_node")
        warm = [candidates[view.name] for view in usable if full_name(model) in view.loaded]
        cold = [candidates[view.name] for view in usable if full_name(model) not in view.loaded]
        seconds = max(1.0, deadline - time.monotonic())
        return self._inflight.take(warm, cold, seconds=seconds, line=model, rank=rank)


@cache
def get_cluster() -> Cluster:
    """The cluster of the site, one per process; without nodes every call raises `no_node`."""
    return Cluster([], InFlight(redis_connector(settings.REDIS_URL)), source=_nodes_now)


def _nodes_now() -> Sequence[NodeSpec]:
    found: Sequence[NodeSpec] = import_string(NODES_SOURCE)()
    return found
