"""The events of the contract."""

INCIDENT_EVENTS = ("creada", "asignada", "escalada", "sla_en_riesgo", "sla_vencido", "resuelta", "cerrada", "reabierta")
TEST_EVENT = "prueba"
EVENTS = (
    *(f"incidencia.{event}" for event in INCIDENT_EVENTS),
    "conocimiento.version_publicada",
    "respaldo.completado",
    "respaldo.fallido",
)
CHOICES = [(event, event) for event in EVENTS]
