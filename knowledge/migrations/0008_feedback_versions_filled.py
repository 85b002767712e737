"""What was said of an article before is of the version that is published now."""

from django.db import migrations

FORWARD = """
UPDATE knowledge_articlefeedback f SET version_id = a.current_id
  FROM knowledge_article a WHERE a.id = f.article_id AND f.version_id IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0007_feedback_of_versions")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
