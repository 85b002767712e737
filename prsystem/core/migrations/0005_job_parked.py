from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("core", "0004_tally")]

    operations = [
        AddIndexConcurrently("job", models.Index(condition=models.Q(("state", "parked")), fields=["id"], name="job_parked")),
    ]
