"""A second embedder's vector beside each passage; filled by the repair of the index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0011_feedback_origin")]
    operations = [
        migrations.AddField(
            model_name="passage",
            name="second_vector",
            field=models.BinaryField(
                null=True, help_text="Of the second embedder, little-endian float16; none where it didn't run yet."
            ),
        )
    ]
