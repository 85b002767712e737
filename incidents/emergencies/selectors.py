"""What is told of an emergency, and what other words would have made of past reports."""

from collections.abc import Sequence
from dataclasses import dataclass

from prsystem.runtime.selectors import get_setting

from ..models import Incident
from .signs import Danger, danger_in

PREVIEW_CASES = 200


@dataclass(frozen=True)
class Guidance:
    """What the site wants done: its text, its telephone, and the safety notice of the area."""

    text: str
    telephone: str
    safety_notice: str

    @property
    def in_one(self) -> str:
        return "\n".join(part for part in (self.text, self.telephone, self.safety_notice) if part)


def guidance_of_site() -> Guidance:
    """Without an area: while a report is being written."""
    return Guidance(get_setting("emergency.text"), get_setting("emergency.telephone"), "")


def guidance_for(incident: Incident) -> Guidance:
    return Guidance(get_setting("emergency.text"), get_setting("emergency.telephone"), incident.area.safety_notice)


@dataclass(frozen=True)
class Seen:
    """A past case, and what the given words say of it."""

    incident: Incident
    danger: Danger | None

    @property
    def is_new(self) -> bool:
        """The words decide otherwise than what was decided."""
        return (self.danger is not None) != self.incident.is_emergency


def words_preview(words: Sequence[str], never: Sequence[str]) -> list[Seen]:
    """Those of the newest PREVIEW_CASES cases that are emergencies, or would be by these words; newest first."""
    recent = Incident.objects.select_related("area").defer("search", "solution", "cause").order_by("-id")
    seen = [
        Seen(incident, danger_in(f"{incident.title}\n{incident.description}", words=words, never=never))
        for incident in recent[:PREVIEW_CASES]
    ]
    return [one for one in seen if one.danger or one.incident.is_emergency]
