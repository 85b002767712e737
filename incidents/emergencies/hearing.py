"""Danger by the meaning of a report: by the embedder's vectors where they can be had, otherwise by its words."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import structlog

from integrations.embedder.client import EmbedderError, embed_texts, embedder_identities
from knowledge.retrieval.language import detect_language

if TYPE_CHECKING:
    import numpy as np

    from .meaning import Heard

log = structlog.get_logger(__name__)
EMBED_SECONDS = 10.0


def report_heard(text: str) -> "Heard | None":
    """None for a text without words. For jobs: scikit-learn is loaded. Never raises for an embedder that is down."""
    from .meaning import danger_heard, windows_of

    windows = windows_of(text)
    return danger_heard(windows, _vectors(windows))


def _vectors(windows: Sequence[str]) -> "np.ndarray | None":
    """A row for each, of all embedders side by side; None when one of those that the weights were fitted on doesn't
    answer."""
    import numpy as np

    from .meaning import as_said, weights_embedders

    if not windows:
        return None
    said = [as_said(window) for window in windows]
    languages = [detect_language(text) for text in said]
    embed = partial(embed_texts, said, role="query", languages=languages, deadline_seconds=EMBED_SECONDS)
    try:
        names = {identity.digest: identity.name for identity in embedder_identities()}
        if missing := [digest for digest in weights_embedders() if digest not in names]:
            log.info("emergency.by_words_alone", reason="another embedder", lacking=len(missing))
            return None
        return np.hstack([np.array(embed(model=names[digest])) for digest in weights_embedders()])
    except EmbedderError as error:
        log.warning("emergency.by_words_alone", reason=str(error))
        return None
