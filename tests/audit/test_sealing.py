"""Sealing: what is taken, what waits, what follows what; many writers; a restore; proofs; heads outside."""

import json
import random
import threading
import time
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit.models import AuditEntry, SealBatch, SealedEntry
from audit.seals import heads, reading, sealing, verifying
from audit.seals.merkle import root_from
from prsystem.core.telemetry.metrics import DATABASE
from tests.audit.trail import run, seal_all, superuser, write_entries

pytestmark = pytest.mark.django_db(transaction=True)


def other_connection() -> psycopg.Connection:
    parameters = connection.get_connection_params()
    return psycopg.connect(
        **{name: parameters[name] for name in ("host", "port", "user", "dbname") if name in parameters}
    )


INSERT = (
    "INSERT INTO audit_auditentry (actor_kind, actor, accion, recurso, resultado, detalles, request_id)"
    " VALUES ('system', 'w', 'a.b', %s, 'ok', '{}', '')"
)


def test_every_entry_is_in_one_batch_and_the_trail_verifies(trail: None) -> None:
    assert SealedEntry.objects.count() == AuditEntry.objects.count() == 240
    verdict = verifying.trail_verify()
    assert verdict.fault is None
    assert (verdict.entries, verdict.batches) == (240, SealBatch.objects.count())
    assert verdict.head == reading.batch_newest().head.hex()


def test_nothing_to_seal_makes_no_batch(trail: None) -> None:
    count = SealBatch.objects.count()
    assert sealing.batch_seal() == 0
    assert SealBatch.objects.count() == count


def test_an_open_transaction_holds_back_later_ids_and_is_not_passed_over() -> None:
    write_entries(1)
    seal_all()
    with other_connection() as slow:
        slow.execute(INSERT, ["lenta:1"])
        write_entries(3, 10)
        assert sealing.batch_seal() == 0
        slow.commit()
    assert seal_all() == 4
    assert verifying.trail_verify().fault is None


def test_a_rolled_back_transaction_leaves_no_gap_in_the_batches() -> None:
    with other_connection() as other:
        other.execute(INSERT, ["nunca:1"])
        other.rollback()
    write_entries(2)
    assert seal_all() == 2
    assert verifying.trail_verify().fault is None


def test_one_transaction_with_more_entries_than_a_batch_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    write_entries(1)
    seal_all()
    monkeypatch.setattr(sealing, "MAX_BATCH", 7)
    with other_connection() as other:
        for number in range(30):
            other.execute(INSERT, [f"import:{number}"])
    assert seal_all() == 30
    assert verifying.trail_verify().fault is None
    assert SealedEntry.objects.count() == 31


def test_entries_of_before_sealing_are_sealed_first() -> None:
    write_entries(12)
    with superuser():
        run("UPDATE audit_auditentry SET xid = NULL")
        assert sealing.batch_seal() == 12
        assert verifying.trail_verify().fault is None


def test_two_sealers_never_make_a_fork() -> None:
    write_entries(50)
    with other_connection() as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [sealing.LOCK])
        assert sealing.batch_seal() == 0
    assert seal_all() == 50


def test_after_a_restore_into_another_cluster_sealing_goes_on() -> None:
    """Its transactions count from the start; entries of before may bear numbers far above."""
    write_entries(5)
    seal_all()
    with superuser():
        run("UPDATE audit_sealbatch SET watermark = 9000000000")
        write_entries(2, 20)
        run("UPDATE audit_auditentry SET xid = '8999999999' WHERE id = (SELECT max(id) FROM audit_auditentry)")
        moment = reading.moment()
        other = reading.Moment("another", moment.watermark, moment.upper, moment.at)
        monkey = pytest.MonkeyPatch()
        monkey.setattr(reading, "moment", lambda: other)
        try:
            assert sealing.batch_seal() == 2
            assert reading.batch_newest().header.system == "another"
            assert reading.batch_newest().header.watermark == str(moment.watermark)
        finally:
            monkey.undo()


def test_a_restore_without_new_entries_still_begins_anew() -> None:
    write_entries(5)
    seal_all()
    with superuser():
        run("UPDATE audit_sealbatch SET system = 'other'")
        assert sealing.batch_seal() == 0
        newest = reading.batch_newest().header
        assert (newest.number, newest.count) == (2, 0)
        assert sealing.batch_seal() == 0
        assert reading.batch_newest().header.number == 2


