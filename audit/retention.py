"""How long entries are kept, and what happens to a person's traces: both leave an entry of their own, and the chain of
seals stays valid. People decide (by a setting, by an order); functions of the database check it and do the removing.

Only the owner of the tables may use those functions: the sealer, `erase_person`, or, without roles apart, everybody.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import DatabaseError, transaction

from audit.seals.sealing import MAX_BATCH, batch_seal
from prsystem.core.context import SYSTEM, Actor
from prsystem.core.database.ownership import owner_connection
from prsystem.runtime.selectors import get_setting

from .seals import reading
from .services import Outcome, record

log = structlog.get_logger(__name__)
RETENTION = "audit.retention_days"
RETIRED = "audit.retired"
ASKED, ERASED, REFUSED = "person.erasure_asked", "person.erased", "person.erasure_refused"
_SEALING_ROUNDS = 1000
_LOCK = 0x5052_5352  # "PRSR": one at a time does what only the owner may
_PENDING = """
SELECT a.recurso FROM audit_auditentry a WHERE a.accion = %s AND NOT EXISTS (
  SELECT 1 FROM audit_auditentry later WHERE later.recurso = a.recurso AND later.id > a.id AND later.accion = ANY(%s)
) GROUP BY a.recurso ORDER BY a.recurso
"""
# Once an hour: what is due then is done in one go.
_RETIREMENT_DUE = """
SELECT EXISTS (SELECT 1 FROM audit_sealbatch WHERE sealed_at < now() - make_interval(days => %s, hours => 1)
AND number = (SELECT coalesce(max(last_batch), 0) + 1 FROM audit_retirement)
AND number < (SELECT max(number) FROM audit_sealbatch))
"""
_UNSEALED = """
SELECT EXISTS (SELECT 1 FROM audit_auditentry e WHERE (e.usuario_id = %s OR e.recurso = %s)
AND NOT EXISTS (SELECT 1 FROM audit_sealedentry m WHERE m.entry_id = e.id))
"""


def duties_do() -> None:
    """What only the owner may do with the trail, as far as something is due: the sealer's turn, every second. The
    owner's connection is made for that alone."""
    if not (erasures_pending() or _is_retirement_due()):
        return
    with owner_connection():
        erasures_carry_out()
        batches_retire()


def _is_retirement_due() -> bool:
    days = get_setting(RETENTION)
    return bool(days and reading.rows_of(_RETIREMENT_DUE, [days])[0][0])


def batches_retire() -> int:
    """Remove the entries of batches that are older than the retention; how many. 0 days keep everything, and the
    database looks that up itself. None as well for who may not change the trail."""
    if not may_change_trail():
        return 0
    with _alone():
        return int(reading.rows_of("SELECT audit_retire()")[0][0])


def erasure_ask(*, actor: Actor, user_id: int) -> None:
    """Whoever may change the trail is to forget a person, whose account was erased. In the caller's transaction."""
    record(actor, ASKED, f"usuario:{user_id}")


def erasures_pending() -> list[int]:
    """The people whom the trail is to forget and hasn't yet."""
    rows = reading.rows_of(_PENDING, [ASKED, [ERASED, REFUSED]])
    return [int(resource.partition(":")[2]) for (resource,) in rows]


def erasures_carry_out() -> int:
    """Destroy the audit keys of those people and blank what they stand for; how many entries lost a name.

    What isn't sealed yet is sealed first; who still has unsealed entries, under way in a transaction, waits for the
    next time. Nothing for who may not change the trail.
    """
    people = erasures_pending()
    if not people or not may_change_trail():
        return 0
    for _round in range(_SEALING_ROUNDS):
        if batch_seal() < MAX_BATCH:
            break
    return sum(_erase(person) for person in people if not _has_unsealed(person))


def may_change_trail() -> bool:
    """Whether the connection's role owns the tables, as in the sealer; the application's doesn't."""
    return bool(reading.rows_of("SELECT has_table_privilege('audit_auditentry', 'UPDATE')")[0][0])


@contextmanager
def _alone() -> Iterator[None]:
    """A transaction that begins when the one of another sealer, or of `erase_person`, is over."""
    with transaction.atomic():
        reading.rows_of("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        yield


@_alone()
def _erase(person: int) -> int:
    """The database decides; a refusal is written down, and the order with it is done."""
    if person not in erasures_pending():
        return 0  # another one was first
    try:
        with transaction.atomic():
            return int(reading.rows_of("SELECT audit_erase(%s)", [person])[0][0])
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") != "42501":
            raise
        log.error("audit.erasure_refused", person=person)
        record(SYSTEM, REFUSED, f"usuario:{person}", outcome=Outcome.DENIED)
        return 0


def _has_unsealed(user_id: int) -> bool:
    return bool(reading.rows_of(_UNSEALED, [user_id, f"usuario:{user_id}"])[0][0])
