"""Suggestions: asked for, drafted by a job outside any transaction, rated by people."""

import time
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import record
from incidents.case.choices import Priority
from incidents.case.models import Incident
from incidents.case.people import asker_rights, support_rights
from incidents.case.writing import incident_locked, require_move
from knowledge.assistant.ladder import Thresholds
from knowledge.models import ArticleFeedback
from knowledge.selectors import article_ids_readable, article_slugs_readable
from knowledge.services import votes_keep
from knowledge.services.assisting import Answer, answer_draft
from knowledge.services.indexing import index_is_new
from knowledge.services.search import knowledge_search
from knowledge.services.sources import Means
from prsystem.accounts.models import User
from prsystem.core.context import SYSTEM, Actor
from prsystem.core.errors import Conflict, InvalidInput
from prsystem.core.jobs import queue
from prsystem.core.rights import Rights
from prsystem.core.text.fields import checked_line
from prsystem.runtime.selectors import get_setting

from .hidden import hidden_article_ids
from .metrics import suggestion_count
from .models import Citation, Suggestion, SuggestionRating
from .proposal import UNFINISHED

DRAFT_SECONDS = 1.0
INDEX_LOOK_SECONDS = 3.0


def suggestion_request(*, actor: Actor, incident_id: int) -> Suggestion:
    """Ask again, e.g. after new knowledge. While one is being made, that one is the answer."""
    with incident_locked(incident_id) as incident:
        require_move("proponer", incident, actor)
        unfinished = incident.suggestions.filter(state__in=UNFINISHED).first()
        if unfinished:
            return unfinished
        if not get_setting("suggestions.enabled"):
            raise Conflict(_("Suggestions are switched off on this site."))
        suggestion = suggestion_create(actor, incident)
        suggestion_enqueue(incident, suggestion)
    return suggestion


def suggestion_create(actor: Actor, incident: Incident) -> Suggestion:
    """A pending one, within the incident's lock; the caller asks for the job."""
    suggestion = Suggestion.objects.create(incident=incident)
    record(actor, "suggestion.requested", incident.resource, {"sugerencia": suggestion.pk})
    return suggestion


def suggestion_enqueue(incident: Incident, suggestion: Suggestion) -> None:
    _enqueue("suggestion.draft", incident, {"suggestion_id": suggestion.pk})


def assist_enqueue(incident: Incident) -> None:
    """All that the system does with a report, once more."""
    _enqueue("incident.assist", incident, {"incident_id": incident.pk})


def _enqueue(kind: str, incident: Incident, payload: dict[str, Any], *, is_waited_for: bool = True, **how: Any) -> None:
    line = "urgent" if incident.priority == Priority.P1 else "normal"
    queue.enqueue(kind, payload=payload, queue=line if is_waited_for else "bulk", flow=f"{incident.area_id}:", **how)


def suggestion_draft(suggestion_id: int) -> None:
    """Job: retrieve, draft, check, and keep the answer. Safe to run twice; no transaction is open during a call."""
    suggestion = Suggestion.objects.select_related("incident__reporter", "incident__area").get(pk=suggestion_id)
    if suggestion.is_finished:
        return
    if index_is_new():
        _draft_later(suggestion)
        return
    mine = Suggestion.objects.filter(pk=suggestion_id, state__in=UNFINISHED)
    mine.update(state=Suggestion.State.RUNNING, text="", record={})
    incident, growing = suggestion.incident, _Growing(mine)
    answer = answer_draft(
        report=f"{incident.title}\n{incident.description}",
        lang=incident.lang,
        rights=asker_rights(incident),
        area=incident.area.code,
        on_passages=growing.lean_on,
        on_text=growing,
        means=Means(without=hidden_article_ids(incident)),
        is_urgent=incident.priority == Priority.P1,
    )
    _keep(suggestion_id, answer)


def suggestion_draft_for_support(suggestion_id: int) -> None:
    """Job, after the reporter's: what the reporter may not read can be the answer. Those who work on the case get a
    proposal of their own, where what they may read answers more probably; nothing of it is told to the reporter. Safe
    to run twice."""
    given = Suggestion.objects.select_related("incident__reporter", "incident__area").get(pk=suggestion_id)
    incident, rights = given.incident, support_rights(given.incident)
    if not _awaits_support(incident, given):
        return
    hidden = hidden_article_ids(incident)
    if not _support_reads_more(incident, rights, hidden, given.confidence or 0.0):
        return
    answer = answer_draft(
        report=f"{incident.title}\n{incident.description}",
        lang=incident.lang,
        rights=rights,
        area=incident.area.code,
        means=Means(without=hidden),
        is_urgent=incident.priority == Priority.P1,
    )
    if not answer.is_ready:
        return
    with incident_locked(incident.pk) as incident:
        if _awaits_support(incident, given):
            _keep(Suggestion.objects.create(incident=incident, for_support=True).pk, answer)


def _awaits_support(incident: Incident, given: Suggestion) -> bool:
    """An emergency gets no procedure, however it came to be one meanwhile."""
    if incident.is_emergency or not incident.is_open:
        return False
    return not incident.suggestions.filter(for_support=True, pk__gt=given.pk).exists()


def _support_reads_more(incident: Incident, rights: Rights, hidden: frozenset[int], least: float) -> bool:
    """Whether the likeliest answer, above what the reporter got, is one that he may not read."""
    report = f"{incident.title}\n{incident.description}"
    found = knowledge_search(rights=rights, text=report, area=incident.area.code)
    shown = [hit for hit in found.hits if hit.article_id not in hidden]
    likeliest = max(shown, key=lambda hit: hit.probability, default=None)
    if likeliest is None or likeliest.probability < max(Thresholds().answer, least):
        return False
    return not article_slugs_readable(asker_rights(incident), {likeliest.slug})


