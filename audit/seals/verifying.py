"""Verification: everything that seals promise, checked against what is stored. Reads only.

The first fault found is named by batch and entry. An exported head, kept out of reach of the database's administrator,
shows what the database alone can't: that its end was cut off.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from hmac import compare_digest

from django.contrib.auth import get_user_model
from django.db import connection, transaction

from . import reading
from .canonical import Batch, Entry, actor_content, commitment, head_of, leaf_content, named, subject_content
from .keys import Signer, is_signed, signer, trusted_keys
from .merkle import inclusion_path, leaf_hash, root_from, root_of
from .reading import Commitment, Member, StoredBatch
from .sealing import GENESIS

BATCH_MISSING, BATCH_ALTERED, BATCH_UNSIGNED, BATCH_KEY = "lote_falta", "lote_alterado", "firma_invalida", "clave_ajena"
CHAIN_BROKEN, COUNT_WRONG, ROOT_WRONG = "cadena_rota", "cuenta_distinta", "raiz_distinta"
ENTRY_ALTERED, ENTRY_DELETED, ENTRY_INSERTED = "entrada_alterada", "entrada_borrada", "entrada_insertada"
ENTRY_MOVED, TAIL_CUT, HEAD_FOREIGN, HEAD_BAD = "entrada_movida", "cola_cortada", "cabeza_distinta", "cabeza_invalida"
NOT_ERASED, KEY_MISSING = "borrado_incompleto", "clave_de_persona_falta"
NOT_TOLD, NOT_GONE, STILL_THERE = "sin_constancia", "borrado_de_cuenta_viva", "retirado_presente"

# Foreign to every batch although its turn has passed, or with a transaction number that this cluster never gave.
_INSERTED = """
SELECT e.id FROM audit_auditentry e
WHERE (e.xid IS NULL OR e.xid < %s::text::xid8 OR e.xid >= %s::text::xid8)
AND NOT EXISTS (SELECT 1 FROM audit_sealedentry m WHERE m.entry_id = e.id) ORDER BY e.id LIMIT 1
"""
_ERASED = "SELECT recurso, max(timestamp) FROM audit_auditentry WHERE accion = 'person.erased' GROUP BY recurso"
_BEFORE = "SELECT batch_id FROM audit_sealedentry WHERE entry_id < %s ORDER BY entry_id DESC LIMIT 1"


@dataclass(frozen=True)
class Fault:
    """The first thing that is wrong; `batch` and `entry` are 0 where it is no particular one."""

    kind: str
    batch: int = 0
    entry: int = 0


@dataclass(frozen=True)
class ExportedHead:
    """A batch header and its signature, as exported."""

    header: Batch
    signature: bytes


@dataclass
class Verdict:
    """What was checked and the first fault, if any. `erased` counts people, `entries` those that are still kept."""

    batches: int = 0
    entries: int = 0
    erased: int = 0
    head: str = ""
    fault: Fault | None = None
    last: Batch | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Proof:
    """That one entry is in a signed batch: leaf, path to the root, header, signature."""

    entry: int
    ordinal: int
    leaf: str
    path: list[str]
    batch: Batch
    head: str
    signature: bytes


class Broken(Exception):
    """Carries the first fault to the one place that reports it."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.kind)


def trail_verify(
    heads: list[ExportedHead] | None = None, *, advance: Callable[[int], object] = lambda count: None
) -> Verdict:
    """Check every batch, every entry in it, that none was slipped in, and that exported heads are still there."""
    verdict = Verdict()
    try:
        with transaction.atomic():
            _settle()
            _check_chain(verdict, {head.header.number: head for head in heads or []}, advance)
            _check_inserted(verdict)
    except Broken as broken:
        verdict.fault = broken.fault
    return verdict


def _settle() -> None:
    """One snapshot for the whole walk, so that what is sealed meanwhile doesn't look like a fault."""
    if connection.savepoint_ids:  # within somebody's transaction its snapshots have to do
        return
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def _check_chain(verdict: Verdict, heads: dict[int, ExportedHead], advance: Callable[[int], object]) -> None:
    signing, trusted, retired = signer(), trusted_keys(), _retired()
    previous, erased = GENESIS, set[int]()
    for number, batch in enumerate(reading.batches(), start=1):
        _check_batch(batch, number, previous, trusted)
        _check_head(batch, heads.pop(number, None), trusted)
        if number > retired:
            members = _checked_members(batch, signing)
            erased |= {person for member in members for person in member.erased}
            verdict.entries += len(members)
        previous = batch.head.hex()
        verdict.batches = number
        verdict.head, verdict.last = previous, batch.header
        advance(batch.header.count)
    verdict.erased = len(erased)
    _check_erasures(erased)
    for head in heads.values():
        raise Broken(Fault(TAIL_CUT, head.header.number) if _is_ours(head, trusted) else Fault(HEAD_BAD))


def _retired() -> int:
    """The last batch whose entries were removed in due form, that is, with an entry that says so, and are gone."""
    found = reading.rows_of("SELECT last_batch FROM audit_retirement ORDER BY last_batch DESC LIMIT 1")
    if not found:
        return 0
    last = int(found[0][0])
    told = "SELECT 1 FROM audit_auditentry WHERE accion = 'audit.retired' AND detalles @> %s LIMIT 1"
    if not reading.rows_of(told, [f'{{"hasta_lote": {last}}}']):
        raise Broken(Fault(NOT_TOLD, last))
    if left := reading.rows_of("SELECT batch_id FROM audit_sealedentry WHERE batch_id <= %s LIMIT 1", [last]):
        raise Broken(Fault(STILL_THERE, left[0][0]))
    return last


