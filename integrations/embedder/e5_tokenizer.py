"""SentencePiece's unigram tokenizer over XLM-RoBERTa's vocabulary of 250,000 pieces.

Pieces never cross a blank, so texts are split word by word and the splits of common words are remembered. Package
`tokenizers` gives the same ids but holds this vocabulary in 250 MB.
"""

from collections.abc import Iterator
from functools import lru_cache

from .e5_weights import Vocabulary

WORD_MARK = "\u2581"
REMEMBERED_WORDS = 20_000
MAX_WORD_CHARACTERS = 200  # splitting takes time by the square of the length


class UnigramTokenizer:
    """Splits each word into the pieces whose scores (logarithms of probabilities) have the largest sum."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._unknown_score = min(score for score, _ in vocabulary.pieces.values()) - 10
        self._longest = max(map(len, vocabulary.pieces))
        self._word_ids = lru_cache(REMEMBERED_WORDS)(self._split)

    def encode(self, text: str) -> Iterator[int]:
        """Ids of the text's pieces, without the marks of its begin and end."""
        for word in text.translate(self._vocabulary.characters).split():
            for first in range(0, len(word), MAX_WORD_CHARACTERS):
                part = word[first : first + MAX_WORD_CHARACTERS]
                yield from self._word_ids(part if first else WORD_MARK + part)

    def _split(self, word: str) -> tuple[int, ...]:
        """Viterbi: best[end] is the best score of a split of word[:end], with its last piece's id and start."""
        unknown = self._vocabulary.unknown
        best = [(0.0, unknown, 0)] + [(float("-inf"), unknown, 0)] * len(word)
        for start in range(len(word)):
            base = best[start][0]
            if base + self._unknown_score > best[start + 1][0]:
                best[start + 1] = base + self._unknown_score, unknown, start
            for end in range(start + 1, min(start + self._longest, len(word)) + 1):
                piece = self._vocabulary.pieces.get(word[start:end])
                if piece is not None and base + piece[0] > best[end][0]:
                    best[end] = base + piece[0], piece[1], start
        return tuple(reversed(list(_path(best))))


def _path(best: list[tuple[float, int, int]]) -> Iterator[int]:
    end = len(best) - 1
    while end:
        _, piece, end = best[end]
        yield piece
