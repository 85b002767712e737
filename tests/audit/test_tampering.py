"""Random tampering by a superuser, whom no trigger and no constraint stops: found each time, and named."""

import random
from collections.abc import Callable

import pytest

from audit.models import AuditEntry
from audit.seals import heads, sealing, verifying
from audit.seals.keys import signer_of
from audit.seals.verifying import ExportedHead, Fault
from tests.audit.trail import run, seal_all, superuser, write_entries

pytestmark = pytest.mark.django_db(transaction=True)
Expected = tuple[int, int | None]  # batch and entry; None where the batch alone can be named

COLUMNS = ("actor_kind", "actor", "accion", "recurso", "resultado", "request_id")
HEADER = {
    "count": "count + 1",
    "root": "decode(md5(random()::text) || md5(random()::text), 'hex')",
    "previous_head": "decode(md5(random()::text) || md5(random()::text), 'hex')",
    "head": "decode(md5(random()::text) || md5(random()::text), 'hex')",
    "watermark": "coalesce(watermark, 0) + 1",
    "system": "system || '1'",
    "key": "'AAAA' || substr(key, 5)",
    "signature": "set_byte(signature, 3, (get_byte(signature, 3) + 1) %% 256)",
    "sealed_at": "sealed_at - interval '1 microsecond'",
}


def members(chance: random.Random, count: int = 1) -> list[tuple[int, int, int]]:
    """Entry, batch and ordinal of random members, in the order of the chain."""
    found = run("SELECT entry_id, batch_id, ordinal FROM audit_sealedentry ORDER BY batch_id, ordinal")
    return sorted(chance.sample(found, count), key=lambda row: (row[1], row[2]))


def alter_text(chance: random.Random) -> Expected:
    [(entry, batch, _ordinal)] = members(chance)
    column = chance.choice(COLUMNS)
    run(f"UPDATE audit_auditentry SET {column} = left({column} || 'x', 12) || '.' WHERE id = %s", entry)
    return batch, entry


def alter_details(chance: random.Random) -> Expected:
    [(entry, batch, _ordinal)] = members(chance)
    change = chance.choice(
        ["jsonb_set(detalles, '{n}', '-1')", "detalles - 'n'", "jsonb_set(detalles, '{campo,antes}', '1.50')"]
    )
    run(f"UPDATE audit_auditentry SET detalles = {change} WHERE id = %s", entry)
    return batch, entry


def alter_moment(chance: random.Random) -> Expected:
    [(entry, batch, _ordinal)] = members(chance)
    run("UPDATE audit_auditentry SET timestamp = timestamp - interval '1 microsecond' WHERE id = %s", entry)
    return batch, entry


def alter_address(chance: random.Random) -> Expected:
    [(entry, batch, _ordinal)] = members(chance)
    run("UPDATE audit_auditentry SET ip = '10.1.2.3' WHERE id = %s", entry)
    return batch, entry


def alter_person(chance: random.Random) -> Expected:
    [(entry, batch, _ordinal)] = members(chance)
    run("UPDATE audit_auditentry SET usuario_id = coalesce(usuario_id, 0) + 9 WHERE id = %s", entry)
    return batch, entry


def alter_transaction(chance: random.Random) -> Expected:
    [(entry, batch, _ordinal)] = members(chance)
    run("UPDATE audit_auditentry SET xid = '3' WHERE id = %s", entry)
    return batch, entry


def alter_with_its_leaf(chance: random.Random) -> Expected:
    """The stored leaf is made again to match: the tag still tells."""
    [(entry, batch, _ordinal)] = members(chance)
    run("UPDATE audit_auditentry SET accion = 'nada' WHERE id = %s", entry)
    member = verifying.reading.member_of(entry)
    run("UPDATE audit_sealedentry SET leaf = %s WHERE entry_id = %s", verifying.leaf_of(member, member.entry), entry)
    return batch, entry


def delete(chance: random.Random) -> Expected:
    [(entry, batch, _ordinal)] = members(chance)
    run("DELETE FROM audit_auditentry WHERE id = %s", entry)
    return batch, entry


def delete_with_membership(chance: random.Random) -> Expected:
    [(entry, batch, _ordinal)] = members(chance)
    run("DELETE FROM audit_auditentry WHERE id = %s", entry)
    run("DELETE FROM audit_sealedentry WHERE entry_id = %s", entry)
    return batch, None


