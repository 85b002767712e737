"""The exam on closed cases, and the gate that a chat model, a prompt or an embedder passes before it is used."""

import time
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.services import changes, record
from incidents.case.choices import State
from incidents.case.models import Incident
from incidents.case.people import asker_rights
from knowledge.assistant.prompts import PROMPTS
from knowledge.in_use import chat_model_now, prompt_for
from knowledge.models import IndexGeneration
from knowledge.services.assisting import Answer, answer_draft
from knowledge.services.embedding import embedder_available
from knowledge.services.indexing import generation_activate, generation_active, generation_refuse
from knowledge.services.search import knowledge_search
from knowledge.services.sources import Means
from prsystem.core.context import SYSTEM, Actor
from prsystem.core.errors import Conflict, Missing, NotAllowed
from prsystem.core.jobs import queue
from prsystem.core.text.fields import checked_line

from .models import ChatModelCandidate, ExamRun
from .scoring import CaseResult, compared, totals, worse_cases

log = structlog.get_logger(__name__)
CASES = 100
DEPTH = 5
SHOWN_CASES = 20


def exam_run(
    *, chat_model: str, prompt: str = "", generation: IndexGeneration | None = None, limit: int = CASES
) -> ExamRun | None:
    """Ask for the newest closed cases what was asked then; None without any. Empty `chat_model`: passages only.
    Another prompt or index than those in use may be named."""
    started, cases = time.monotonic(), _cases(limit)
    if not cases:
        return None
    prompt = (prompt or prompt_for(chat_model)) if chat_model else ""
    generation = generation or generation_active()
    means = Means([chat_model] if chat_model else [], prompt, generation)
    results, digest, has_answered = [], "", False
    for incident in cases:
        result, answer = _examined(incident, chat_model, means)
        results.append(result)
        model = answer.record.get("modelo") or {}
        digest, has_answered = model.get("digest", "") or digest, has_answered or bool(model)
    found = totals(results)
    failed = sum(bool(one.error) for one in results)
    is_unable = bool(chat_model) and (not has_answered or failed * 10 > len(results))
    exam = ExamRun.objects.create(
        state=ExamRun.State.UNABLE if is_unable else ExamRun.State.DONE,
        chat_model=chat_model,
        model_digest=digest,
        prompt_version=prompt,
        embedder=_embedder(generation),
        cases=len(results),
        recall_at_5=found.recall_at_5,
        groundedness=found.groundedness,
        refusal_rate=found.refusal_rate,
        results={one.number: one.as_json() for one in results},
        seconds=round(time.monotonic() - started, 2),
    )
    log.info("exam.done", model=chat_model, score=exam.score, cases=exam.cases)
    return exam


def _cases(limit: int) -> list[Incident]:
    """The newest solved cases whose resolution became knowledge, with whom they were asked by."""
    solved = Incident.objects.filter(state__in=(State.RESOLVED, State.CLOSED), merged_into=None)
    known = solved.exclude(learned_version=None).select_related("learned_version", "reporter", "area")
    return list(known.order_by("-id")[:limit])


def _examined(incident: Incident, chat_model: str, means: Means) -> tuple[CaseResult, Answer]:
    report, rights = f"{incident.title}\n{incident.description}", asker_rights(incident)
    area = incident.area.code  # as when it was reported
    found = knowledge_search(rights=rights, text=report, limit=DEPTH, area=area, generation=means.generation)
    expected = incident.learned_version.article_id if incident.learned_version else None
    answer = answer_draft(report=report, lang=incident.lang, rights=rights, area=area, means=means)
    is_refused = not answer.is_ready or (bool(chat_model) and "fundamento" not in answer.record)
    # The passages' own words are grounded by construction.
    grounded = float(answer.record.get("fundamento", 0.0)) if chat_model else float(answer.is_ready)
    result = CaseResult(
        number=incident.number,
        is_found=any(hit.article_id == expected for hit in found.hits),
        groundedness=grounded,
        is_refused=is_refused,
        error=str(answer.record.get("error_modelo", "")),
        mode=found.mode,
        is_cited=expected in {source.article_id for source in answer.sources},
    )
    return result, answer


# --- by night


def exam_request() -> None:
    """Ask for the nightly exam; nothing is added while one waits."""
    with transaction.atomic():
        queue.enqueue("exam.nightly", payload={}, queue="bulk", dedup_key="exam.nightly")


def exam_nightly() -> None:
    """Job: the passages alone, and the chat model in use when there is one."""
    for model in dict.fromkeys(("", chat_model_now())):
        exam_run(chat_model=model)


# --- the gate


@transaction.atomic
def candidate_propose(*, actor: Actor, name: str, kind: str) -> ChatModelCandidate:
    """A model, named as the nodes list it, or a prompt by its version, that may replace the one in use."""
    if not actor.rights.is_admin:
        raise NotAllowed()
    candidate = ChatModelCandidate.objects.create(kind=kind, name=checked_line("nombre", name, 120))
    record(
        actor, "chat_model.created", f"chat_model:{candidate.pk}", changes({}, {"kind": kind, "name": candidate.name})
    )
    return candidate


def candidate_examine_request(*, actor: Actor, candidate_id: int) -> None:
    if not actor.rights.is_admin:
        raise NotAllowed()
    with transaction.atomic():
        payload = {"candidate_id": candidate_id}
        queue.enqueue("exam.candidate", payload=payload, queue="bulk", dedup_key=f"exam.candidate:{candidate_id}")
        record(actor, "chat_model.exam_requested", f"chat_model:{candidate_id}")


