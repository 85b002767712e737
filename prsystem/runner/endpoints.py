"""Addresses of Chroma and the embedder, published to the settings through the run folder; and free loopback ports."""

import json
import socket
from pathlib import Path
from urllib.parse import urlsplit

from .layout import Layout

LOOPBACK = "127.0.0.1"


def port_is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def accepts_connections(url: str) -> bool:
    """Whether somebody listens at the address; an empty one has nobody."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return _accepts(parts.path)
    if not parts.port:
        return False
    try:
        socket.create_connection((parts.hostname or LOOPBACK, parts.port), timeout=0.5).close()
    except OSError:
        return False
    return True


def _accepts(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(0.5)
        try:
            probe.connect(path)
        except OSError:
            return False
    return True


def choose(layout: Layout, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names, whose addresses are published."""
    publish(layout, _published(layout) | {name: f"unix://{layout.socket(name)}" for name in names})
    return names


def _published(layout: Layout) -> dict[str, str]:
    return {name: address for name in ("chroma", "embedder") if (address := layout.endpoint(name))}


def publish(layout: Layout, addresses: dict[str, str]) -> None:
    _replace(layout.endpoints_file, json.dumps(addresses))


def _replace(path: Path, text: str) -> None:
    scratch = path.with_suffix(".new")
    scratch.write_text(text, encoding="utf-8")
    scratch.replace(path)