def _check_erasures(people: set[int]) -> None:
    """Each destroyed key needs the entry that tells of it, and whoever an entry calls erased has to be gone."""
    told = {int(resource.partition(":")[2]): at for resource, at in reading.rows_of(_ERASED)}
    if people - told.keys():
        raise Broken(Fault(NOT_TOLD))
    for account in get_user_model().objects.filter(pk__in=told):
        came_back = account.last_login is not None and account.last_login > told[account.pk]
        if account.is_active or came_back or not account.is_erased:
            raise Broken(Fault(NOT_GONE))


def _check_batch(batch: StoredBatch, number: int, previous: str, trusted: frozenset[str]) -> None:
    header = batch.header
    if header.number != number:
        raise Broken(Fault(BATCH_MISSING, number))
    if head_of(header) != batch.head:
        raise Broken(Fault(BATCH_ALTERED, number))
    if header.key not in trusted:
        raise Broken(Fault(BATCH_KEY, number))
    if not is_signed(header.key, batch.signature, batch.head):
        raise Broken(Fault(BATCH_UNSIGNED, number))
    if header.previous != previous:
        raise Broken(Fault(CHAIN_BROKEN, number))


def _is_ours(head: ExportedHead, trusted: frozenset[str]) -> bool:
    return head.header.key in trusted and is_signed(head.header.key, head.signature, head_of(head.header))


def _check_head(batch: StoredBatch, head: ExportedHead | None, trusted: frozenset[str]) -> None:
    if head is None:
        return
    if not _is_ours(head, trusted):
        raise Broken(Fault(HEAD_BAD, batch.header.number))
    if head_of(head.header) != batch.head:
        raise Broken(Fault(HEAD_FOREIGN, batch.header.number))


def _checked_members(batch: StoredBatch, signing: Signer) -> list[Member]:
    number, members = batch.header.number, reading.members_of(batch.header.number)
    # Tags of earlier keys can't be made again: there the root alone has to tell.
    tagging = signing if batch.header.key == signing.public else None
    for place, member in enumerate(members):
        if kind := _member_fault(number, place, member, tagging):
            raise Broken(Fault(kind, number, member.entry_id))
    if len(members) != batch.header.count:
        raise Broken(Fault(COUNT_WRONG, number))
    if root_of([member.leaf for member in members]).hex() != batch.header.root:
        raise Broken(Fault(ROOT_WRONG, number))
    return members


def _member_fault(number: int, place: int, member: Member, tagging: Signer | None) -> str:
    """What is wrong with a member; empty when nothing is."""
    entry = member.entry
    if entry is None:
        return ENTRY_DELETED
    if member.ordinal != place:
        return ENTRY_MOVED
    if kind := _erasure_fault(member, entry):
        return kind
    leaf = leaf_of(member, entry)
    if leaf != member.leaf:
        return ENTRY_ALTERED
    if tagging and not compare_digest(tagging.tag(number, place, member.entry_id, leaf), member.tag):
        return ENTRY_ALTERED
    return ""


def _erasure_fault(member: Member, entry: Entry) -> str:
    """A key that is gone without having been destroyed, or one destroyed whose values are still there."""
    if any(
        kept.key_id is not None and not kept.secret and not kept.is_erased for kept in (member.actor, member.subject)
    ):
        return KEY_MISSING
    if member.actor.is_erased and (entry.actor or entry.ip):
        return NOT_ERASED
    if member.subject.is_erased and (entry.detalles != "{}" or (entry.usuario_id is None and entry.ip)):
        return NOT_ERASED
    return ""


def leaf_of(member: Member, entry: Entry) -> bytes:
    """The leaf that the stored values give. Commitments are made again where the key still lives."""
    actor = _commitment(member.actor, actor_content(entry))
    subject = _commitment(member.subject, subject_content(entry))
    return leaf_hash(leaf_content(entry, actor, subject))


def _commitment(kept: Commitment, content: bytes | None) -> str | None:
    if content is None:
        return None
    if kept.secret is None:
        return named(kept.key_id, kept.value or b"")
    made = commitment(kept.secret, content)
    return named(kept.key_id, made if made == kept.value else b"")


def _check_inserted(verdict: Verdict) -> None:
    last, now = verdict.last, reading.moment()
    if last is None or last.watermark is None or last.system != now.system:
        return
    found = reading.rows_of(_INSERTED, [last.watermark, str(now.upper)])
    if found:
        neighbour = reading.rows_of(_BEFORE, [found[0][0]])
        raise Broken(Fault(ENTRY_INSERTED, neighbour[0][0] if neighbour else 1, found[0][0]))


def entry_prove(entry_id: int) -> Proof | None:
    """The proof that the entry, as it is stored now, belongs to a signed batch; None when it isn't sealed yet.

    Raises Broken when it was altered or its batch isn't whole.
    """
    place = reading.rows_of("SELECT batch_id FROM audit_sealedentry WHERE entry_id = %s", [entry_id])
    member = reading.member_of(entry_id)
    if not place or member is None:
        return None
    number = place[0][0]
    batch = reading.batch_numbered(number)
    if batch is None:
        raise Broken(Fault(BATCH_MISSING, number, entry_id))
    if kind := _member_fault(number, member.ordinal, member, None):
        raise Broken(Fault(kind, number, entry_id))
    leaves = [leaf for _id, leaf in reading.leaves_of(number)]
    path = inclusion_path(leaves, member.ordinal)
    if root_from(member.leaf, member.ordinal, len(leaves), path).hex() != batch.header.root:
        raise Broken(Fault(ROOT_WRONG, number, entry_id))
    _check_batch(batch, number, batch.header.previous, trusted_keys())
    steps = [step.hex() for step in path]
    return Proof(entry_id, member.ordinal, member.leaf.hex(), steps, batch.header, batch.head.hex(), batch.signature)
