"""What a node lists: its models, what they can do, their files, which are loaded. Wire facts from Ollama's api.md."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .names import full_name

_SIZE = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)([KMBT])", re.IGNORECASE)
_BILLIONS = {"K": 1e-6, "M": 1e-3, "B": 1.0, "T": 1e3}


@dataclass(frozen=True)
class Build:
    """Which file a model's name stood for: names are moved to other files, digests aren't.

    `billions` of parameters, 0 where the node doesn't say.
    """

    digest: str
    quantisation: str
    billions: float = 0.0


@dataclass(frozen=True)
class NodeView:
    """What a node last said. `models` maps the installed names to their capabilities; `seen_at` is monotonic."""

    name: str
    is_healthy: bool
    models: Mapping[str, frozenset[str]] = field(default_factory=dict)
    loaded: frozenset[str] = frozenset()
    seen_at: float = 0.0
    builds: Mapping[str, Build] = field(default_factory=dict)

    def has(self, model: str) -> bool:
        return full_name(model) in self.models

    def can_think(self, model: str) -> bool:
        return "thinking" in self.models.get(full_name(model), ())


def view_of(
    name: str, tags: Sequence[Mapping[str, Any]], loaded: Sequence[Mapping[str, Any]], *, seen_at: float
) -> NodeView:
    """A healthy node by the entries of its /api/tags and /api/ps."""
    named = {full_name(str(tag.get("name"))): tag for tag in tags}
    return NodeView(
        name,
        is_healthy=True,
        models={model: _capabilities(tag) for model, tag in named.items()},
        loaded=frozenset(full_name(str(entry.get("name"))) for entry in loaded),
        seen_at=seen_at,
        builds={model: _build(tag) for model, tag in named.items()},
    )


def _capabilities(tag: Mapping[str, Any]) -> frozenset[str]:
    found = tag.get("capabilities")
    return frozenset(str(item) for item in found) if isinstance(found, list) else frozenset()


def _build(tag: Mapping[str, Any]) -> Build:
    details = tag.get("details")
    details = details if isinstance(details, dict) else {}
    quantisation = str(details.get("quantization_level") or "")[:20]
    return Build(str(tag.get("digest") or "")[:80], quantisation, _billions(details.get("parameter_size")))


def _billions(told: Any) -> float:
    """`8.0B`, `494.03M` (`parameter_size` of /api/tags) as a number of billions."""
    match = _SIZE.fullmatch(str(told or "").strip())
    return float(match[1]) * _BILLIONS[match[2].upper()] if match else 0.0