def write_for(seconds: float, seed: int, committed: list[int]) -> None:
    """Transactions of up to half a second, one in ten rolled back."""
    chance = random.Random(seed)
    ends = time.monotonic() + seconds
    with other_connection() as other:
        while time.monotonic() < ends:
            other.execute(INSERT, [f"escritor:{seed}"])
            time.sleep(chance.choice((0, 0, 0.01, 0.05, min(0.5, seconds / 4))) * chance.random())
            if chance.random() < 0.1:
                other.rollback()
            else:
                other.commit()
                committed[seed] += 1


def seal_beside(writers: int, seconds: float) -> int:
    """Two sealers run beside the writers; how many entries were committed."""
    committed = [0] * writers
    threads = [threading.Thread(target=write_for, args=(seconds, seed, committed)) for seed in range(writers)]
    stopping = threading.Event()
    sealers = [threading.Thread(target=seal_until, args=(stopping,)) for _number in range(2)]
    for thread in (*sealers, *threads):
        thread.start()
    for thread in threads:
        thread.join()
    stopping.set()
    for thread in sealers:
        thread.join()
    seal_all()
    return sum(committed)


def seal_until(stopping: threading.Event) -> None:
    while not stopping.wait(0.05):
        sealing.batch_seal()
    connection.close()


@pytest.mark.parametrize("seconds", [2, pytest.param(60, marks=pytest.mark.slow)])
def test_32_writers_with_rollbacks(seconds: int) -> None:
    committed = seal_beside(32, seconds)
    assert committed > 100
    assert AuditEntry.objects.count() == SealedEntry.objects.count() == committed
    assert set(SealedEntry.objects.values_list("entry_id", flat=True)) == set(
        AuditEntry.objects.values_list("pk", flat=True)
    )
    verdict = verifying.trail_verify()
    assert verdict.fault is None
    assert verdict.entries == committed


def test_the_metric_tells_how_long_an_entry_has_waited() -> None:
    def shown() -> float:
        seconds = DATABASE.get_sample_value("pr_audit_unsealed_seconds")
        assert seconds is not None
        return seconds

    write_entries(1)
    assert 0 < shown() < 60
    seal_all()
    assert shown() == 0
    write_entries(1)
    assert shown() > 0


def test_one_entry_is_proved_to_anybody_with_the_public_key(trail: None) -> None:
    entry = AuditEntry.objects.order_by("pk")[77]
    proof = verifying.entry_prove(entry.pk)
    root = root_from(
        bytes.fromhex(proof.leaf), proof.ordinal, proof.batch.count, [bytes.fromhex(x) for x in proof.path]
    )
    assert root.hex() == proof.batch.root
    assert verifying.is_signed(proof.batch.key, proof.signature, verifying.head_of(proof.batch))
    out = StringIO()
    call_command("audit_verify", "--entry", entry.pk, "--json", stdout=out)
    assert json.loads(out.getvalue())["ok"] is True


def test_what_is_not_sealed_is_not_proved() -> None:
    write_entries(1)
    with pytest.raises(CommandError):
        call_command("audit_verify", "--entry", AuditEntry.objects.get().pk)


def test_a_head_is_exported_once_and_found_again(trail: None) -> None:
    name = heads.head_export()
    assert name.endswith(f"{SealBatch.objects.count():020d}.json")
    assert heads.head_export() == ""
    newest = heads.head_newest()
    assert verifying.head_of(newest.header) == reading.batch_newest().head


def test_the_command_says_that_all_is_well(trail: None, tmp_path: Path) -> None:
    printed, told = StringIO(), StringIO()
    call_command("audit_verify", "--print-head", stdout=printed)
    head = tmp_path / "head.json"
    head.write_text(printed.getvalue(), encoding="utf-8")
    call_command("audit_verify", "--head", str(head), "--json", stdout=told)
    report = json.loads(told.getvalue())
    assert (report["ok"], report["entries"], report["heads_checked"]) == (True, 240, 1)


@pytest.mark.parametrize("text", ["", "{}", "[]", "no es JSON", '{"signature": "%%%"}', "x" * 20_000])
def test_a_file_that_is_no_head_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "head.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("audit_verify", "--head", str(path))
