"""The orders "by priority" and "by due date" sorted the whole table for one page."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # an index is built beside running work only outside a transaction
    dependencies = [("incidents", "0002_triage")]
    operations = [
        AddIndexConcurrently("incident", models.Index(fields=["priority", "id"], name="incident_priority")),
        AddIndexConcurrently("incident", models.Index(fields=["resolution_due_at", "id"], name="incident_due")),
    ]
