"""The calendars and targets that a fresh start has, and the pauses that the trail tells of as rows."""

from django.db import migrations

OFFICE, ALWAYS, TARGETS = "Horario de oficina", "24 x 7", "Plazos de fábrica"
# A pause begins with `incident.waiting` and ends with the next change that ends waiting.
PAUSES = """
INSERT INTO incidents_incidentpause (incident_id, started_at, ended_at, kind, reason)
SELECT incident.id, began.timestamp, ended.timestamp, 'espera', left(coalesce(began.detalles->>'motivo', ''), 200)
FROM audit_auditentry began
JOIN incidents_incident incident ON began.recurso = 'incidencia:' || incident.id
CROSS JOIN LATERAL (
  SELECT timestamp FROM audit_auditentry later
  WHERE later.recurso = began.recurso AND later.timestamp > began.timestamp AND later.resultado = 'ok'
    AND later.accion IN ('incident.resumed', 'incident.claimed', 'incident.released', 'incident.escalated',
                         'incident.resolved')
  ORDER BY later.timestamp, later.id LIMIT 1
) ended
WHERE began.accion = 'incident.waiting' AND began.resultado = 'ok'
"""


def ship(apps, schema_editor):
    calendars = apps.get_model("incidents", "BusinessCalendar")
    if calendars.objects.exists():
        return
    office = calendars.objects.create(name=OFFICE, is_default=True)
    calendars.objects.create(name=ALWAYS, is_always=True)
    spans = apps.get_model("incidents", "CalendarSpan")
    spans.objects.bulk_create(
        spans(calendar=office, weekday=day, starts="09:00", ends="18:00") for day in range(5)
    )
    apps.get_model("incidents", "SlaPolicy").objects.create(name=TARGETS, position=1000)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0006_sla"), ("audit", "0002_append_only")]
    operations = [
        # Going back leaves the rows: the migration before removes their tables.
        migrations.RunPython(ship, migrations.RunPython.noop),
        migrations.RunSQL(PAUSES, migrations.RunSQL.noop),
    ]
