"""A trigger keeps when each version was the one that is read, whoever moves its state: services, importers, the demo.

A period begins when a version becomes published and ends with the next one of its article, or when the version is
archived or recalled. The rows of what was published before are made here; their ends follow from their beginnings.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION knowledge_version_period() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.published_at IS NOT NULL AND NEW.state IN ('publicada', 'reemplazada')
     AND (TG_OP = 'INSERT' OR (NEW.state = 'publicada' AND OLD.state <> 'publicada')) THEN
    INSERT INTO knowledge_validperiod (version_id, article_id, since)
    VALUES (NEW.id, NEW.article_id,
            CASE WHEN TG_OP = 'UPDATE' AND OLD.state = 'archivada' THEN clock_timestamp() ELSE NEW.published_at END);
  ELSIF TG_OP = 'UPDATE' AND OLD.state = 'publicada' AND NEW.state IN ('archivada', 'retirada') THEN
    UPDATE knowledge_validperiod SET until = clock_timestamp() WHERE version_id = NEW.id AND until IS NULL;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER knowledge_version_valid AFTER INSERT OR UPDATE OF state ON knowledge_version
  FOR EACH ROW EXECUTE FUNCTION knowledge_version_period();
INSERT INTO knowledge_validperiod (version_id, article_id, since)
  SELECT id, article_id, published_at FROM knowledge_version WHERE published_at IS NOT NULL;
"""

BACKWARD = """
DROP TRIGGER knowledge_version_valid ON knowledge_version;
DROP FUNCTION knowledge_version_period();
DELETE FROM knowledge_validperiod;
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0004_lifecycle_recall")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
