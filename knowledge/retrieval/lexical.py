"""BM25 over PostgreSQL's stems: statements with parameters for the caller's cursor. Pure.

PostgreSQL's own ts_rank knows nothing of how rare a word is. Tables knowledge_posting and knowledge_lexicaldocument
hold what BM25 needs (Robertson and Zaragoza 2009), one row per article and stem; the rarity of a stem comes out of the
same index scan that finds its articles. K1 is above the usual 1.2 and titles count three times: measured in
`docs/recuperacion.md`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .fusion import LexicalHit
from .passages import ArticleText
from .text import codes_in, search_text, with_spaced_codes

K1, B = 2.0, 0.75
TITLE_WEIGHT = 3
QUERY_CHARACTERS = 600  # a longer report adds common words, which cost time and tell little
LANGUAGES = ("es", "en")

Statement = tuple[str, dict[str, Any]]

REMOVE = """
WITH gone AS (DELETE FROM knowledge_posting WHERE article_id = ANY(%(articles)s))
DELETE FROM knowledge_lexicaldocument WHERE article_id = ANY(%(articles)s)
"""

ADD = """
WITH given AS (
  SELECT * FROM unnest(%(articles)s::bigint[], %(languages)s::text[], %(titles)s::text[], %(bodies)s::text[])
    AS given(article_id, lang, title, body)
), words AS (
  SELECT article_id, lang, lexeme, sum(weight * cardinality(positions))::real AS frequency
  FROM given
  CROSS JOIN LATERAL (
    SELECT lexeme, positions, %(title_weight)s AS weight FROM unnest(prs_terms(lang, title))
    UNION ALL
    SELECT lexeme, positions, 1 FROM unnest(prs_terms(lang, body))
  ) AS found
  GROUP BY article_id, lang, lexeme
), documents AS (
  INSERT INTO knowledge_lexicaldocument (article_id, lang, length)
  SELECT article_id, lang, sum(frequency) FROM words GROUP BY article_id, lang
  RETURNING article_id, length
)
INSERT INTO knowledge_posting (lexeme, lang, article_id, frequency, length)
SELECT lexeme, lang, article_id, frequency, length FROM words JOIN documents USING (article_id)
"""

SEARCH = """
WITH collection AS (
  SELECT count(*)::float8 AS size, coalesce(avg(length), 1)::float8 AS mean_length
  FROM knowledge_lexicaldocument WHERE lang = ANY(%(languages)s::text[])
), wanted AS (
  SELECT DISTINCT lexeme FROM unnest(%(languages)s::text[]) AS given(lang), unnest(prs_terms(given.lang, %(words)s))
), matches AS (
  SELECT found.* FROM wanted CROSS JOIN LATERAL (
    SELECT article_id, lang, frequency::float8, length::float8, count(*) OVER ()::float8 AS articles
    FROM knowledge_posting
    WHERE lexeme = wanted.lexeme AND (lang = ANY(%(languages)s::text[]) OR lexeme = ANY(%(codes)s::text[]))
  ) AS found
)
SELECT article_id, lang, sum(
    ln(1 + (greatest(size, articles) - articles + 0.5) / (articles + 0.5)) * frequency * (%(k1)s + 1)
    / (frequency + %(k1)s * (1 - %(b)s + %(b)s * length / mean_length))) AS score
FROM matches, collection
{restriction}GROUP BY article_id, lang
ORDER BY score DESC, article_id
LIMIT %(limit)s
"""


NAMED = """
WITH wanted AS (
  SELECT DISTINCT name, lang, lexeme
  FROM unnest(%(names)s::text[]) AS given(name)
  CROSS JOIN unnest(%(languages)s::text[]) AS spoken(lang)
  CROSS JOIN LATERAL unnest(prs_terms(spoken.lang, name))
), needed AS (SELECT name, lang, count(*) AS parts FROM wanted GROUP BY name, lang)
SELECT name, article_id
FROM wanted JOIN needed USING (name, lang) JOIN knowledge_posting USING (lexeme, lang)
GROUP BY name, article_id, parts HAVING count(*) = parts
ORDER BY name, article_id
LIMIT %(limit)s
"""

READABLE = "WHERE article_id IN (SELECT unnest(%(readable)s::bigint[]))\n"


@dataclass(frozen=True)
class LexicalArticle:
    """What is indexed of an article: its published version's text and language."""

    id: int
    lang: str
    text: ArticleText


def remove_statement(article_ids: Sequence[int]) -> Statement:
    """Take articles out; unknown ones are ignored."""
    return REMOVE, {"articles": list(article_ids)}


def add_statement(articles: Sequence[LexicalArticle]) -> Statement:
    """Put articles in. They must not be there: run `remove_statement` before, in the same transaction."""
    return ADD, {
        "articles": [article.id for article in articles],
        "languages": [article.lang for article in articles],
        "titles": [_indexed(article.text.title) for article in articles],
        "bodies": [_indexed("\n".join((a.text.problem, a.text.cause, a.text.solution))) for a in articles],
        "title_weight": TITLE_WEIGHT,
    }


def search_statement(query: str, *, lang: str, limit: int, readable: Sequence[int] | None = None) -> Statement:
    """Rows (article_id, lang, score), best first, of articles in the query's language or sharing one of its codes.

    `lang` "" searches both languages. `readable` restricts the result to these articles; rarity is still counted over
    all of them, so that scores don't depend on who asks.
    """
    codes = codes_in(query)
    words = search_text(query)[:QUERY_CHARACTERS]
    restriction = "" if readable is None else READABLE
    return SEARCH.replace("{restriction}", restriction), {
        "words": _indexed(" ".join([words, *codes])),
        "codes": [code.lower() for code in codes],
        "languages": [lang] if lang else list(LANGUAGES),
        "readable": None if readable is None else list(readable),
        "limit": limit,
        "k1": K1,
        "b": B,
    }


def named_statement(names: Sequence[str], *, limit: int) -> Statement:
    """Rows (name, article_id) of articles that hold every word of a name, in whatever order: to be looked at."""
    return NAMED, {"names": [_indexed(name) for name in names], "languages": list(LANGUAGES), "limit": limit}


def hits_of(rows: Sequence[tuple[int, str, float]]) -> list[LexicalHit]:
    return [LexicalHit(id=article, lang=lang, score=score) for article, lang, score in rows]


def _indexed(text: str) -> str:
    return with_spaced_codes(search_text(text))
