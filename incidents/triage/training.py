"""Learns triage from the site's own finished cases: a nightly job, one versioned model per target."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import structlog
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max, QuerySet

from audit.services import record
from incidents.case.choices import State
from incidents.case.models import Incident
from incidents.similar.meaning import vector_kept, vectors_space
from knowledge.services.embedding import EmbeddingUnavailable, vectors_of
from prsystem.core.context import SYSTEM
from prsystem.core.files.stored import StoreAway, store_reached
from prsystem.core.jobs import queue

from .learning import METHODS, WORDS, WORDS_AND_VECTORS
from .models import TriageCorrection, TriageModel, TriageTarget

if TYPE_CHECKING:
    import numpy as np

    from incidents.triage.learning.linear import LinearModel, Prediction, Vectors

    Predicted = tuple[Prediction, TriageModel]

log = structlog.get_logger(__name__)
SOLVED = (State.RESOLVED, State.CLOSED)
MIN_CASES, MIN_PER_LABEL, MAX_CASES = 60, 5, 20_000
CORRECTION_WEIGHT = 3.0
EMBED_BATCH, EMBED_SECONDS = 32, 60.0
# A model that tells labels hardly better than this is not used.
LEAST_F1 = 0.5
KEPT_VERSIONS = 5


def texts_embedded(texts: Sequence[str]) -> "np.ndarray":
    """Vectors of length 1. Raises EmbeddingUnavailable."""
    import numpy as np

    from knowledge.retrieval.language import detect_language

    rows: list[list[float]] = []
    for first in range(0, len(texts), EMBED_BATCH):
        batch = list(texts[first : first + EMBED_BATCH])
        languages = [detect_language(text) or "es" for text in batch]
        rows += vectors_of(batch, languages=languages, role="query", seconds=EMBED_SECONDS)
    return np.array(rows, dtype=np.float32)


def triage_learn_request() -> None:
    """Ask for the nightly learning; nothing is added while one waits."""
    with transaction.atomic():
        queue.enqueue("triage.learn", payload={}, queue="bulk", dedup_key="triage.learn")


def triage_learn() -> None:
    """Job: learn each target anew. The new version is used when it isn't worse than the one in use."""
    for target in TriageTarget:
        model = triage_model_train(target)
        if model is not None:
            log.info("triage.learned", target=target, version=model.version, macro_f1=round(model.macro_f1, 3))


def triage_model_train(target: TriageTarget) -> TriageModel | None:
    """Measure on held-out cases, train on all, keep as the next version; None when there are too few cases."""
    from incidents.triage.learning.linear import train
    from incidents.triage.learning.measuring import Example, evaluate

    texts, labels, weights = _cases(target)
    if len(texts) < MIN_CASES or len(set(labels)) < 2:
        return None
    vectors = _vectors_if_few(texts, labels)
    examples = [Example(text, label) for text, label in zip(texts, labels, strict=True)]
    score = evaluate(examples, None if vectors is None else lambda _texts: vectors.rows)
    learned = train(texts, labels, weights, vectors)
    data = learned.to_bytes()
    model = TriageModel(
        target=target,
        method=WORDS_AND_VECTORS if learned.meaning else WORDS,
        macro_f1=score.macro_f1,
        accuracy=score.accuracy,
        examples=len(texts),
        corrections=sum(weight > 1 for weight in weights),
        labels=dict(Counter(labels)),
        sha256=hashlib.sha256(data).hexdigest(),
    )
    return _kept(model, data)


def _vectors_if_few(texts: Sequence[str], labels: Sequence[str]) -> "Vectors | None":
    """None where the words are enough, or no embedder answers."""
    from incidents.triage.learning.linear import Vectors
    from incidents.triage.learning.measuring import uses_vectors

    if not uses_vectors(labels):
        return None
    try:
        return Vectors(texts_embedded(texts), vectors_space())
    except EmbeddingUnavailable as error:
        log.warning("triage.without_vectors", reason=str(error))
        return None


