"""The database refuses to change the text of a version or to remove one; only its state and publication move."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION knowledge_version_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER knowledge_version_immutable BEFORE UPDATE OR DELETE ON knowledge_version
  FOR EACH ROW EXECUTE FUNCTION knowledge_version_refuse();
"""

BACKWARD = """
DROP TRIGGER knowledge_version_immutable ON knowledge_version;
DROP FUNCTION knowledge_version_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
