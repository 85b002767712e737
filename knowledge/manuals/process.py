"""Has a manual read by a process of its own, and takes its parts."""

from dataclasses import dataclass, field

from prsystem.core.bounds.confined import Broken, Limits, TooHeavy, run_confined

from .parts import Part
from .reading import TOO_HEAVY, UNREADABLE

MEMORY_BYTES = 1536 * 1024 * 1024
CPU_SECONDS = 180
WALL_SECONDS = 240.0


@dataclass(frozen=True)
class Reading:
    """`fault` is empty when there are parts. `pages` is 0 for what has none."""

    parts: list[Part] = field(default_factory=list)
    pages: int = 0
    fault: str = ""


def manual_read(path: str, kind: str, *, seconds: float = WALL_SECONDS) -> Reading:
    """Never raises for what is in the file. Ended by a limit: too heavy; ended otherwise: unreadable."""
    limits = Limits(MEMORY_BYTES, CPU_SECONDS, seconds)
    try:
        said = run_confined("knowledge.manuals.reading:answer", path, kind, limits=limits)
    except TooHeavy:
        return Reading(fault=TOO_HEAVY)
    except Broken:
        return Reading(fault=UNREADABLE)
    if said.get("fault"):
        return Reading(fault=said["fault"])
    return Reading([Part(**part) for part in said["parts"]], said["pages"])
