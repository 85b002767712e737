"""Replay of an answer: the same report asked again, and what differs from then."""

from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import record
from knowledge.assistant.replay import differences
from knowledge.services.assisting import answer_draft
from prsystem.core import queue
from prsystem.core.context import SYSTEM, Actor
from prsystem.core.errors import IllegalMove, NotAllowed

from ..models import Suggestion
from ..selectors import latest_suggestion
from .lifecycle import incident_locked, may_work
from .suggesting import asker_rights

# The answer differs although nothing that went in does.
CHANCE, SAME = "azar", "ninguna"


def replay_request(*, actor: Actor, incident_id: int) -> Suggestion:
    """Ask for a replay of the newest answer; a job makes it and keeps it with the record."""
    with incident_locked(incident_id) as incident:
        if not may_work(actor, incident):
            raise NotAllowed()
        suggestion = latest_suggestion(incident)
        if suggestion is None or not suggestion.is_finished:
            raise IllegalMove(_("There is no finished answer to replay."))
        record(actor, "suggestion.replay_requested", incident.resource, {"sugerencia": suggestion.pk})
        queue.enqueue("suggestion.replay", payload={"suggestion_id": suggestion.pk})
    return suggestion


def suggestion_replay(suggestion_id: int) -> dict[str, Any]:
    """Job: draft again by the same rights and keep the comparison. Nothing of the answer itself changes."""
    suggestion = Suggestion.objects.select_related("incident__reporter").get(pk=suggestion_id)
    incident = suggestion.incident
    answer = answer_draft(
        report=f"{incident.title}\n{incident.description}", lang=incident.lang, rights=asker_rights(incident)
    )
    found = differences(suggestion.record, answer.record)
    is_same = (answer.text, answer.rung) == (suggestion.text, suggestion.rung)
    replay = {
        "en": timezone.now().isoformat(timespec="seconds"),
        "texto": answer.text,
        "peldaño": answer.rung,
        "nodo": answer.node,
        "articulos": sorted({source.article_id for source in answer.sources}),
        "igual": is_same,
        "causa": SAME if is_same else found[0].what if found else CHANCE,
        "diferencias": [asdict(one) for one in found],
    }
    with transaction.atomic():
        locked = Suggestion.objects.select_for_update(of=["self"]).get(pk=suggestion_id)
        locked.record = {**locked.record, "repeticion": replay}
        locked.save(update_fields=["record"])
        details = {"sugerencia": suggestion_id, "igual": is_same, "causa": replay["causa"]}
        record(SYSTEM, "suggestion.replayed", incident.resource, details)
    return replay
