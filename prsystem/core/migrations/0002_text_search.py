"""Full-text configurations: Spanish and English stems without accents, and codes kept whole.

`prs_codes(text)` writes codes such as E-4012 or MC_02 as one word (E4012, MC02), which the default parser would cut;
`prs_search_vector(title, body)` and `prs_search_query(words)` (all words) or `prs_search_any(words)` (one of them) are
the sides of incident search. They carry their search_path: pg_restore empties it, and a generated column calls them.
"""

from django.db import migrations

FORWARD = r"""
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE TEXT SEARCH CONFIGURATION prs_es (COPY = spanish);
ALTER TEXT SEARCH CONFIGURATION prs_es ALTER MAPPING FOR hword, hword_part, word WITH unaccent, spanish_stem;
CREATE TEXT SEARCH CONFIGURATION prs_en (COPY = english);
ALTER TEXT SEARCH CONFIGURATION prs_en ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;

CREATE FUNCTION prs_codes(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT regexp_replace(
    regexp_replace(translate(words, '/_', ' -'), '([[:alpha:]])-+(?=[[:digit:]])', '\1', 'g'),
    '([[:digit:]])-+(?=[[:alnum:]])', '\1', 'g')
$$;
CREATE FUNCTION prs_search_vector(title text, body text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path FROM CURRENT AS $$
  SELECT setweight(to_tsvector('prs_es'::regconfig, prs_codes(title)), 'A')
      || to_tsvector('prs_es'::regconfig, prs_codes(body))
      || to_tsvector('prs_en'::regconfig, prs_codes(title || ' ' || body))
$$;
CREATE FUNCTION prs_search_query(words text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path FROM CURRENT AS $$
  SELECT plainto_tsquery('prs_es'::regconfig, prs_codes(words)) || plainto_tsquery('prs_en'::regconfig, prs_codes(words))
$$;
CREATE FUNCTION prs_search_any(words text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path FROM CURRENT AS $$
  SELECT replace(plainto_tsquery('prs_es'::regconfig, prs_codes(words))::text, ' & ', ' | ')::tsquery
$$;
"""

BACKWARD = """
DROP FUNCTION prs_search_any(text);
DROP FUNCTION prs_search_query(text);
DROP FUNCTION prs_search_vector(text, text);
DROP FUNCTION prs_codes(text);
DROP TEXT SEARCH CONFIGURATION prs_en;
DROP TEXT SEARCH CONFIGURATION prs_es;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