def _cases(target: TriageTarget) -> tuple[list[str], list[str], list[float]]:
    """Texts, labels and weights of the newest finished cases whose label isn't too rare."""
    corrected = set(TriageCorrection.objects.filter(target=target).values_list("incident_id", flat=True))
    rows = list(_finished().values_list("pk", "title", "description", *_LABEL_FIELDS[target])[:MAX_CASES])
    counts = Counter(row[3] for row in rows)
    kept = [row for row in rows if counts[row[3]] >= MIN_PER_LABEL]
    return (
        [f"{title}\n{description}" for _, title, description, *_ in kept],
        [str(row[3]) for row in kept],
        [CORRECTION_WEIGHT if row[0] in corrected else 1.0 for row in kept],
    )


_LABEL_FIELDS = {
    TriageTarget.AREA: ("area__code",),
    TriageTarget.LEVEL: ("level",),
    TriageTarget.PRIORITY: ("priority",),
}


def _finished() -> QuerySet[Incident]:
    return Incident.objects.filter(state__in=SOLVED, merged_into=None).order_by("-id")


def _kept(model: TriageModel, data: bytes) -> TriageModel:
    """Store the file, then the row; in use when it is good enough and no worse than the one in use."""
    newest = TriageModel.objects.filter(target=model.target).aggregate(newest=Max("version"))["newest"] or 0
    model.version = newest + 1
    model.file.save(f"{model.target}-{model.version}.npz", ContentFile(data), save=False)
    with transaction.atomic():
        current = TriageModel.objects.select_for_update().filter(target=model.target, is_active=True).first()
        # One of a method of an earlier release can't be read any more.
        rival = current if current is not None and current.method in METHODS else None
        model.is_active = model.macro_f1 >= LEAST_F1 and not (rival and _is_worse(model, rival))
        if current and model.is_active:
            TriageModel.objects.filter(pk=current.pk).update(is_active=False)
        model.save()
        details = {"objetivo": model.target, "version": model.version, "macro_f1": round(model.macro_f1, 4)}
        record(SYSTEM, "triage_model.trained", f"modelo_triaje:{model.pk}", {**details, "en_uso": model.is_active})
    _forget_old(model.target)
    return model


def _is_worse(model: TriageModel, current: TriageModel) -> bool:
    """Two measurements on different cases differ by chance: two points are allowed."""
    return model.macro_f1 < current.macro_f1 - 0.02


def _forget_old(target: str) -> None:
    """Files of versions that nobody uses; the rows with their figures stay."""
    old = TriageModel.objects.filter(target=target, is_active=False).exclude(file="").order_by("-version")
    for model in old[KEPT_VERSIONS:]:
        model.file.delete(save=False)
        TriageModel.objects.filter(pk=model.pk).update(file="")


def triage_predict(target: TriageTarget, text: str, incident_id: int | None = None) -> "Predicted | None":
    """What the model in use says, by the words and, where it reads them, the vector that the incident has by now; None
    without a model that can be used."""
    model = TriageModel.objects.filter(target=target, is_active=True, method__in=METHODS).first()
    if model is None:
        return None
    try:
        linear = _linear(model.pk, model.sha256)
        vector = vector_kept(incident_id, linear.meaning.fingerprint) if linear.meaning and incident_id else None
        return linear.predict([text], None if vector is None else vector[None, :])[0], model
    except (StoreAway, OSError, ValueError, KeyError) as error:
        log.warning("triage.model_unusable", model=str(model), reason=type(error).__name__)
        return None


@lru_cache(maxsize=6)
def _linear(model_id: int, sha256: str) -> "LinearModel":
    from incidents.triage.learning.linear import from_bytes

    return from_bytes(_checked_file(model_id, sha256))


def _checked_file(model_id: int, sha256: str) -> bytes:
    with store_reached(), TriageModel.objects.get(pk=model_id).file.open("rb") as file:
        data = file.read()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ValueError("the file isn't the one that was written")
    return data