def _draft_later(suggestion: Suggestion) -> None:
    """Once more in a moment; it stays in line."""
    _enqueue(
        "suggestion.draft",
        suggestion.incident,
        {"suggestion_id": suggestion.pk},
        is_waited_for=queue.is_waited_for(),
        dedup_key=f"suggestion.draft:{suggestion.pk}",
        delay_seconds=INDEX_LOOK_SECONDS,
    )


class _Growing:
    """Keeps the growing text where the page looks for it, at most once in DRAFT_SECONDS: the whole comes at the end."""

    def __init__(self, rows: QuerySet[Suggestion]) -> None:
        self._rows, self._next_at = rows, 0.0
        self._record: dict[str, Any] = {}

    def lean_on(self, passages: list[list[Any]]) -> None:
        """What the text will be made of; without it nobody is shown a growing text."""
        self._record = {"pasajes": passages}

    def __call__(self, text: str) -> None:
        if time.monotonic() >= self._next_at:
            self._rows.update(text=text, record=self._record)
            self._next_at = time.monotonic() + DRAFT_SECONDS


def _keep(suggestion_id: int, answer: Answer) -> None:
    with transaction.atomic():
        suggestion = Suggestion.objects.select_for_update(of=["self"]).select_related("incident").get(pk=suggestion_id)
        if suggestion.is_finished:
            return
        suggestion.state = Suggestion.State.READY if answer.is_ready else Suggestion.State.NO_ANSWER
        suggestion.rung, suggestion.text, suggestion.confidence = answer.rung, answer.text, answer.confidence
        suggestion.model, suggestion.node, suggestion.duration_ms = answer.model, answer.node, answer.duration_ms
        suggestion.record, suggestion.finished_at = answer.record, timezone.now()
        suggestion.save()
        Citation.objects.bulk_create(
            Citation(
                suggestion=suggestion,
                number=source.number,
                article_id=source.article_id,
                version_id=source.version_id,
                kind=source.kind,
                fragment=source.text,
                score=source.score,
            )
            for source in answer.sources
        )
        details = {"sugerencia": suggestion.pk, "peldaño": answer.rung, "nodo": answer.node}
        details |= {"interno": True} if suggestion.for_support else {}
        record(SYSTEM, "suggestion.made", suggestion.incident.resource, details)
        suggestion_count(answer.rung, (answer.duration_ms or 0) / 1000)
        if not suggestion.for_support:
            _enqueue(
                "suggestion.draft_for_support",
                suggestion.incident,
                {"suggestion_id": suggestion.pk},
                is_waited_for=queue.is_waited_for(),
            )


def suggestion_fail(suggestion_id: int) -> None:
    """After the last attempt: say so instead of waiting for ever."""
    with transaction.atomic():
        suggestion = Suggestion.objects.select_for_update(of=["self"]).select_related("incident").get(pk=suggestion_id)
        if suggestion.is_finished:
            return
        suggestion.state, suggestion.finished_at = Suggestion.State.FAILED, timezone.now()
        suggestion.rung, suggestion.text = Suggestion.Rung.QUEUE, ""
        suggestion.save()
        record(SYSTEM, "suggestion.failed", suggestion.incident.resource, {"sugerencia": suggestion.pk}, "fallido")


def suggestion_rate(
    *,
    actor: Actor,
    user: User,
    suggestion: Suggestion,
    was_helpful: bool,
    comment: str = "",
    citation_number: int | None = None,
) -> SuggestionRating:
    """Rate the whole answer, or one source by its number. The last word of a person counts."""
    comment = checked_line("comentario", comment, 500, required=False)
    if not suggestion.is_finished:
        raise Conflict(_("The suggestion isn't finished yet."))
    citation = None
    if citation_number is not None:
        citation = suggestion.citations.filter(number=citation_number).first()
        if citation is None:
            raise InvalidInput.field("cita", _("There is no such citation."))
    details: dict[str, Any] = {"sugerencia": suggestion.pk, "util": was_helpful, "cita": citation_number}
    with transaction.atomic():
        rating, _new = SuggestionRating.objects.update_or_create(
            suggestion=suggestion,
            citation=citation,
            user=user,
            defaults={"was_helpful": was_helpful, "comment": comment},
        )
        record(actor, "suggestion.rated", suggestion.incident.resource, details)
        _vote(actor, user, suggestion, citation, was_helpful=was_helpful)
    return rating


def _vote(actor: Actor, user: User, suggestion: Suggestion, citation: Citation | None, *, was_helpful: bool) -> None:
    """What was said of a source, or of the whole answer, counts for the versions cited that the person may read."""
    cited = list(suggestion.citations.select_related("version")) if citation is None else [citation]
    readable = article_ids_readable(actor.rights, [c.article_id for c in cited])
    said_of = ArticleFeedback.Said.SOURCE
    if citation is None:
        is_sole = len({c.article_id for c in cited}) == 1
        said_of = ArticleFeedback.Said.SOLE if is_sole else ArticleFeedback.Said.ANSWER
    votes_keep(
        user_id=user.pk,
        versions=[c.version for c in cited if c.article_id in readable],
        was_helpful=was_helpful,
        said_of=said_of,
        area_id=suggestion.incident.area_id,
    )
