"""Full-text configurations: Spanish and English stems without accents, and codes kept whole.

`prs_codes(text)` writes codes such as E-4012 or MC_02 as one word (e4012, mc02), which the default parser would cut;
`prs_search_vector(title, body)` and `prs_search_query(words)` are the two sides of incident search.
"""

from django.db import migrations

FORWARD = r"""
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE TEXT SEARCH CONFIGURATION prs_es (COPY = spanish);
ALTER TEXT SEARCH CONFIGURATION prs_es ALTER MAPPING FOR hword, hword_part, word WITH unaccent, spanish_stem;
CREATE TEXT SEARCH CONFIGURATION prs_en (COPY = english);
ALTER TEXT SEARCH CONFIGURATION prs_en ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
CREATE TEXT SEARCH CONFIGURATION prs_plain (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION prs_plain ALTER MAPPING FOR hword, hword_part, word WITH unaccent, simple;

CREATE FUNCTION prs_codes(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT regexp_replace(words, '([[:alnum:]])[-_/.]+(?=[[:alnum:]])', '\1', 'g')
$$;
CREATE FUNCTION prs_search_vector(title text, body text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT setweight(to_tsvector('prs_es'::regconfig, title), 'A') || to_tsvector('prs_es'::regconfig, body)
      || to_tsvector('prs_en'::regconfig, title || ' ' || body)
      || to_tsvector('prs_plain'::regconfig, prs_codes(title || ' ' || body))
$$;
CREATE FUNCTION prs_search_query(words text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT plainto_tsquery('prs_es'::regconfig, words) || plainto_tsquery('prs_en'::regconfig, words)
      || plainto_tsquery('prs_plain'::regconfig, prs_codes(words))
$$;
"""

BACKWARD = """
DROP FUNCTION prs_search_query(text);
DROP FUNCTION prs_search_vector(text, text);
DROP FUNCTION prs_codes(text);
DROP TEXT SEARCH CONFIGURATION prs_plain;
DROP TEXT SEARCH CONFIGURATION prs_en;
DROP TEXT SEARCH CONFIGURATION prs_es;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