def swap_contents(chance: random.Random) -> Expected:
    (one, batch, _), (two, _batch, _) = members(chance, 2)
    run(
        "UPDATE audit_auditentry a SET accion = b.accion, recurso = b.recurso, detalles = b.detalles, actor = b.actor,"
        " usuario_id = b.usuario_id, timestamp = b.timestamp, xid = b.xid FROM audit_auditentry b"
        " WHERE (a.id, b.id) IN ((%s, %s), (%s, %s))",
        *(one, two, two, one),
    )
    return batch, one


def swap_places(chance: random.Random) -> Expected:
    (one, batch, place), (two, other, other_place) = members(chance, 2)
    run("UPDATE audit_sealedentry SET ordinal = 100000 WHERE entry_id = %s", one)
    run("UPDATE audit_sealedentry SET batch_id = %s, ordinal = %s WHERE entry_id = %s", batch, place, two)
    run("UPDATE audit_sealedentry SET batch_id = %s, ordinal = %s WHERE entry_id = %s", other, other_place, one)
    return batch, two


def insert_in_the_past(chance: random.Random) -> Expected:
    [(entry, _of, _ordinal)] = members(chance)
    new = -chance.randint(1, 1000)
    run(
        "INSERT INTO audit_auditentry (id, timestamp, actor_kind, actor, accion, recurso, resultado, detalles,"
        " request_id, xid) SELECT %s, timestamp, actor_kind, actor, accion, recurso, resultado, detalles, request_id,"
        " xid FROM audit_auditentry WHERE id = %s",
        *(new, entry),
    )
    return 1, new


def insert_with_membership(chance: random.Random) -> Expected:
    [(entry, batch, _ordinal)] = members(chance)
    _batch, new = insert_in_the_past(chance)
    [(last,)] = run("SELECT max(ordinal) FROM audit_sealedentry WHERE batch_id = %s", batch)
    run(
        "INSERT INTO audit_sealedentry (entry_id, batch_id, ordinal, leaf, tag)"
        " SELECT %s, %s, %s, leaf, tag FROM audit_sealedentry WHERE entry_id = %s",
        *(new, batch, last + 1, entry),
    )
    return batch, new


def insert_from_no_transaction(chance: random.Random) -> Expected:
    _batch, new = insert_in_the_past(chance)
    number = chance.choice([None, "1", "900000000000"])
    run("UPDATE audit_auditentry SET xid = %s::text::xid8 WHERE id = %s", number, new)
    return 1, new


def alter_header(chance: random.Random) -> Expected:
    [(number,)] = run("SELECT number FROM audit_sealbatch ORDER BY random() LIMIT 1")
    column = chance.choice(list(HEADER))
    run(f"UPDATE audit_sealbatch SET {column} = {HEADER[column]} WHERE number = %s", number)
    return number, None


def delete_batch(chance: random.Random) -> Expected:
    [(number,)] = run("SELECT number FROM audit_sealbatch ORDER BY random() LIMIT 1")
    run("DELETE FROM audit_sealbatch WHERE number = %s", number)
    return number, None


def cut_the_tail(chance: random.Random) -> Expected:
    [(last,)] = run("SELECT max(number) FROM audit_sealbatch")
    first = last - chance.randint(0, 3)
    run("DELETE FROM audit_auditentry WHERE id IN (SELECT entry_id FROM audit_sealedentry WHERE batch_id >= %s)", first)
    run("DELETE FROM audit_sealedentry WHERE batch_id >= %s", first)
    run("DELETE FROM audit_sealbatch WHERE number >= %s", first)
    return last, None


def seal_again_with_another_key(chance: random.Random) -> Expected:
    """The end is cut off, changed and sealed by somebody who lacks the site's key."""
    cut_the_tail(chance)
    monkey = pytest.MonkeyPatch()
    monkey.setattr(sealing, "signer", lambda: signer_of(b"k" * 32))
    try:
        write_entries(1, 999)
        run(
            "UPDATE audit_auditentry SET xid = (SELECT max(watermark) FROM audit_sealbatch)::text::xid8"
            " WHERE id = (SELECT max(id) FROM audit_auditentry)"
        )
        sealing.batch_seal()
    finally:
        monkey.undo()
    [(newest,)] = run("SELECT max(number) FROM audit_sealbatch")
    return newest, None


