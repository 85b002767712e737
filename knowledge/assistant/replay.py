"""What went into an answer, compared with what goes in now: why a replay says something else. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Record = Mapping[str, Any]
# The first that differs is the likely cause: what comes earlier changes what comes later.
INPUTS = ("entrada", "idioma", "pasajes", "busqueda", "modelo", "digest", "prompt", "opciones", "juez")


@dataclass(frozen=True)
class Difference:
    """One input that isn't what it was; `what` is one of INPUTS."""

    what: str
    before: str
    after: str


def digest_of(report: str) -> str:
    """Tells whether the report was changed since, without keeping its text twice."""
    return hashlib.sha256(report.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def passages_then(record: Record) -> list[str]:
    """The passages that went in, as `slug version kind`."""
    return [f"{slug} {version} {kind}" for _n, slug, version, kind, _score in record.get("pasajes", [])]


def inputs_of(record: Record) -> dict[str, str]:
    """Each input as one comparable text; scores are left out, they differ in the last digits."""
    model = record.get("modelo") or {}
    options = record.get("opciones") or {}
    return {
        "entrada": str(record.get("entrada", "")),
        "idioma": str(record.get("idioma", "")),
        "pasajes": "; ".join(passages_then(record)),
        "busqueda": str(record.get("busqueda", "")),
        "modelo": str(model.get("nombre", "")),
        "digest": str(model.get("digest", "")),
        "prompt": str(record.get("prompt", "")),
        "juez": str((record.get("juez") or {}).get("modelo", "")),
        "opciones": ", ".join(f"{name}={options[name]}" for name in sorted(options)),
    }


def differences(before: Record, after: Record) -> list[Difference]:
    """In the order of INPUTS. What the older record doesn't hold (it was made by an earlier release) isn't compared."""
    old, new = inputs_of(before), inputs_of(after)
    known = [name for name in INPUTS if old[name] or name in ("pasajes", "modelo", "juez")]
    return [Difference(name, old[name], new[name]) for name in known if old[name] != new[name]]
