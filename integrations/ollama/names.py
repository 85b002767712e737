"""How nodes are called in logs, metrics and lists, and models by their nodes."""

from urllib.parse import urlsplit


def node_name(url: str) -> str:
    """`host:port` of a node's URL, without credentials."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or {'https': 443}.get(parts.scheme, 80)}"


def full_name(model: str) -> str:
    """The name as /api/tags and /api/ps show it: with its tag."""
    return model if ":" in model.rsplit("/", 1)[-1] else f"{model}:latest"
