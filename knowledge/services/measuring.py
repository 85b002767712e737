"""A scratch index over a judged collection, searched as the product searches: for `evaluate_retrieval`.

Full text in temporary tables that hide the real ones from this connection, vectors exact in memory, fusion the same.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from integrations.embedder.client import MODEL, Role, embed_texts
from integrations.embedder.model import DEFAULT_MODEL, SECOND_MODEL

from ..retrieval.abstain import NEIGHBOURS, Asked, Candidate, Signs, Space, signs_of, space_of_signs
from ..retrieval.fusion import DenseHit, LexicalHit, RankedHit, best_per_article, fuse, with_first
from ..retrieval.language import detect_language
from ..retrieval.lexical import LexicalArticle, add_statement, hits_of, named_statement, search_statement
from ..retrieval.passages import ArticleText, passages_of
from ..retrieval.text import identifiers_in
from .candidates import BY_WORDS, CANDIDATES, NAMED_LOOKED_AT, few_holders
from .search import TELLING_WORDS

BATCH = 200
EMBED_BATCH = 32
EMBED_SECONDS = 60.0
TABLES = ("knowledge_posting", "knowledge_lexicaldocument")

Advance = Callable[[int], object]
Embed = Callable[[Sequence[str], Role, Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class JudgedCollection:
    """Documents (key, article), queries (key, language, text) and grades by query and document. Where rows say so: the
    areas of documents, and of queries whether they have an answer and from which area they come."""

    keys: list[str]
    articles: list[LexicalArticle]
    queries: list[tuple[str, str, str]]
    judgements: dict[str, dict[str, float]]
    areas: list[str]
    answerable: dict[str, bool]
    asked_from: dict[str, str]

    def without_answer(self, query: str) -> set[int]:
        """The documents that are taken away to ask the query without its answer."""
        return {n for n, key in enumerate(self.keys) if self.judgements.get(query, {}).get(key, 0) > 0}


def read_collection(folder: Path, *, query_lang: str = "", document_lang: str = "") -> JudgedCollection:
    """Read documents.jsonl, queries.jsonl and qrels.tsv; the languages, if given, keep only those rows.

    Raises OSError for a missing file and ValueError for a malformed line.
    """
    rows = [row for row in json_lines(folder / "documents.jsonl") if document_lang in ("", row.get("lang"))]
    keys = [str(row["id"]) for row in rows]
    articles = [LexicalArticle(number, _language(row), _article_text(row)) for number, row in enumerate(rows)]
    asked = [row for row in json_lines(folder / "queries.jsonl") if query_lang in ("", row.get("lang"))]
    return JudgedCollection(
        keys,
        articles,
        [(str(row["id"]), str(row.get("lang", "")), str(row["text"])) for row in asked],
        _judgements(folder / "qrels.tsv", set(keys)),
        areas=[str(row.get("area") or "") for row in rows],
        answerable={str(row["id"]): bool(row["answerable"]) for row in asked if "answerable" in row},
        asked_from={str(row["id"]): str(row.get("area") or "") for row in asked},
    )


def embedders_in_use() -> list[Embed]:
    """Those at EMBEDDER_URL, the one of the index and the second one; without it the embedded models, loaded into this
    process."""
    if settings.EMBEDDER_URL:
        return [partial(_embedded_by, model) for model in (MODEL, SECOND_MODEL)]
    from integrations.embedder.node import models_served
    from integrations.embedder.scheduling import FairEmbedder

    return [FairEmbedder(model).embed for model in models_served(DEFAULT_MODEL)]


def _embedded_by(model: str, texts: Sequence[str], role: Role, languages: Sequence[str]) -> np.ndarray:
    found = embed_texts(texts, role=role, languages=languages, deadline_seconds=EMBED_SECONDS, model=model)
    return np.array(found, dtype=np.float32)


class ScratchIndex:
    """Searches the articles of a collection. `embed` None searches by words only; `second` is the second embedder."""

    def __init__(
        self,
        collection: JudgedCollection,
        embed: Embed | None,
        advance: Advance,
        *,
        with_words: bool,
        second: Embed | None = None,
    ) -> None:
        self._collection = collection
        self._embed, self._second = embed, second
        self._with_words = with_words
        self._passages = [(a.id, p.text, a.lang) for a in collection.articles for p in passages_of(a.text)]
        owners = [article for article, _, _ in self._passages]
        self._starts = [n for n, article in enumerate(owners) if n == 0 or owners[n - 1] != article]
        self._vectors = self._embedded(embed, advance) if embed else None
        self._second_vectors = self._embedded(second, lambda count: None) if second else None
        if with_words:
            self._fill_postings()

    def search(self, text: str) -> list[str]:
        """Keys of the documents, best first."""
        ranked, _lexical, _second = self._ranked(text, frozenset())
        return [self._collection.keys[hit.id] for hit in ranked]

    def signs(
        self, text: str, *, area: str = "", without: Set[int] = frozenset()
    ) -> tuple[Space, list[tuple[int, Signs]]]:
        """What the probability of each of the best documents is made from, as if those of `without` weren't there."""
        ranked, lexical, second = self._ranked(text, without)
        words = {hit.id: hit.score for hit in lexical}
        judged = ranked[:NEIGHBOURS]
        candidates = [self._candidate(hit, words, second) for hit in judged]
        signs = signs_of(Asked(text, _spoken(text), area), candidates)
        return space_of_signs(candidates), list(zip((hit.id for hit in judged), signs, strict=False))

    def _ranked(self, text: str, without: Set[int]) -> tuple[list[RankedHit], list[LexicalHit], dict[int, float]]:
        lang = _spoken(text)
        lexical = [hit for hit in self._lexical(text, lang, len(without)) if hit.id not in without]
        cosines = self._by_article(self._vectors, self._embed, text, lang)
        seconds = self._by_article(self._second_vectors, self._second, text, lang)
        if cosines is None:
            return with_first(fuse(lexical, [], query_lang=lang), self._named(text) - without), lexical, {}
        near = self._nearest(cosines, without) | {hit.id for hit in lexical[:BY_WORDS]}
        dense = [DenseHit(n, float(cosines[n]), self._collection.articles[n].lang) for n in near]
        second = {n: float(seconds[n]) for n in near} if seconds is not None else {}
        ranked = fuse(lexical, best_per_article(dense), query_lang=lang, second=second)
        return with_first(ranked, self._named(text) - without), lexical, second

    def _candidate(self, hit: RankedHit, words: Mapping[int, float], second: Mapping[int, float]) -> Candidate:
        article = self._collection.articles[hit.id]
        return Candidate(
            title=article.text.title,
            said="\n".join((article.text.problem, article.text.cause, article.text.solution)),
            lang=article.lang,
            area=self._collection.areas[hit.id],
            words=words.get(hit.id, 0.0),
            first=hit.cosine,
            second=second.get(hit.id),
        )

    def _lexical(self, text: str, lang: str, more: int) -> list[LexicalHit]:
        if not self._with_words:
            return []
        with connection.cursor() as cursor:
            cursor.execute(*search_statement(text, lang=lang, limit=CANDIDATES + more))
            return hits_of(cursor.fetchall())

    def _named(self, text: str) -> frozenset[int]:
        names = identifiers_in(text) if self._with_words else []
        if not names:
            return frozenset()
        with connection.cursor() as cursor:
            cursor.execute(*named_statement(names, limit=NAMED_LOOKED_AT * len(names)))
            ids = {article for _name, article in cursor.fetchall()}
        said = {n: "\n".join(astuple(self._collection.articles[n].text)) for n in ids}
        return few_holders(names, said)

    def _by_article(self, vectors: np.ndarray | None, embed: Embed | None, text: str, lang: str) -> np.ndarray | None:
        """The cosine of each article's best passage."""
        if vectors is None or embed is None:
            return None
        return np.maximum.reduceat(vectors @ embed([text], "query", [lang])[0], self._starts)

    def _nearest(self, cosines: np.ndarray, without: Set[int]) -> set[int]:
        order = np.argsort(-cosines)[: CANDIDATES + len(without)]
        return {int(n) for n in order if int(n) not in without}

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


def _spoken(text: str) -> str:
    return detect_language(text) if len(text.split()) >= TELLING_WORDS else ""


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


def json_lines(path: Path, needed: Set[str] = frozenset({"id", "text"})) -> list[dict]:
    """Objects with the `needed` fields; ValueError naming the line of one that isn't."""
    found = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            row = _json_row(line)
            if not isinstance(row, dict) or not needed <= row.keys():
                message = _("%(file)s, line %(number)d: an object with %(fields)s is expected")
                fields = ", ".join(f"«{name}»" for name in sorted(needed))
                raise ValueError(message % {"file": path.name, "number": number, "fields": fields})
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
    """`problem` and `cause` may stand beside `text`, the solution."""
    parts = {name: str(row.get(name) or "") for name in ("title", "problem", "cause")}
    return ArticleText(**parts, solution=str(row["text"]))


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
