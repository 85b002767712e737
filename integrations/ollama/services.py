"""Nodes: seeded from the environment, cordoned, drained and taken back by administrators."""

from urllib.parse import urlsplit, urlunsplit

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.services import record
from prsystem.core.context import SYSTEM, Actor
from prsystem.core.errors import InvalidInput, Missing, NotAllowed

from .cluster import get_cluster
from .models import ModelNode
from .selectors import nodes_of_environment


def resource_of(node_id: int) -> str:
    return f"model_node:{node_id}"


@transaction.atomic
def nodes_seed() -> list[str]:
    """Make the rows of the environment's nodes that have none yet; their names. Credentials are left out."""
    known = {node.name for node in ModelNode.objects.all()}
    made = []
    for name, url in nodes_of_environment().items():
        if name in known:
            continue
        parts = urlsplit(url)
        bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        node = ModelNode.objects.create(url=bare, note="OLLAMA_URLS")
        record(SYSTEM, "model_node.created", resource_of(node.pk), {"url": bare})
        made.append(name)
    return made


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
