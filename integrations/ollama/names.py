"""How nodes are called in logs, metrics and lists, and models by their nodes."""

from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1"
_LOOPBACK_NAMES = {"localhost", "ip6-localhost", "::1", "::ffff:127.0.0.1"}


def node_name(url: str) -> str:
    """`host:port` of a node's URL, without credentials: the same for every spelling of one server."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removesuffix(".")
    port = parts.port or {"https": 443}.get(parts.scheme, 80)
    return f"{LOOPBACK if host in _LOOPBACK_NAMES else host}:{port}"


def full_name(model: str) -> str:
    """The name as /api/tags and /api/ps show it: with its tag."""
    return model if ":" in model.rsplit("/", 1)[-1] else f"{model}:latest"
