from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("core", "0007_job_lane")]

    operations = [
        AddIndexConcurrently(
            "job",
            models.Index(
                condition=models.Q(("state", "pending")), fields=["lane", "flow", "run_at", "id"], name="job_in_turn"
            ),
        ),
        AddIndexConcurrently(
            "job",
            models.Index(
                condition=models.Q(("leased_until__isnull", False), ("state", "pending")),
                fields=["subject"],
                name="job_in_hand",
            ),
        ),
    ]
