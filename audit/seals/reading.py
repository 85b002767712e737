"""Entries, members and batches as the seals see them: the stored values, past the ORM."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from .canonical import Batch, Entry

_ENTRY = """
e.id, to_char(e.timestamp AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.actor_kind, e.usuario_id, e.actor,
e.accion, e.recurso, e.resultado, e.detalles::text, host(e.ip), e.request_id, e.xid::text
"""
_BATCH = """
number, count, encode(root, 'hex'), encode(previous_head, 'hex'),
to_char(sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), watermark::text, system, key, head, signature
"""
NEWEST = f"SELECT {_BATCH} FROM audit_sealbatch ORDER BY number DESC LIMIT 1"  # noqa: S608
_AFTER = f"SELECT {_BATCH} FROM audit_sealbatch WHERE number > %s ORDER BY number LIMIT 500"  # noqa: S608
_ONE = f"SELECT {_BATCH} FROM audit_sealbatch WHERE number = %s"  # noqa: S608
# Foreign entries too (restored from another cluster): where no watermark of this cluster is known, all are asked for.
UNSEALED = f"""
SELECT {_ENTRY} FROM audit_auditentry e
WHERE e.id > %s AND NOT EXISTS (SELECT 1 FROM audit_sealedentry m WHERE m.entry_id = e.id)
ORDER BY e.id LIMIT %s
"""  # noqa: S608
SEALABLE = f"""
SELECT {_ENTRY} FROM audit_auditentry e
WHERE e.xid >= %s::text::xid8 AND e.xid < %s::text::xid8
AND NOT EXISTS (SELECT 1 FROM audit_sealedentry m WHERE m.entry_id = e.id)
ORDER BY e.xid, e.id LIMIT %s
"""  # noqa: S608
_MEMBER = f"""
SELECT m.entry_id, m.ordinal, m.leaf, m.tag, m.actor_key_id, m.actor_hmac, ak.secret, ak.destroyed_at,
       m.subject_key_id, m.subject_hmac, sk.secret, sk.destroyed_at, {_ENTRY}
FROM audit_sealedentry m LEFT JOIN audit_auditentry e ON e.id = m.entry_id
LEFT JOIN audit_personkey ak ON ak.id = m.actor_key_id LEFT JOIN audit_personkey sk ON sk.id = m.subject_key_id
"""  # noqa: S608
_MEMBERS = f"{_MEMBER} WHERE m.batch_id = %s ORDER BY m.ordinal"
_MEMBER_OF_ENTRY = f"{_MEMBER} WHERE m.entry_id = %s"


@dataclass(frozen=True)
class StoredBatch:
    """A batch row."""

    header: Batch
    head: bytes
    signature: bytes


@dataclass(frozen=True)
class Commitment:
    """What a member keeps of somebody: the commitment, and the key it was made with as long as that lives."""

    key_id: int | None
    value: bytes | None
    secret: bytes | None
    destroyed_at: datetime | None

    @property
    def is_erased(self) -> bool:
        return self.destroyed_at is not None


@dataclass(frozen=True)
class Member:
    """A membership row with the entry it names; no entry when that is gone."""

    entry_id: int
    ordinal: int
    leaf: bytes
    tag: bytes
    actor: Commitment
    subject: Commitment
    entry: Entry | None

    @property
    def erased(self) -> list[int]:
        """The people whose keys this member was made with and who were erased since."""
        if self.entry is None:
            return []
        people = ((self.actor, self.entry.usuario_id), (self.subject, self.entry.subject_id))
        return [person for kept, person in people if kept.is_erased and person is not None]


@dataclass(frozen=True)
class Moment:
    """What the database says of its transactions now. All below `watermark` have ended."""

    system: str
    watermark: int
    upper: int
    at: datetime


def rows_of(statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def moment() -> Moment:
    [row] = rows_of(
        "SELECT system_identifier::text, pg_snapshot_xmin(pg_current_snapshot())::text,"
        " pg_snapshot_xmax(pg_current_snapshot())::text, clock_timestamp() FROM pg_control_system()"
    )
    return Moment(row[0], int(row[1]), int(row[2]), row[3])


def entries(statement: str, parameters: Sequence[Any]) -> list[Entry]:
    return [Entry(*row) for row in rows_of(statement, parameters)]


def batch_newest() -> StoredBatch | None:
    found = rows_of(NEWEST)
    return _batch(found[0]) if found else None


def batch_numbered(number: int) -> StoredBatch | None:
    found = rows_of(_ONE, [number])
    return _batch(found[0]) if found else None


def batches() -> Iterator[StoredBatch]:
    """All, oldest first."""
    last = -1
    while found := rows_of(_AFTER, [last]):
        yield from (_batch(row) for row in found)
        last = found[-1][0]


def _batch(row: tuple[Any, ...]) -> StoredBatch:
    return StoredBatch(Batch(*row[:8]), bytes(row[8]), bytes(row[9]))


def members_of(number: int) -> list[Member]:
    return [_member(row) for row in rows_of(_MEMBERS, [number])]


def member_of(entry_id: int) -> Member | None:
    found = rows_of(_MEMBER_OF_ENTRY, [entry_id])
    return _member(found[0]) if found else None


def _member(row: tuple[Any, ...]) -> Member:
    entry_id, ordinal, leaf, tag = row[:4]
    entry = Entry(*row[12:]) if row[12] is not None else None
    return Member(entry_id, ordinal, leaf, tag, Commitment(*row[4:8]), Commitment(*row[8:12]), entry)


def leaves_of(number: int) -> list[tuple[int, bytes]]:
    """Entry ids and leaf hashes of a batch, in order."""
    found = rows_of("SELECT entry_id, leaf FROM audit_sealedentry WHERE batch_id = %s ORDER BY ordinal", [number])
    return [(entry_id, leaf) for entry_id, leaf in found]