def alter_key_of_a_person(chance: random.Random) -> Expected:
    [(key,)] = run("SELECT actor_key_id FROM audit_sealedentry WHERE actor_key_id > 0 ORDER BY random() LIMIT 1")
    change = chance.choice(["UPDATE audit_personkey SET secret = '\\x00'", "DELETE FROM audit_personkey"])
    run(f"{change} WHERE id = %s", key)
    [first, *_] = run(
        "SELECT entry_id, batch_id FROM audit_sealedentry WHERE %s IN (actor_key_id, subject_key_id)"
        " ORDER BY batch_id, ordinal LIMIT 1",
        key,
    )
    return first[1], first[0]


def destroy_a_key_quietly(chance: random.Random) -> Expected:
    [(key,)] = run("SELECT actor_key_id FROM audit_sealedentry WHERE actor_key_id > 0 ORDER BY random() LIMIT 1")
    run("UPDATE audit_personkey SET secret = NULL, destroyed_at = now() WHERE id = %s", key)
    [first, *_] = run(
        "SELECT entry_id, batch_id FROM audit_sealedentry WHERE %s IN (actor_key_id, subject_key_id)"
        " ORDER BY batch_id, ordinal LIMIT 1",
        key,
    )
    return first[1], first[0]


def point_to_another_key(chance: random.Random) -> Expected:
    [(entry, batch)] = run(
        "SELECT entry_id, batch_id FROM audit_sealedentry WHERE actor_key_id > 0 ORDER BY random() LIMIT 1"
    )
    run("UPDATE audit_sealedentry SET actor_key_id = %s WHERE entry_id = %s", chance.choice([None, 1, 2, 10**6]), entry)
    run("UPDATE audit_auditentry SET actor = 'nadie' WHERE id = %s", entry)
    return batch, entry


def alter_member(chance: random.Random) -> Expected:
    [(entry, batch)] = run(
        "SELECT entry_id, batch_id FROM audit_sealedentry WHERE actor_key_id > 0 ORDER BY random() LIMIT 1"
    )
    column = chance.choice(["leaf", "tag", "actor_hmac"])
    run(
        f"UPDATE audit_sealedentry SET {column} = set_byte({column}, 0, (get_byte({column}, 0) + 1) %% 256)"
        " WHERE entry_id = %s",
        entry,
    )
    return batch, entry


TAMPERINGS: list[Callable[[random.Random], Expected]] = [
    *(alter_text, alter_details, alter_moment, alter_address, alter_person, alter_transaction, alter_with_its_leaf),
    *(delete, delete_with_membership, swap_contents, swap_places, insert_in_the_past, insert_with_membership),
    *(insert_from_no_transaction, alter_header, delete_batch, cut_the_tail, seal_again_with_another_key),
    *(alter_key_of_a_person, destroy_a_key_quietly, point_to_another_key, alter_member),
]


def outside_head() -> ExportedHead:
    heads.head_export()
    head = heads.head_newest()
    assert head is not None
    return head


def tampered(tampering: Callable[[random.Random], Expected], seed: int, head: ExportedHead) -> None:
    with superuser():
        batch, entry = tampering(random.Random(seed))
        fault = verifying.trail_verify([head]).fault
    assert fault is not None, (tampering.__name__, seed)
    assert fault.batch == batch, (tampering.__name__, seed, fault, entry)
    assert entry is None or fault.entry == entry, (tampering.__name__, seed, fault, entry)


@pytest.mark.parametrize("rounds", [4, pytest.param(46, marks=pytest.mark.slow)])
def test_every_tampering_is_found_and_named(trail: None, rounds: int) -> None:
    """22 kinds: 88 times, and 1,012 times in the long form."""
    head = outside_head()
    assert verifying.trail_verify([head]).fault is None
    for seed in range(rounds):
        for tampering in TAMPERINGS:
            tampered(tampering, seed, head)
    assert verifying.trail_verify([head]).fault is None
    assert AuditEntry.objects.count() == 240


def test_without_a_head_outside_a_cut_tail_is_not_seen(trail: None) -> None:
    """Why heads are exported: the rest is a whole trail."""
    head = outside_head()
    with superuser():
        cut_the_tail(random.Random(1))
        assert verifying.trail_verify().fault is None
        assert verifying.trail_verify([head]).fault.kind == verifying.TAIL_CUT


def test_an_old_head_stays_valid_while_the_trail_grows(trail: None) -> None:
    head = outside_head()
    write_entries(5, 500)
    seal_all()
    assert verifying.trail_verify([head]).fault is None


def test_a_forged_head_is_not_believed(trail: None) -> None:
    head = outside_head()
    forged = ExportedHead(head.header, bytes(64))
    assert verifying.trail_verify([forged]).fault == Fault(verifying.HEAD_BAD, head.header.number)
