"""A scratch index over a judged collection, searched as the product searches: for `evaluate_retrieval`.

Full text in temporary tables that hide the real ones from this connection, vectors exact in memory, fusion the same.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from integrations.embedder.client import Role, embed_texts

from ..retrieval.fusion import DenseHit, LexicalHit, best_per_article, fuse
from ..retrieval.language import detect_language
from ..retrieval.lexical import LexicalArticle, add_statement, hits_of, search_statement
from ..retrieval.passages import ArticleText, passages_of

CANDIDATES = 100
BATCH = 200
EMBED_BATCH = 32
EMBED_SECONDS = 60.0
TABLES = ("knowledge_posting", "knowledge_lexicaldocument")

Advance = Callable[[int], object]
Embed = Callable[[Sequence[str], Role, Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class JudgedCollection:
    """Documents (key, article), queries (key, language, text) and grades by query and document."""

    keys: list[str]
    articles: list[LexicalArticle]
    queries: list[tuple[str, str, str]]
    judgements: dict[str, dict[str, float]]


def read_collection(folder: Path, *, query_lang: str = "", document_lang: str = "") -> JudgedCollection:
    """Read documents.jsonl, queries.jsonl and qrels.tsv; the languages, if given, keep only those rows.

    Raises OSError for a missing file and ValueError for a malformed line.
    """
    rows = [row for row in _json_lines(folder / "documents.jsonl") if document_lang in ("", row.get("lang"))]
    keys = [str(row["id"]) for row in rows]
    articles = [LexicalArticle(number, _language(row), _article_text(row)) for number, row in enumerate(rows)]
    queries = [
        (str(row["id"]), str(row.get("lang", "")), str(row["text"]))
        for row in _json_lines(folder / "queries.jsonl")
        if query_lang in ("", row.get("lang"))
    ]
    return JudgedCollection(keys, articles, queries, _judgements(folder / "qrels.tsv", set(keys)))


def embedder_in_use() -> Embed:
    """The embedder at EMBEDDER_URL; without one the embedded model, loaded into this process."""
    if settings.EMBEDDER_URL:
        return lambda texts, role, languages: np.array(
            embed_texts(texts, role=role, languages=languages, deadline_seconds=EMBED_SECONDS), dtype=np.float32
        )
    from integrations.embedder.model import load_model
    from integrations.embedder.scheduling import FairEmbedder

    return FairEmbedder(load_model()).embed


class ScratchIndex:
    """Searches the articles of a collection. `embed` None searches by words only."""

    def __init__(
        self, collection: JudgedCollection, embed: Embed | None, advance: Advance, *, with_words: bool
    ) -> None:
        self._collection = collection
        self._embed = embed
        self._with_words = with_words
        self._passages = [(a.id, p.text, a.lang) for a in collection.articles for p in passages_of(a.text)]
        self._vectors = self._embedded(embed, advance) if embed else None
        if with_words:
            self._fill_postings()

    def search(self, text: str) -> list[str]:
        """Keys of the documents, best first."""
        lang = detect_language(text)
        lexical = self._lexical(text, lang) if self._with_words else []
        hits = fuse(lexical, self._dense(text, lang), query_lang=lang)
        return [self._collection.keys[hit.id] for hit in hits]

    def _lexical(self, text: str, lang: str) -> list[LexicalHit]:
        with connection.cursor() as cursor:
            cursor.execute(*search_statement(text, lang=lang, limit=CANDIDATES))
            return hits_of(cursor.fetchall())

    def _dense(self, text: str, lang: str) -> list[DenseHit]:
        if self._embed is None or self._vectors is None:
            return []
        cosines = self._vectors @ self._embed([text], "query", [lang])[0]
        count = min(CANDIDATES, len(cosines))
        nearest = np.argpartition(-cosines, count - 1)[:count]
        rows = ((self._passages[index], float(cosines[index])) for index in nearest)
        return best_per_article(DenseHit(article, cosine, lang) for (article, _, lang), cosine in rows)

    def _embedded(self, embed: Embed, advance: Advance) -> np.ndarray:
        parts = []
        for first in range(0, len(self._passages), EMBED_BATCH):
            batch = self._passages[first : first + EMBED_BATCH]
            parts.append(embed([text for _, text, _ in batch], "passage", [lang for _, _, lang in batch]))
            advance(len({article for article, _, _ in batch}))
        return np.concatenate(parts)

    def _fill_postings(self) -> None:
        articles = self._collection.articles
        with connection.cursor() as cursor:
            for first in range(0, len(articles), BATCH):
                cursor.execute(*add_statement(articles[first : first + BATCH]))
            cursor.execute(f"ANALYZE {', '.join(TABLES)}")


@contextmanager
def scratch_tables() -> Iterator[None]:
    """Empty temporary tables with the names of the lexical index, for this connection and this time only."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"CREATE TEMPORARY TABLE {table} (LIKE public.{table} INCLUDING ALL)")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"DROP TABLE pg_temp.{table}")


def _json_lines(path: Path) -> list[dict]:
    """Objects with `id` and `text`; ValueError naming the line of one that isn't."""
    found = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            row = _json_row(line)
            if not isinstance(row, dict) or not {"id", "text"} <= row.keys():
                message = _("%(file)s, line %(number)d: an object with «id» and «text» is expected")
                raise ValueError(message % {"file": path.name, "number": number})
            found.append(row)
    return found


def _json_row(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _language(row: dict) -> str:
    """As the text itself says: collections label untranslated pages by their folder."""
    given = row.get("lang")
    return detect_language(f"{row.get('title', '')}\n{row['text']}") or ("en" if given == "en" else "es")


def _article_text(row: dict) -> ArticleText:
    return ArticleText(title=str(row.get("title") or ""), solution=str(row["text"]))


def _judgements(path: Path, keys: set[str]) -> dict[str, dict[str, float]]:
    judgements: dict[str, dict[str, float]] = defaultdict(dict)
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                query, document, grade = line.rstrip("\n").split("\t")
                value = float(grade)
            except ValueError as error:
                message = _("%(file)s, line %(number)d: query, document and grade are expected, parted by tabs")
                raise ValueError(message % {"file": path.name, "number": number}) from error
            if document in keys:
                judgements[query][document] = value
    return judgements
