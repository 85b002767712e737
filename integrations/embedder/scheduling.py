"""Shares the processor between single queries, which somebody waits for, and batches of passages."""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from .model import EmbeddingModel, Role

MAX_WAITING = 64


class Busy(Exception):
    """More requests are waiting than the node will hold."""


class FairEmbedder:
    """Single texts run at once in the caller's thread; batches text by text on a pool of one thread per core.

    A batch hands the pool only as many texts as there are threads before it waits for them, so two batches share the
    pool evenly, and a query competes with at most one text per core, never with the rest of a batch.
    """

    def __init__(self, model: EmbeddingModel, threads: int | None = None) -> None:
        self._model = model
        self._threads = threads or os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="embed")
        self._waiting = threading.BoundedSemaphore(MAX_WAITING)

    def embed(self, texts: Sequence[str], role: Role, languages: Sequence[str]) -> np.ndarray:
        """Vectors in the order of the texts, shape (len(texts), dimensions). Raises Busy."""
        if not self._waiting.acquire(blocking=False):
            raise Busy
        try:
            if len(texts) == 1:
                return self._model.embed(texts, role, languages)
            return self._embed_batch(texts, role, languages)
        finally:
            self._waiting.release()

    def _embed_batch(self, texts: Sequence[str], role: Role, languages: Sequence[str]) -> np.ndarray:
        out = np.empty((len(texts), self._model.dimensions), dtype=np.float32)
        for first in range(0, len(texts), self._threads):
            turn = slice(first, first + self._threads)
            rows = self._pool.map(
                lambda pair: self._model.embed([pair[0]], role, [pair[1]]),
                zip(texts[turn], languages[turn], strict=True),
            )
            for offset, row in enumerate(rows):
                out[first + offset] = row[0]
        return out
