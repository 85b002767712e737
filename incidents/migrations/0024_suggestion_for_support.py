"""A second proposal, made of what support may read and the reporter may not."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0023_emergencies")]
    operations = [
        migrations.AddField(
            model_name="suggestion",
            name="for_support",
            field=models.BooleanField(
                default=False,
                db_default=False,
                help_text="Made of knowledge that the reporter can't read, beside the reporter's own.",
            ),
        )
    ]
