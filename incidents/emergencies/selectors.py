"""What is told of an emergency, and what other words would have made of past reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from incidents.case.models import Incident
from prsystem.runtime.selectors import get_setting

from .signs import Danger, danger_in

PREVIEW_CASES = 200


@dataclass(frozen=True)
class Seen:
    """A past case: what the words in use say of it, and what the given ones would."""

    incident: Incident
    now: Danger | None
    then: Danger | None

    @property
    def is_changed(self) -> bool:
        return (self.now is None) != (self.then is None)


def words_previewed(words: Sequence[str], never: Sequence[str]) -> dict[str, Any]:
    """The newest PREVIEW_CASES cases judged by the given words: `changed` those that they judge otherwise than those
    in use, `same` how many dangers stay, `looked` how many cases there were."""
    recent = (
        Incident.objects.select_related("area").defer("search", "solution", "cause").order_by("-id")[:PREVIEW_CASES]
    )
    used = {"words": get_setting("emergency.words"), "never": get_setting("emergency.never")}
    seen = [
        Seen(incident, danger_in(text, **used), danger_in(text, words=words, never=never))
        for incident in recent
        for text in [f"{incident.title}\n{incident.description}"]
    ]
    return {
        "changed": [one for one in seen if one.is_changed],
        "same": sum(not one.is_changed and one.then is not None for one in seen),
        "looked": len(seen),
    }
