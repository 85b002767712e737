"""How nodes are called in logs, metrics and lists."""

from urllib.parse import urlsplit


def node_name(url: str) -> str:
    """`host:port` of a node's URL, without credentials."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or {'https': 443}.get(parts.scheme, 80)}"
