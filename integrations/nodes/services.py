"""Nodes: seeded from the environment, cordoned, drained and taken back by administrators."""

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import structlog
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext_lazy as _

from audit.services import record
from prsystem.core.context import SYSTEM, Actor
from prsystem.core.errors import InvalidInput, Missing, NotAllowed

from ..ollama.cluster import get_cluster
from .listing import nodes_of_environment
from .models import ModelNode

log = structlog.get_logger(__name__)
SEEDED = "OLLAMA_URLS"  # the note of a node that the environment named
LOCK = 0x5052_534E  # "PRSN": several processes start at once


@dataclass(frozen=True)
class Standing:
    """How a node is now. `is_healthy` is None when it isn't asked: disabled, or its address isn't allowed."""

    is_healthy: bool | None
    loaded: tuple[str, ...]
    in_hand: int
    installed: tuple[str, ...] = ()


def standing_of(node: ModelNode) -> Standing:
    """What it last said, and what all workers have there; seldom older than a few seconds."""
    cluster = get_cluster()
    view = next((view for view in cluster.views() if view.name == node.name), None)
    if view is None:
        return Standing(None, (), 0)
    in_hand = cluster.inflight().get(node.name, 0)
    return Standing(view.is_healthy, tuple(sorted(view.loaded)), in_hand, tuple(sorted(view.models)))


def resource_of(node_id: int) -> str:
    return f"model_node:{node_id}"


@transaction.atomic
def nodes_seed() -> list[str]:
    """Make the rows of the environment's nodes that have none yet; their names. Credentials are left out.

    At every start and by the clock: what answers can be seen and cordoned.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    known = {node.name for node in ModelNode.objects.all()}
    made = []
    for name, url in nodes_of_environment().items():
        if name in known:
            continue
        parts = urlsplit(url)
        bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        node = ModelNode.objects.create(url=bare, note=SEEDED)
        record(SYSTEM, "model_node.created", resource_of(node.pk), {"url": bare})
        made.append(name)
    return made


def nodes_seed_at_start() -> None:
    """`nodes_seed` where the database may be away or without its tables still: the clock does it then."""
    try:
        nodes_seed()
    except DatabaseError as error:
        log.warning("nodes.seeded_later", reason=type(error).__name__)
    finally:
        connection.close()


@transaction.atomic
def node_set_state(*, actor: Actor, node_id: int, state: str) -> ModelNode:
    """Cordon, drain or take back. What a node has in hand is finished there."""
    if not actor.rights.is_admin:
        raise NotAllowed()
    if state not in ModelNode.State.values:
        raise InvalidInput.field("estado", _("There is no such state."))
    node = ModelNode.objects.select_for_update().filter(pk=node_id).first()
    if node is None:
        raise Missing()
    if node.state != state:
        change = {"estado": {"antes": node.state, "despues": state}}
        node.state = state
        node.save(update_fields=["state"])
        record(actor, "model_node.updated", resource_of(node.pk), change)
        transaction.on_commit(get_cluster().forget_nodes)
    return node
