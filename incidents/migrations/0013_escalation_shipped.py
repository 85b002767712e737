"""The rules that a fresh start has. Where incidents exist already they are there, switched off."""

from django.db import migrations

RULES = {
    "Sin respuesta en L1: pasa a L2": ("L1", "L2"),
    "Sin respuesta en L2: pasa a L3": ("L2", "L3"),
}


def ship(apps, schema_editor):
    rules = apps.get_model("incidents", "EscalationRule")
    is_fresh = not apps.get_model("incidents", "Incident").objects.exists()
    for number, (name, (level, higher)) in enumerate(RULES.items(), start=1):
        rules.objects.get_or_create(
            name=name,
            defaults={
                "position": number * 100,
                "timer": "respuesta",
                "if_level": level,
                "to_level": higher,
                "notify_level": higher,
                "is_enabled": is_fresh,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0012_escalation")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
