"""Nothing: fingerprints without a key are still known by `fingerprints_of` for the seven days that they are kept."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0008_job_turns")]
    operations = []