def candidate_examine(candidate_id: int) -> ChatModelCandidate:
    """Job: examine the candidate, and what is in use anew, so that both answer the same cases."""
    candidate = ChatModelCandidate.objects.get(pk=candidate_id)
    exam = exam_run(chat_model=_model_of(candidate), prompt=_prompt_of(candidate))
    if exam is None:
        return candidate
    exam_run(chat_model=chat_model_now())
    current = _latest_exam_now()
    failing = worse_cases(current.results, exam.results)[:SHOWN_CASES] if current else []
    with transaction.atomic():
        candidate.exam, candidate.failing, candidate.state = exam, failing, ChatModelCandidate.State.EXAMINED
        candidate.save()
        record(SYSTEM, "chat_model.examined", f"chat_model:{candidate_id}", {"puntaje": exam.score, "peores": failing})
    return candidate


def _model_of(candidate: ChatModelCandidate) -> str:
    return candidate.name if candidate.kind == ChatModelCandidate.Kind.MODEL else chat_model_now()


def _prompt_of(candidate: ChatModelCandidate) -> str:
    """A prompt that isn't shipped is examined as the one in use, and never promoted."""
    is_known = candidate.kind == ChatModelCandidate.Kind.PROMPT and candidate.name in PROMPTS
    return candidate.name if is_known else prompt_for(_model_of(candidate))


def latest_exam(chat_model: str, prompt: str) -> ExamRun | None:
    """None without a model: the passages' own words are always grounded, which no model could be measured against."""
    if not chat_model:
        return None
    done = ExamRun.objects.filter(chat_model=chat_model, state=ExamRun.State.DONE)
    return done.filter(prompt_version=prompt, embedder=_embedder(generation_active())).first()


def _latest_exam_now() -> ExamRun | None:
    """Of what is in use."""
    return latest_exam(chat_model_now(), prompt_for(chat_model_now()))


def candidate_promote(*, actor: Actor, candidate_id: int) -> ChatModelCandidate:
    """Use the candidate from now on. One that scores lower than what is in use is refused and keeps that state."""
    if not actor.rights.is_admin:
        raise NotAllowed()
    with transaction.atomic():
        candidate = ChatModelCandidate.objects.select_for_update(of=["self"]).filter(pk=candidate_id).first()
        if candidate is None:
            raise Missing()
        exam = _fresh_exam(candidate)
        if exam is None:
            raise Conflict(_("It must be examined first, with the model, the prompt and the embedder of now."))
        current = _latest_exam_now()
        scores = compared(exam.results, current.results) if current else (exam.score, 0.0)
        if scores is None:
            raise Conflict(_("One of the two exams was searched by words alone: examine it again."))
        is_worse = scores[0] < scores[1]
        candidate.state = ChatModelCandidate.State.REFUSED if is_worse else ChatModelCandidate.State.PROMOTED
        candidate.decided_at = timezone.now()
        candidate.save(update_fields=["state", "decided_at"])
        details = {"clase": candidate.kind, "puntaje": scores[0], "en_uso": scores[1] if current else None}
        verb, result = ("refused", "denegado") if is_worse else ("promoted", "ok")
        record(actor, f"chat_model.{verb}", f"chat_model:{candidate_id}", details, result)
    return candidate


def candidate_scores(candidate: ChatModelCandidate) -> tuple[float, float] | None:
    """Its score and that of what is in use now, on the cases of both; None while they can't be compared."""
    current = _latest_exam_now()
    return compared(candidate.exam.results, current.results) if candidate.exam and current else None


def _fresh_exam(candidate: ChatModelCandidate) -> ExamRun | None:
    """Its exam, if it holds for what it would work with."""
    exam = candidate.exam
    if exam is None or exam.state != ExamRun.State.DONE:
        return None
    if candidate.kind == ChatModelCandidate.Kind.PROMPT and candidate.name not in PROMPTS:
        return None
    wanted = (_model_of(candidate), _prompt_of(candidate), _embedder(generation_active()))
    return exam if (exam.chat_model, exam.prompt_version, exam.embedder) == wanted else None


def _embedder(generation: IndexGeneration | None) -> str:
    """Empty while it doesn't answer: the exam is then made by text alone."""
    return generation.fingerprint if generation and embedder_available(generation) else ""


def promoted(kind: str) -> str:
    """The name of the newest promoted candidate of a kind, empty without one; what answers are made with."""
    found = ChatModelCandidate.objects.filter(kind=kind, state=ChatModelCandidate.State.PROMOTED)
    return found.order_by("-decided_at").values_list("name", flat=True).first() or ""


def embedder_examine(generation_id: int) -> None:
    """Job: examine a finished index of another embedder beside the active one; it is used unless it scores lower."""
    candidate = IndexGeneration.objects.filter(pk=generation_id, is_active=False, refused_at=None).first()
    active = generation_active()
    if candidate is None or active is None:
        return
    ours, theirs = (exam_run(chat_model="", generation=one) for one in (candidate, active))
    if ours is not None and not ours.embedder:
        return  # it doesn't answer: the next repair of the index asks again
    scores = compared(ours.results, theirs.results) if ours and theirs else (0.0, 0.0)
    if scores is None:
        return  # one was searched by words alone: as above
    is_worse = scores[0] < scores[1]
    details: dict[str, Any] = {"modelo": candidate.model, "en_uso": active.model}
    details |= {"puntaje": scores[0], "puntaje_en_uso": scores[1]} if ours and theirs else {}
    verb, result = ("refused", "denegado") if is_worse else ("promoted", "ok")
    with transaction.atomic():
        (generation_refuse if is_worse else generation_activate)(candidate)
        record(SYSTEM, f"embedder.{verb}", f"indice:{generation_id}", details, result)
