"""Sealing: what was committed since the last batch becomes the next one, signed and chained.

Writers never wait for it. An entry is taken once every transaction with a lower number than the watermark has ended,
so that none that commits late is passed over, whatever its id. An advisory lock keeps two sealers apart, and unique
previous heads make a fork impossible even without it.
"""

import secrets
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from . import reading
from .canonical import Batch, Entry, actor_content, commitment, head_of, leaf_content, named, subject_content
from .keys import KEY_BYTES, Signer, signer
from .merkle import leaf_hash, root_of
from .reading import Moment, StoredBatch

MAX_ROUNDS = 20
MAX_BATCH = 1000
LOCK = 0x5052_5341  # "PRSA"
GENESIS = "00" * 32
Keys = dict[int, tuple[int, bytes]]


class Sealed(NamedTuple):
    """A membership row, in the order of its columns in `_insert_members`."""

    entry_id: int
    ordinal: int
    leaf: bytes
    tag: bytes
    actor_key_id: int | None
    actor_hmac: bytes | None
    subject_key_id: int | None
    subject_hmac: bytes | None


def batches_seal() -> None:
    """By the clock: until nothing is left to seal, or MAX_ROUNDS batches are made."""
    for _round in range(MAX_ROUNDS):
        if batch_seal() < MAX_BATCH:
            return


def batch_seal() -> int:
    """Seal what can be sealed, at most MAX_BATCH entries; how many. 0 as well when another sealer is at work."""
    with transaction.atomic():
        if not reading.rows_of("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])[0][0]:
            return 0
        last, now = reading.batch_newest(), reading.moment()
        found, watermark = _sealable(last, now)
        if found or _new_cluster(last, now):
            _write(found, last, now, watermark)
        return len(found)


def _new_cluster(last: StoredBatch | None, now: Moment) -> bool:
    """After a restore into another cluster its transactions count anew: a batch says so, an empty one if need be."""
    return last is not None and last.header.system != now.system


def _sealable(last: StoredBatch | None, now: Moment) -> tuple[list[Entry], int | None]:
    """The next entries, and the watermark once they are sealed.

    Without a watermark of this cluster every visible entry is taken, and there is one when all of them are done.
    """
    if last is None or last.header.watermark is None or _new_cluster(last, now):
        found = _unsealed(last)
        return found, None if len(found) == MAX_BATCH else now.watermark
    found = reading.entries(reading.SEALABLE, [last.header.watermark, str(now.watermark), MAX_BATCH])
    if len(found) == MAX_BATCH:
        return found, int(found[-1].xid or 0)
    return found, now.watermark


def _unsealed(last: StoredBatch | None) -> list[Entry]:
    """From where the last batch ended; once nothing is left there, those with lower ids that committed meanwhile."""
    after = max((entry_id for entry_id, _leaf in reading.leaves_of(last.header.number)), default=0) if last else 0
    found = reading.entries(reading.UNSEALED, [after, MAX_BATCH])
    return found if len(found) == MAX_BATCH else reading.entries(reading.UNSEALED, [0, MAX_BATCH])


def _write(found: list[Entry], last: StoredBatch | None, now: Moment, watermark: int | None) -> None:
    signing = signer()
    number = last.header.number + 1 if last else 1
    members = _members(found, number, signing)
    batch = Batch(
        number=number,
        count=len(found),
        root=root_of([member.leaf for member in members]).hex(),
        previous=last.head.hex() if last else GENESIS,
        sealed_at=now.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        watermark=None if watermark is None else str(watermark),
        system=now.system,
        key=signing.public,
    )
    _insert_batch(batch, now, signing)
    _insert_members(members, number)


def _members(found: list[Entry], number: int, signing: Signer) -> list[Sealed]:
    people = {person for entry in found for person in (entry.usuario_id, entry.subject_id) if person is not None}
    keys = keys_of(people)
    return [_member(entry, number, ordinal, keys, signing) for ordinal, entry in enumerate(found)]


def _member(entry: Entry, number: int, ordinal: int, keys: Keys, signing: Signer) -> Sealed:
    actor_key, actor = _committed(actor_content(entry), entry.usuario_id, keys)
    subject_key, subject = _committed(subject_content(entry), entry.subject_id, keys)
    leaf = leaf_hash(leaf_content(entry, named(actor_key, actor), named(subject_key, subject)))
    tag = signing.tag(number, ordinal, entry.id, leaf)
    return Sealed(entry.id, ordinal, leaf, tag, actor_key, actor, subject_key, subject)


def _committed(content: bytes | None, person: int | None, keys: Keys) -> tuple[int | None, bytes | None]:
    if content is None or person is None:
        return None, None
    key_id, secret = keys[person]
    return key_id, commitment(secret, content)


def keys_of(people: set[int]) -> Keys:
    """The living key of each person, made where there is none."""
    if not people:
        return {}
    known = reading.rows_of(
        "SELECT user_id, id, secret FROM audit_personkey WHERE destroyed_at IS NULL AND user_id = ANY(%s)",
        [list(people)],
    )
    found = {person: (key_id, bytes(secret)) for person, key_id, secret in known}
    for person in sorted(people - found.keys()):
        secret = secrets.token_bytes(KEY_BYTES)
        [(key_id,)] = reading.rows_of(
            "INSERT INTO audit_personkey (user_id, secret) VALUES (%s, %s) RETURNING id", [person, secret]
        )
        found[person] = (key_id, secret)
    return found


def _insert_batch(batch: Batch, now: Moment, signing: Signer) -> None:
    head = head_of(batch)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_sealbatch"
            " (number, count, root, previous_head, head, watermark, system, key, signature, sealed_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                batch.number,
                batch.count,
                bytes.fromhex(batch.root),
                bytes.fromhex(batch.previous),
                head,
                batch.watermark,
                batch.system,
                batch.key,
                signing.sign(head),
                now.at,
            ],
        )


def _insert_members(members: list[Sealed], number: int) -> None:
    """One statement with a column per parameter: a batch costs one round trip."""
    columns = [list(column) for column in zip(*members, strict=True)]
    if not columns:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_sealedentry"
            " (batch_id, entry_id, ordinal, leaf, tag, actor_key_id, actor_hmac, subject_key_id, subject_hmac)"
            " SELECT %s, * FROM unnest(%s::bigint[], %s::int[], %s::bytea[], %s::bytea[], %s::bigint[], %s::bytea[],"
            " %s::bigint[], %s::bytea[])",
            [number, *columns],
        )


def unsealed_seconds() -> float:
    """The age of the oldest entry that no batch holds yet; 0 when there is none."""
    last = reading.batch_newest()
    since = last.header.watermark if last and last.header.watermark and last.header.system == _system() else None
    bound = "" if since is None else "e.xid >= %s::text::xid8 AND"
    found = reading.rows_of(
        f"SELECT e.timestamp FROM audit_auditentry e WHERE {bound}"  # noqa: S608
        " NOT EXISTS (SELECT 1 FROM audit_sealedentry m WHERE m.entry_id = e.id) ORDER BY e.id LIMIT 1",
        [] if since is None else [since],
    )
    return max((timezone.now() - found[0][0]).total_seconds(), 0.0) if found else 0.0


def _system() -> str:
    return reading.moment().system
