"""The sweep of the targets among open incidents: when all of them are due at once, and when nothing is new."""

from collections.abc import Callable
from statistics import median
from time import perf_counter

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from incidents.escalation.sweep import Swept, sla_sweep

from ..figures import Figure
from ..servers import Bench
from ..synthetic import incidents_up_to, vacuum

SUITE = "Barrido de plazos, 10,000 incidencias abiertas"
OPEN, ROUNDS, TARGET_SECONDS = 10_000, 3, 5

_CHOSEN = f"(SELECT id FROM incidents_incident ORDER BY id LIMIT {OPEN})"
_OTHERS_CLOSED = f"""
UPDATE incidents_incident SET state = 'cerrado', closed_at = coalesce(closed_at, now())
WHERE state <> 'cerrado' AND id NOT IN {_CHOSEN}
"""
_ALL_DUE = f"""
UPDATE incidents_incident SET state = 'nuevo', level = 'L1', assignee_id = NULL, responded_at = NULL,
  waiting_since = NULL, quiet_until = NULL, created_at = now() - interval '5 hours', resolved_at = NULL,
  closed_at = NULL, level_since = now() - interval '5 hours', response_warn_at = now() - interval '2 hours',
  response_due_at = now() - interval '1 hour', resolution_warn_at = now() + interval '2 days',
  resolution_due_at = now() + interval '3 days'
WHERE id IN {_CHOSEN}
"""
# The same rows as a sweep leaves, by the database alone.
_FLOOR = (
    "INSERT INTO incidents_slamark (incident_id, timer, started_at, what, at) "
    "SELECT id, 'respuesta', level_since, 'vencido', now() FROM incidents_incident WHERE state = 'nuevo'",
    "INSERT INTO audit_auditentry (actor_kind, actor, accion, recurso, resultado, detalles, request_id) "
    "SELECT 'system', 'piso', 'incident.sla_breached', 'incidencia:' || id, 'ok', "
    "jsonb_build_object('plazo', 'respuesta', 'vence_en', response_due_at), '' FROM incidents_incident "
    "WHERE state = 'nuevo'",
    "INSERT INTO core_outboxevent (event, resource, payload, created_at) SELECT 'incidencia.sla_vencido', "
    "'incidencia:' || id, jsonb_build_object('incidencia_id', id, 'nivel', level, 'vence_en', response_due_at), now() "
    "FROM incidents_incident WHERE state = 'nuevo'",
    "INSERT INTO core_job (kind, queue, payload, dedup_key, state, attempts, run_at, created_at, request_id, "
    "trace_parent, last_error) SELECT 'incident.notify', 'normal', jsonb_build_object('incident_id', id), '', "
    "'pending', 0, now(), now(), '', '', '' FROM incidents_incident WHERE state = 'nuevo'",
)


def run(bench: Bench) -> list[Figure]:
    """Rounds of floor and sweep in turns; the median of each."""
    incidents_up_to(OPEN)
    floors, swept, idle = [], [], []
    for _round in range(ROUNDS):
        _all_due()
        floors.append(_seconds(_floor))
        _all_due()
        swept.append(_seconds(_sweep))
        idle.append(_seconds(sla_sweep))
    floor = median(floors)
    return [
        Figure(SUITE, "todas vencen a la vez", median(swept), "s", floor, target=TARGET_SECONDS),
        Figure(SUITE, "la pasada siguiente", median(idle), "s", floor, target=TARGET_SECONDS),
        Figure(SUITE, "consultas, todas vencen a la vez", _queries(), ""),
    ]


def _all_due() -> None:
    with connection.cursor() as cursor:
        for statement in ("DELETE FROM incidents_slamark", "DELETE FROM core_job", _OTHERS_CLOSED, _ALL_DUE):
            cursor.execute(statement)
    vacuum("incidents_incident", "incidents_slamark", "core_job")


def _floor() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in _FLOOR:
            cursor.execute(statement)


def _sweep() -> None:
    told: Swept = sla_sweep()
    if told.breached != OPEN:
        raise AssertionError(told)


def _queries() -> int:
    _all_due()
    with CaptureQueriesContext(connection) as captured:
        sla_sweep()
    return len(captured)


def _seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began
