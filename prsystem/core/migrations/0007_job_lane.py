from django.db import migrations, models


class Migration(migrations.Migration):
    """Jobs of before stay in the lane of people's work, all in one flow."""

    dependencies = [("core", "0006_job_trace")]

    operations = [
        migrations.AddField(
            model_name="job",
            name="lane",
            field=models.PositiveSmallIntegerField(
                choices=[(0, "Urgent"), (1, "New work of people"), (2, "Backlog"), (3, "Tried again")], db_default=1
            ),
        ),
        migrations.AddField(
            model_name="job",
            name="flow",
            field=models.CharField(
                blank=True, db_default="", help_text="Whose work it is: flows of a lane take turns.", max_length=120
            ),
        ),
        migrations.AddField(
            model_name="job",
            name="subject",
            field=models.CharField(
                blank=True, db_default="", help_text="What it is about: one job in hand for each.", max_length=120
            ),
        ),
        migrations.AddField(
            model_name="job",
            name="worker",
            field=models.CharField(
                blank=True, db_default="", help_text="Who began it last: host and process.", max_length=100
            ),
        ),
    ]
