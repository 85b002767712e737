"""What the site wants done when people are in danger."""

from dataclasses import dataclass

from prsystem.runtime.selectors import get_setting

from .models import Incident


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
