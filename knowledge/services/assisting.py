"""Drafts an answer to a report: retrieve, abstain or ask the model, check, and say on which rung it was made."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.conf import settings

from integrations.ollama.client import CHAT_OPTIONS
from integrations.ollama.cluster import Patience, get_cluster
from integrations.ollama.errors import NodeError
from integrations.ollama.inflight import BACKLOG, PEOPLE, URGENT
from integrations.ollama.wire import ChatMetrics
from prsystem.accounts.selectors import people_names
from prsystem.core.jobs.queue import is_waited_for
from prsystem.core.rights import Rights

from ..assistant.extractive import extractive_draft
from ..assistant.grounding import Grounding, GrowingAnswer
from ..assistant.ladder import Decision, Evidence, State, Thresholds, decide, should_ask_model
from ..assistant.masking import KnownNames
from ..assistant.prompts import Prompt, build_prompt
from ..assistant.records import Draft, Passage, Rung
from ..assistant.replay import digest_of
from ..citing import fragment_of
from ..in_use import chat_model_now, prompt_for
from ..models import Version
from ..retrieval.usefulness import Objections
from .search import Hit, SearchResult
from .second_opinion import SecondOpinion, second_opinion
from .sources import Means, sources_found

log = structlog.get_logger(__name__)
ANSWER_SECONDS = 120.0
FIRST_TOKEN_SECONDS = 45.0
# For a free node; after that the answer is made of the passages.
WAIT_SECONDS = 15.0
FRAGMENT_LENGTH = 1200
LIMITS = Thresholds()
OnText = Callable[[str], Any]


@dataclass(frozen=True)
class Source:
    """A cited passage: `text` is what the answer took from it, word for word from the version."""

    number: int
    article_id: int
    version_id: int
    kind: str
    text: str
    score: float


@dataclass(frozen=True)
class Answer:
    """What came out; `record` holds what is needed to explain and repeat it."""

    is_ready: bool
    rung: str
    text: str
    confidence: float
    duration_ms: int
    model: str = ""
    node: str = ""
    sources: list[Source] = field(default_factory=list)
    record: dict[str, Any] = field(default_factory=dict)


@dataclass
class _Attempt:
    """What the model made of it, if it was asked."""

    prompt: Prompt | None = None
    grounding: Grounding | None = None
    metrics: ChatMetrics | None = None
    error: str = ""
    first_token_ms: int | None = None
    judge: SecondOpinion | None = None


def answer_draft(
    *,
    report: str,
    lang: str,
    rights: Rights,
    area: str = "",
    on_passages: Callable[[list[list[Any]]], Any] = lambda passages: None,
    on_text: OnText = lambda text: None,
    means: Means = Means(),  # noqa: B008 -- immutable
    is_urgent: bool = False,
) -> Answer:
    """Answer a report of `area` from what `rights` may read. `on_text` is given the growing, checked text, and
    `on_passages` before that what it is made of, as the record keeps it.
    When every node is full it waits a while; the urgent ones go first.

    Never raises for a model, index or embedder that is down: the answer is then made on a lower rung.
    """
    started = time.monotonic()
    found, passages, versions = sources_found(report, rights, means, area)
    searched = time.monotonic()
    has_found = bool(passages)
    passages = [passage for passage in passages if passage.score >= LIMITS.passage]
    on_passages(_kept(passages))
    extract = extractive_draft(report, passages, lang=lang, confidence=found.confidence)
    evidence = Evidence(found.confidence, has_found, has_extract=extract is not None)
    models = _models_to_ask(evidence, means.models)
    attempt = _asked_in_turn(report, passages, lang, on_text, models, means.prompt, is_urgent=is_urgent)
    decision = decide(_with_model(evidence, attempt))
    chosen = _chosen(decision, attempt, extract)
    duration_ms = _milliseconds(started)
    record = _record(decision, found, passages, attempt)
    if decision.rung != Rung.MODEL:
        record["sin_modelo"] = _why_no_model(decision, attempt, means.models)
    record["entrada"], record["idioma"] = digest_of(report), lang
    record["tiempos"] = {
        "busqueda_ms": round((searched - started) * 1000),
        "primer_token_ms": attempt.first_token_ms,
        "total_ms": duration_ms,
    }
    return Answer(
        is_ready=decision.state == State.READY,
        rung=decision.rung,
        text=chosen.text if chosen else "",
        confidence=round(found.confidence, 4),
        duration_ms=duration_ms,
        model=attempt.metrics.model if attempt.metrics and decision.rung == Rung.MODEL else "",
        node=attempt.metrics.node if attempt.metrics and decision.rung == Rung.MODEL else "",
        sources=_sources(chosen, passages, versions) if chosen else [],
        record=record,
    )


def answer_from(*, report: str, lang: str, passages: Sequence[Passage]) -> tuple[str, str]:
    """The text and the rung of an answer made of passages that are known to fit: the model's, the small model's, or
    word for word. The passages are data, as in any answer; "" when none can be trusted."""
    extract = extractive_draft(report, passages, lang=lang, confidence=1.0)
    evidence = Evidence(1.0, bool(passages), has_extract=extract is not None)
    models = _models_to_ask(evidence)
    attempt = _asked_in_turn(report, passages, lang, lambda text: None, models)
    decision = decide(_with_model(evidence, attempt))
    chosen = _chosen(decision, attempt, extract)
    return (chosen.text if chosen else "", decision.rung)


def _why_no_model(decision: Decision, attempt: _Attempt, given: Sequence[str] | None) -> str:
    """A code of the page's banner: what became of the model that was asked, or why none could have been; empty where
    one was there and there was nothing to ask it."""
    if decision.reason in ("model_refused", "ungrounded"):
        return decision.reason
    if attempt.error and attempt.error != "no_node":
        return "full" if attempt.error == "cluster_full" else "failed"
    reasons = [get_cluster().why_unavailable(name) for name in _models_wanted(given)] or ["none"]
    return reasons[0] if all(reasons) else ""


def _models_wanted(given: Sequence[str] | None) -> list[str]:
    """The chat model and below it the small one, unless others are given."""
    names = (chat_model_now(), settings.OLLAMA_SMALL_MODEL) if given is None else given
    return list(dict.fromkeys(filter(None, names)))


def _models_to_ask(evidence: Evidence, given: Sequence[str] | None = None) -> list[str]:
    """Those that a healthy node has."""
    cluster = get_cluster()
    wanted = ((name, cluster.is_available(name)) for name in _models_wanted(given))
    return [name for name, is_there in wanted if should_ask_model(evidence, is_model_available=is_there)]


def _asked_in_turn(
    report: str,
    passages: Sequence[Passage],
    lang: str,
    on_text: OnText,
    models: Sequence[str],
    prompt: str = "",
    *,
    is_urgent: bool = False,
) -> _Attempt:
    """The next model is asked only when the one before it failed before anything was shown. Each with the prompt that
    suits it, unless one is given."""
    attempt, has_shown = _Attempt(), False

    def shown(text: str) -> None:
        nonlocal has_shown
        has_shown = True
        on_text(text)

    for model in models:
        version = prompt or prompt_for(model)
        attempt = _asked(report, passages, lang, shown, model, version, is_urgent=is_urgent)
        if not attempt.error or has_shown:
            break
    return attempt


def _asked(
    report: str,
    passages: Sequence[Passage],
    lang: str,
    on_text: OnText,
    model: str,
    version: str,
    *,
    is_urgent: bool = False,
) -> _Attempt:
    """One answer of a model. What nobody waits for gives way and begins anew, as long as its time lasts."""
    prompt = build_prompt(report, passages, lang=lang, version=version, names=KnownNames.of(people_names()))
    deadline, rank = time.monotonic() + ANSWER_SECONDS, _rank(is_urgent=is_urgent)
    while True:
        attempt = _asked_once(prompt, on_text, model, deadline, rank)
        if attempt.error != "gave_way":
            return attempt


def _rank(*, is_urgent: bool) -> int:
    return URGENT if is_urgent else PEOPLE if is_waited_for() else BACKLOG


def _asked_once(prompt: Prompt, on_text: OnText, model: str, deadline: float, rank: int) -> _Attempt:
    growing, attempt, started = GrowingAnswer(prompt.passages), _Attempt(prompt), time.monotonic()
    restoring = prompt.masks.restoring()
    try:
        for piece in get_cluster().chat_stream(
            prompt.messages,
            model=model,
            options={**CHAT_OPTIONS, "stop": list(prompt.stop)} if prompt.stop else CHAT_OPTIONS,
            deadline=deadline,
            first_token_seconds=FIRST_TOKEN_SECONDS,
            patience=Patience(WAIT_SECONDS if rank < BACKLOG else ANSWER_SECONDS, rank),
        ):
            if isinstance(piece, ChatMetrics):
                attempt.metrics = piece
                continue
            if attempt.first_token_ms is None:
                attempt.first_token_ms = _milliseconds(started)
            if (text := growing.feed(restoring.feed(piece))) is not None:
                on_text(text)
    except NodeError as error:
        log.warning("model.failed", code=error.code, node=error.node)
        attempt.error = error.code
        return attempt
    growing.feed(restoring.rest())
    is_complete = attempt.metrics is not None and attempt.metrics.is_complete
    attempt.judge = second_opinion(get_cluster(), model)
    attempt.grounding = growing.finish(is_complete=is_complete, judge=attempt.judge)
    return attempt


def _milliseconds(since: float) -> int:
    return round((time.monotonic() - since) * 1000)


def _with_model(evidence: Evidence, attempt: _Attempt) -> Evidence:
    if attempt.grounding is None:
        return evidence
    return Evidence(
        evidence.confidence,
        evidence.has_found,
        evidence.has_extract,
        groundedness=None if attempt.grounding.is_refusal else attempt.grounding.groundedness,
        has_refused=attempt.grounding.is_refusal,
    )


def _chosen(decision: Decision, attempt: _Attempt, extract: Draft | None) -> Grounding | Draft | None:
    if decision.rung == Rung.MODEL:
        return attempt.grounding
    return extract if decision.rung == Rung.EXTRACTIVE else None


def _sources(chosen: Grounding | Draft, passages: Sequence[Passage], versions: dict[int, Version]) -> list[Source]:
    """The cited passages, each with the lines that were taken from it."""
    taken: dict[int, list[str]] = {number: [] for number in chosen.citations}
    for sentence in chosen.sentences:
        for number in sentence.citations if sentence.is_shown else ():
            taken.setdefault(number, []).append(sentence.text)
    by_number = {passage.n: passage for passage in passages}
    return [
        Source(
            number=number,
            article_id=versions[number].article_id,
            version_id=versions[number].pk,
            kind=by_number[number].kind,
            text=fragment_of(by_number[number].text, lines, FRAGMENT_LENGTH),
            score=by_number[number].score,
        )
        for number, lines in sorted(taken.items())
    ]


def _record(decision: Decision, found: SearchResult, passages: Sequence[Passage], attempt: _Attempt) -> dict[str, Any]:
    record: dict[str, Any] = {
        "motivo": decision.reason,
        "busqueda": found.mode,
        "pasajes": _kept(passages),
    }
    if rejected := [_rejected(hit) for hit in found.hits if hit.is_rejected and hit.before_votes >= LIMITS.answer]:
        record["rechazadas"] = rejected
    if attempt.error:
        record["error_modelo"] = attempt.error
    if attempt.grounding is not None and attempt.prompt is not None:
        record |= {"prompt": attempt.prompt.version, "opciones": _options_told(attempt.prompt)}
        record["modelo"] = _model_record(attempt)
        record |= {"juez": attempt.judge.record()} if attempt.judge else {}
        record["fundamento"] = round(attempt.grounding.groundedness, 3)
        doubtful = [s for s in attempt.grounding.sentences if s.reason]
        record["sin_sustento"] = [{"texto": s.text[:300], "motivo": s.reason, "mostrada": s.is_shown} for s in doubtful]
    return record


def _rejected(hit: Hit) -> list[Any]:
    """A source that would have been proposed, if people hadn't found it useless at such cases: what was said then."""
    against = hit.votes.against if hit.votes else Objections()
    return [hit.slug, hit.version, against.people, against.reopened]


def _options_told(prompt: Prompt) -> dict[str, Any]:
    """A fence is another one each time: where it stops the answer, that it does is what a replay compares."""
    return {**CHAT_OPTIONS, **({"stop": "marcas"} if prompt.stop else {})}


def _kept(passages: Sequence[Passage]) -> list[list[Any]]:
    return [[p.n, p.article_slug, p.version, p.kind, round(p.score, 4)] for p in passages]


def _model_record(attempt: _Attempt) -> dict[str, str]:
    if attempt.metrics is None:
        return {}
    build = get_cluster().build_of(attempt.metrics.node, attempt.metrics.model)
    return {
        "nombre": attempt.metrics.model,
        "nodo": attempt.metrics.node,
        "digest": build.digest if build else "",
        "cuantizacion": build.quantisation if build else "",
    }
