"""The lexical index of knowledge: one row per article and word, ranked by BM25 in plain SQL.

`prs_terms(lang, words)` gives the stems of a text. Accents go first, since people leave them out; then the ending
"cion" gets its accent back, without which the Spanish stemmer parts "calibracion" from "calibraciones". Rows are made
and removed by knowledge.retrieval.lexical; they hold nothing that can't be rebuilt. No foreign keys: the tables are
filled in batches, and search reads every hit again from the articles.
"""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION prs_terms(lang text, words text) RETURNS tsvector LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT to_tsvector(CASE lang WHEN 'en' THEN 'english'::regconfig ELSE 'spanish'::regconfig END,
                     prs_codes(regexp_replace(unaccent(words), 'cion\M', 'ción', 'gi')))
$$;
CREATE TABLE knowledge_lexicaldocument (
  article_id bigint PRIMARY KEY,
  lang text NOT NULL,
  length real NOT NULL
);
CREATE TABLE knowledge_posting (
  lexeme text NOT NULL,
  lang text NOT NULL,
  article_id bigint NOT NULL,
  frequency real NOT NULL,
  length real NOT NULL,
  PRIMARY KEY (lexeme, lang, article_id) INCLUDE (frequency, length)
);
CREATE INDEX knowledge_posting_article ON knowledge_posting (article_id);
"""

BACKWARD = """
DROP TABLE knowledge_posting;
DROP TABLE knowledge_lexicaldocument;
DROP FUNCTION prs_terms(text, text);
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0002_immutable_versions"), ("core", "0002_text_search")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
