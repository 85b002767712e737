"""The sender's side of the database: few statements, each for a whole batch, each one step of a transaction.

Moments are given by the caller, so that one clock decides. After a restore nothing is handed out until it is released.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from .outcomes import Outcome

RELAY_BATCH = 500
_RELAY = """
WITH batch AS (
    SELECT id, event, resource FROM core_outboxevent WHERE relayed_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM integrations_restorepoint WHERE released_at IS NULL)
    ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), marked AS (
    UPDATE core_outboxevent SET relayed_at = %(now)s FROM batch WHERE core_outboxevent.id = batch.id
), named AS MATERIALIZED (
    SELECT batch.*, 'msg_' || replace(gen_random_uuid()::text, '-', '') AS message_id FROM batch
), added AS (
    INSERT INTO integrations_delivery
        (event_id, endpoint_id, message_id, resource, state, attempts, next_attempt_at, last_error, created_at)
    SELECT named.id, endpoint.id, named.message_id, named.resource, 'pending', 0, %(now)s, '', %(now)s
    FROM named JOIN integrations_endpoint endpoint
      ON (endpoint.state = 'active' OR endpoint.reason = 'failing')
     AND (endpoint.events = '{}' OR named.event = ANY (endpoint.events))
    ORDER BY named.id, endpoint.id
    ON CONFLICT (event_id, endpoint_id) DO NOTHING
)
SELECT count(*) FROM batch
"""
_DUE = """
SELECT due.id, due.endpoint_id, due.message_id, due.attempts, event.event, event.created_at, event.payload::text
FROM unnest(%(endpoints)s::bigint[], %(rooms)s::int[]) AS lane (endpoint_id, room)
JOIN integrations_endpoint endpoint ON endpoint.id = lane.endpoint_id AND endpoint.state = 'active'
CROSS JOIN LATERAL (
    SELECT * FROM integrations_delivery delivery
    WHERE delivery.endpoint_id = lane.endpoint_id AND delivery.state = 'pending'
      AND NOT EXISTS (SELECT 1 FROM integrations_restorepoint WHERE released_at IS NULL)
      AND delivery.next_attempt_at <= %(now)s AND delivery.id <> ALL (%(in_hand)s::bigint[])
      AND (NOT endpoint.is_ordered OR NOT EXISTS (
          SELECT 1 FROM integrations_delivery earlier
          WHERE earlier.endpoint_id = delivery.endpoint_id AND earlier.resource = delivery.resource
            AND earlier.state = 'pending' AND earlier.id < delivery.id))
    ORDER BY delivery.next_attempt_at, delivery.id LIMIT lane.room
) due
JOIN core_outboxevent event ON event.id = due.event_id
ORDER BY due.next_attempt_at, due.id
"""
_RECORD = """
WITH done AS (
    SELECT * FROM unnest(
        %(delivery)s::bigint[], %(endpoint)s::bigint[], %(attempts)s::int[], %(state)s::text[], %(result)s::text[],
        %(status)s::int[], %(error)s::text[], %(duration)s::int[], %(at)s::timestamptz[], %(next)s::timestamptz[],
        %(answer)s::text[]
    ) AS done (id, endpoint_id, attempts, state, result, status, error, duration, at, next_at, answer)
), updated AS (
    UPDATE integrations_delivery delivery
    SET state = done.state, attempts = done.attempts, next_attempt_at = done.next_at, last_status = done.status,
        last_error = done.error, finished_at = CASE WHEN done.state = 'pending' THEN NULL ELSE done.at END
    FROM done WHERE delivery.id = done.id
), logged AS (
    INSERT INTO integrations_attempt (delivery_id, number, result, status, error, duration_ms, at, answer)
    SELECT id, attempts, result, status, error, duration, at, answer FROM done
)
INSERT INTO integrations_deliverycount AS counted (endpoint_id, result, total)
SELECT endpoint_id, result, count(*) FROM done GROUP BY endpoint_id, result ORDER BY endpoint_id, result
ON CONFLICT (endpoint_id, result) DO UPDATE SET total = counted.total + EXCLUDED.total
"""
_ADD_RANGE = """
INSERT INTO integrations_delivery
    (event_id, endpoint_id, message_id, resource, state, attempts, next_attempt_at, last_error, created_at)
SELECT event.id, endpoint.id,
       COALESCE((SELECT max(message_id) FROM integrations_delivery other WHERE other.event_id = event.id),
                'msg_' || replace(gen_random_uuid()::text, '-', '')),
       event.resource, 'pending', 0, %(now)s, '', %(now)s
FROM core_outboxevent event JOIN integrations_endpoint endpoint ON endpoint.id = %(endpoint)s
WHERE event.created_at BETWEEN %(since)s AND %(until)s AND event.relayed_at IS NOT NULL AND event.event <> 'prueba'
  AND (endpoint.events = '{}' OR event.event = ANY (endpoint.events))
ORDER BY event.id
ON CONFLICT (event_id, endpoint_id) DO UPDATE
SET state = 'pending', attempts = 0, next_attempt_at = EXCLUDED.next_attempt_at, finished_at = NULL
"""
SENDER_LOCK = 7_305_114


@dataclass(frozen=True)
class Due:
    """A delivery to be tried now, with what its body is made of; `payload` is JSON text."""

    id: int
    endpoint_id: int
    message_id: str
    attempts: int
    event: str
    moment: datetime
    payload: str


def try_sender_lock() -> bool:
    """Whether this connection is now the one sender's. PostgreSQL frees the lock when the connection ends."""
    return bool(_value("SELECT pg_try_advisory_lock(%s)", [SENDER_LOCK]))


def relay(now: datetime, limit: int = RELAY_BATCH) -> int:
    """Turn the oldest unrelayed events into deliveries; how many events. Safe beside another relay."""
    return int(_value(_RELAY, {"limit": limit, "now": now}))


def due(rooms: dict[int, int], in_hand: Iterable[int], now: datetime) -> list[Due]:
    """Up to `rooms[endpoint id]` deliveries per endpoint, oldest first, without those in hand."""
    parameters: dict[str, Any] = {
        "endpoints": list(rooms),
        "rooms": list(rooms.values()),
        "in_hand": list(in_hand),
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DUE, parameters)
        return [Due(*row) for row in cursor.fetchall()]


def record(outcomes: Sequence[Outcome]) -> None:
    """Deliveries, attempts and counters of a batch."""
    columns: dict[str, Any] = {
        "delivery": [outcome.delivery_id for outcome in outcomes],
        "endpoint": [outcome.endpoint_id for outcome in outcomes],
        "attempts": [outcome.attempts for outcome in outcomes],
        "state": [outcome.state for outcome in outcomes],
        "result": [outcome.result for outcome in outcomes],
        "status": [outcome.status for outcome in outcomes],
        "error": [outcome.error for outcome in outcomes],
        "duration": [outcome.duration_ms for outcome in outcomes],
        "at": [outcome.at for outcome in outcomes],
        "next": [outcome.next_attempt_at for outcome in outcomes],
        "answer": [outcome.answer for outcome in outcomes],
    }
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, columns)


def add_range(endpoint_id: int, since: datetime, until: datetime, now: datetime) -> int:
    """Make deliveries of every relayed event of the range pending, those that were never made included; how many."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD_RANGE, {"endpoint": endpoint_id, "since": since, "until": until, "now": now})
        return cursor.rowcount


def _value(sql: str, parameters: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()[0]
