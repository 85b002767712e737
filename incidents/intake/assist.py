"""Job: all that the system does with a new report, in one go: danger first, then triage, a possible duplicate, and the
suggestion."""

from incidents.emergencies.services import emergency_listen
from incidents.similar.duplicates import duplicate_propose
from incidents.similar.meaning import incident_embed
from incidents.suggestions.models import Suggestion
from incidents.suggestions.proposal import UNFINISHED
from incidents.suggestions.services import suggestion_draft, suggestion_fail
from incidents.triage.services import incident_triage


def incident_assist(incident_id: int) -> None:
    """Classify the report and draft its suggestions. Safe to run twice: what is finished is left alone."""
    emergency_listen(incident_id)
    incident_embed(incident_id)  # triage reads it
    incident_triage(incident_id)
    duplicate_propose(incident_id)
    for suggestion_id in _unfinished(incident_id):
        suggestion_draft(suggestion_id)


def incident_assist_fail(incident_id: int) -> None:
    """After the last attempt: the suggestions say so instead of waiting for ever."""
    for suggestion_id in _unfinished(incident_id):
        suggestion_fail(suggestion_id)


def _unfinished(incident_id: int) -> list[int]:
    found = Suggestion.objects.filter(incident_id=incident_id, state__in=UNFINISHED)
    return list(found.order_by("id").values_list("pk", flat=True))
