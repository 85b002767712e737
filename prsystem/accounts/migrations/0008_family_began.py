"""When the sign-in was that a refresh token comes from. Empty for those of before: the oldest of the family counts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_erase_the_erased")]
    operations = [
        migrations.AddField(
            model_name="refreshtoken",
            name="began_at",
            field=models.DateTimeField(
                help_text="Of its family, which ends some days after it however often it is used.",
                null=True,
                verbose_name="signed in",
            ),
        ),
    ]
