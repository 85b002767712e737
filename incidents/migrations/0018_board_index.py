"""The figures of the board are read from this index alone, not from the rows with their texts."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # an index is built beside running work only outside a transaction
    dependencies = [("incidents", "0017_exams")]
    operations = [
        AddIndexConcurrently(
            "incident",
            models.Index(
                fields=["area", "created_at"],
                include=["id", "priority", "reporter", "first_response_at", "resolved_at", "closed_at", "resolution_due_at"],
                name="incident_board",
            ),
        ),
    ]
