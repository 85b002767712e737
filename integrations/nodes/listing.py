"""The nodes as the cluster sees them: rows, and addresses of the environment that have no row yet."""

import logging
import socket

from django.conf import settings

from prsystem.core.outgoing.addresses import AddressPolicy, AddressRefused

from ..ollama.cluster import NodeSpec
from ..ollama.names import node_name
from ..webhooks.selectors import address_policy
from .models import ModelNode

logger = logging.getLogger("prsystem.ollama")


def nodes_of_environment() -> dict[str, str]:
    """URL by `host:port`. Whoever writes the environment allows these addresses by doing so."""
    return {node_name(url): url for url in settings.OLLAMA_URLS}


def is_of_environment(node: ModelNode) -> bool:
    """Whether OLLAMA_URLS names this server now: then its address is the environment's to say."""
    return node.name in nodes_of_environment()


def nodes_now() -> list[NodeSpec]:
    """The enabled nodes whose address may be reached."""
    own, rows, policy = nodes_of_environment(), list(ModelNode.objects.all()), address_policy()
    specs = [
        NodeSpec(own.get(row.name, row.url), row.max_in_flight, row.weight, row.takes_work)
        for row in rows
        if row.is_enabled and (row.name in own or is_reachable(policy, row.url))
    ]
    known = {row.name for row in rows}
    return [*specs, *(NodeSpec(url) for name, url in own.items() if name not in known)]


def is_reachable(policy: AddressPolicy, url: str) -> bool:
    """Whether the policy lets the address, every one of them, be reached."""
    try:
        target = policy.check_url(url)
        if target.literal is None:
            found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
            policy.check_all(target, dict.fromkeys(str(address[4][0]) for address in found))
    except OSError as error:
        reason = str(error) if isinstance(error, AddressRefused) else "the name can't be resolved"
        logger.warning("node %s is left out: %s", node_name(url), reason)
        return False
    return True
