"""The text of a draft may change, each time with the next revision; everything else stays as refused as it was.

What is or was read (published, superseded, archived, recalled), and what was rejected or discarded, is never changed, nor made a draft
again, whose text might be.
"""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION knowledge_version_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'versions are never removed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF (NEW.article_id, NEW.major, NEW.minor, NEW.origin, NEW.created_at)
     IS DISTINCT FROM
     (OLD.article_id, OLD.major, OLD.minor, OLD.origin, OLD.created_at) THEN
    RAISE EXCEPTION 'the number of a version is immutable' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF OLD.state NOT IN ('borrador', 'en_revision') AND NEW.state IN ('borrador', 'en_revision') THEN
    RAISE EXCEPTION 'a closed version is never a draft again' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF (NEW.lang, NEW.title, NEW.problem, NEW.cause, NEW.solution, NEW.base_id, NEW.revision)
     IS NOT DISTINCT FROM
     (OLD.lang, OLD.title, OLD.problem, OLD.cause, OLD.solution, OLD.base_id, OLD.revision) THEN
    RETURN NEW;
  END IF;
  IF OLD.state NOT IN ('borrador', 'en_revision') OR NEW.state NOT IN ('borrador', 'en_revision') THEN
    RAISE EXCEPTION 'the text of a version is immutable' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.revision <> OLD.revision + 1 THEN
    RAISE EXCEPTION 'a change of a draft counts its revision up' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
"""

BACKWARD = """
CREATE OR REPLACE FUNCTION knowledge_version_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'versions are never removed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF (NEW.article_id, NEW.major, NEW.minor, NEW.lang, NEW.title, NEW.problem, NEW.cause, NEW.solution, NEW.origin,
      NEW.created_at)
     IS DISTINCT FROM
     (OLD.article_id, OLD.major, OLD.minor, OLD.lang, OLD.title, OLD.problem, OLD.cause, OLD.solution, OLD.origin,
      OLD.created_at) THEN
    RAISE EXCEPTION 'the text of a version is immutable' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0015_drafts_written_on")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
