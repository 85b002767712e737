"""Replay of an answer: the same report asked again, and what differs from then."""

from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import record
from incidents.case.people import asker_rights
from incidents.case.writing import incident_locked, require_support
from knowledge.assistant.replay import differences, passages_then
from knowledge.models import Article
from knowledge.services.assisting import Answer, answer_draft
from knowledge.services.sources import Means, passages_found_now, passages_pinned
from prsystem.core.context import SYSTEM, Actor
from prsystem.core.errors import IllegalMove
from prsystem.core.jobs import queue

from .models import Suggestion
from .selectors import latest_suggestion

# The answer differs although nothing that went in does.
CHANCE, SAME = "azar", "ninguna"


def replay_request(*, actor: Actor, incident_id: int) -> Suggestion:
    """Ask for a replay of the newest answer; a job makes it and keeps it with the record."""
    with incident_locked(incident_id) as incident:
        require_support(actor, incident)
        suggestion = latest_suggestion(incident)
        if suggestion is None or not suggestion.is_finished:
            raise IllegalMove(_("There is no finished answer to replay."))
        record(actor, "suggestion.replay_requested", incident.resource, {"sugerencia": suggestion.pk})
        queue.enqueue("suggestion.replay", payload={"suggestion_id": suggestion.pk})
    return suggestion


def suggestion_replay(suggestion_id: int) -> dict[str, Any]:
    """Job: draft again from the very passages of then, in their versions, and keep the comparison; what a search
    finds now is told beside it. Nothing of the answer itself changes."""
    suggestion = Suggestion.objects.select_related("incident__reporter").get(pk=suggestion_id)
    incident = suggestion.incident
    report, rights = f"{incident.title}\n{incident.description}", asker_rights(incident)
    means = _means_of_then(suggestion)
    answer = answer_draft(report=report, lang=incident.lang, rights=rights, means=means)
    found = differences(suggestion.record, answer.record)
    before, after = passages_then(suggestion.record), passages_found_now(report=report, rights=rights)
    is_same = (answer.text, answer.rung) == (suggestion.text, suggestion.rung)
    replay = {
        "en": timezone.now().isoformat(timespec="seconds"),
        "texto": answer.text,
        "peldaño": answer.rung,
        "nodo": answer.node,
        "articulos": sorted(_made_of(answer)),
        "igual": is_same,
        "causa": SAME if is_same else found[0].what if found else CHANCE,
        "diferencias": [asdict(one) for one in found],
        "fijados": means.pinned is not None,
        "ya_no_se_hallan": [one for one in before if one not in after],
        "se_hallan_ahora": [one for one in after if one not in before],
    }
    with transaction.atomic():
        locked = Suggestion.objects.select_for_update(of=["self"]).get(pk=suggestion_id)
        locked.record = {**locked.record, "repeticion": replay}
        locked.save(update_fields=["record"])
        details = {"sugerencia": suggestion_id, "igual": is_same, "causa": replay["causa"]}
        record(SYSTEM, "suggestion.replayed", incident.resource, details)
    return replay


def _made_of(answer: Answer) -> set[int]:
    """The articles that it cites, and all that a model was given: whoever may not read them isn't shown its text."""
    cited = {source.article_id for source in answer.sources}
    if answer.rung != Suggestion.Rung.MODEL:
        return cited
    given = {slug for _n, slug, *_rest in answer.record["pasajes"]}
    return cited | set(Article.objects.filter(slug__in=given).values_list("pk", flat=True))


def _means_of_then(suggestion: Suggestion) -> Means:
    """The passages of its record; those of a search now where the record (of an earlier release) holds none."""
    kept = suggestion.record.get("pasajes")
    pinned = passages_pinned(kept) if kept is not None else None
    mode = str(suggestion.record.get("busqueda", ""))
    return Means(pinned=pinned, mode=mode, confidence=suggestion.confidence or 0.0)
