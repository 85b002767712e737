"""Retention and erasure: entries go, the chain of seals still verifies, and nobody does it quietly."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from io import StringIO
from time import monotonic, sleep

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction

from audit import retention
from audit.models import AuditEntry, PersonKey, Retirement, SealBatch, SealedEntry
from audit.seals import reading, verifying
from audit.services import record
from prsystem.accounts.models import User
from prsystem.accounts.services import user_set_active, user_update
from prsystem.core.context import SYSTEM
from prsystem.core.errors import Conflict, InvalidInput
from prsystem.core.rights import Role
from prsystem.runtime.models import StoredSetting
from prsystem.runtime.services import setting_set
from tests.audit.trail import run, seal_all, superuser, write_entries
from tests.people import actor, browser, make_area, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def sealed_long_ago(monkeypatch: pytest.MonkeyPatch, days: int, count: int) -> int:
    """The number of the last batch; one, or more where transactions of other tests held the watermark back."""
    plain = reading.moment

    def earlier() -> reading.Moment:
        now = plain()
        return reading.Moment(now.system, now.watermark, now.upper, datetime.now(UTC) - timedelta(days=days))

    with monkeypatch.context() as patch:
        patch.setattr(reading, "moment", earlier)
        write_entries(count, days)
        seal_all()
    return SealBatch.objects.latest("number").number


def test_whole_batches_past_their_time_go_and_the_chain_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    _first, last, _newer = (sealed_long_ago(monkeypatch, days, 5) for days in (400, 300, 50))
    setting_set(actor=SYSTEM, key=retention.RETENTION, value=200)
    seal_all()
    batches = SealBatch.objects.count()
    assert retention.batches_retire() == 10
    assert Retirement.objects.get().last_batch == last
    assert SealedEntry.objects.filter(batch_id__lte=last).count() == 0
    assert SealBatch.objects.count() == batches >= 4
    seal_all()
    verdict = verifying.trail_verify()
    assert verdict.fault is None
    assert verdict.entries == AuditEntry.objects.count() == 5 + 2
    assert AuditEntry.objects.filter(accion="audit.retired").get().detalles["hasta_lote"] == last
    assert retention.batches_retire() == 0


def test_without_a_setting_nothing_is_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed_long_ago(monkeypatch, 4000, 5)
    write_entries(1)
    seal_all()
    assert retention.batches_retire() == 0
    assert AuditEntry.objects.count() == 6


@pytest.mark.parametrize("days", [1, 89, -5])
def test_a_retention_that_is_too_short_is_refused(days: int) -> None:
    with pytest.raises(InvalidInput):
        setting_set(actor=SYSTEM, key=retention.RETENTION, value=days)


@pytest.mark.parametrize("days", [None, 0, 1, 89, "100", -1])
def test_the_database_itself_obeys_the_setting(days: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one, or with 0, everything is kept for ever; less than the shortest one is refused."""
    sealed_long_ago(monkeypatch, 4000, 5)
    write_entries(1)
    seal_all()
    if days is not None:
        StoredSetting.objects.create(key=retention.RETENTION, value=days)
    refused = isinstance(days, int) and days != 0
    with pytest.raises(Error) if refused else nullcontext(), transaction.atomic():
        assert run("SELECT audit_retire()") == [(0,)]
    assert AuditEntry.objects.count() == 6


def test_removing_batches_without_saying_so_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    last = sealed_long_ago(monkeypatch, 400, 5)
    write_entries(1)
    seal_all()
    with superuser():
        run("INSERT INTO audit_retirement (first_batch, last_batch, entries) VALUES (1, %s, 5)", last)
        assert verifying.trail_verify().fault == verifying.Fault(verifying.NOT_TOLD, last)
        record(SYSTEM, "audit.retired", "auditoria:registro", {"hasta_lote": last})
        assert verifying.trail_verify().fault.kind == verifying.STILL_THERE
        run("DELETE FROM audit_sealedentry WHERE batch_id <= %s", last)
        run("DELETE FROM audit_auditentry WHERE accion = 'audit.retired'")
        assert verifying.trail_verify().fault == verifying.Fault(verifying.NOT_TOLD, last)


@pytest.fixture
def rosa() -> User:
    """Somebody who did things, about whom things were noted, and who has left."""
    user = make_user("rosa", areas=[make_area()], full_name="Rosa Conde", email="rosa@planta.example")
    record(actor(user), "incident.claimed", "incidencia:1")
    record(SYSTEM, "user.updated", f"usuario:{user.pk}", {"full_name": {"antes": "", "despues": "Rosa Conde"}})
    User.objects.filter(pk=user.pk).update(is_active=False)
    return User.objects.get(pk=user.pk)


def everything() -> str:
    """All that the trail holds, as text."""
    tables = ("audit_auditentry", "audit_sealedentry", "audit_personkey", "accounts_user")
    return "".join(run(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")[0][0] for table in tables)


def test_an_erased_person_is_gone_and_the_chain_still_verifies(rosa: User) -> None:
    write_entries(10)
    seal_all()
    assert "Rosa" in everything()
    assert "rosa" in everything()
    call_command("erase_person", "rosa", "--yes", stdout=StringIO())
    text = everything().lower()
    assert "rosa" not in text
    assert "conde" not in text
    assert PersonKey.objects.get(user_id=rosa.pk).secret is None
    assert AuditEntry.objects.filter(accion="person.erased", recurso=f"usuario:{rosa.pk}").count() == 1
    seal_all()
    verdict = verifying.trail_verify()
    assert (verdict.fault, verdict.erased) == (None, 1)


def test_what_comes_after_an_erasure_has_a_new_key_and_can_be_erased_too(rosa: User) -> None:
    seal_all()
    call_command("erase_person", "rosa", "--yes", stdout=StringIO())
    record(SYSTEM, "user.updated", f"usuario:{rosa.pk}", {"nota": "Rosa otra vez"})
    seal_all()
    call_command("erase_person", f"borrado-{rosa.pk}", "--yes", "--json", stdout=StringIO())
    assert "Rosa" not in everything()
    seal_all()
    assert verifying.trail_verify().fault is None


@pytest.mark.parametrize("change", ["actor = 'rosa'", "ip = '10.0.0.1'", "accion = 'otra'", "timestamp = now()"])
def test_an_erased_entry_is_not_free_to_be_changed(rosa: User, change: str) -> None:
    entry = AuditEntry.objects.get(accion="incident.claimed")
    seal_all()
    call_command("erase_person", "rosa", "--yes", stdout=StringIO())
    seal_all()
    with superuser():
        run(f"UPDATE audit_auditentry SET {change} WHERE id = %s", entry.pk)
        assert verifying.trail_verify().fault.entry == entry.pk


def test_erasing_without_saying_so_is_found(rosa: User) -> None:
    seal_all()
    with superuser():
        run("UPDATE audit_personkey SET secret = NULL, destroyed_at = now() WHERE user_id = %s", rosa.pk)
        run("UPDATE audit_auditentry SET actor = '', ip = NULL WHERE usuario_id = %s", rosa.pk)
        run("UPDATE audit_auditentry SET detalles = '{}' WHERE recurso = %s", f"usuario:{rosa.pk}")
        assert verifying.trail_verify().fault == verifying.Fault(verifying.NOT_TOLD)


def test_the_database_erases_whom_somebody_asked_to_erase_once(rosa: User) -> None:
    """By the order alone, or the state of the account alone, nobody is forgotten."""
    seal_all()
    number = f"usuario:{rosa.pk}"
    for prepare in (
        lambda: None,
        lambda: record(SYSTEM, "person.erasure_asked", number),
        lambda: User.objects.filter(pk=rosa.pk).update(username=f"borrado-{rosa.pk}"),
        lambda: User.objects.filter(pk=rosa.pk).update(full_name="", email="", is_active=True),
    ):
        prepare()
        seal_all()
        with pytest.raises(Error, match="was not erased"), transaction.atomic():
            run("SELECT audit_erase(%s)", rosa.pk)
    User.objects.filter(pk=rosa.pk).update(is_active=False)
    assert run("SELECT audit_erase(%s)", rosa.pk) == [(1,)]
    seal_all()
    assert run("SELECT audit_erase(%s)", rosa.pk) == [(0,)], "it was carried out"
    assert AuditEntry.objects.filter(accion="person.erased").count() == 1
    assert verifying.trail_verify().fault is None


def test_the_database_refuses_where_nobody_asked(rosa: User) -> None:
    blank = {"username": f"borrado-{rosa.pk}", "full_name": "", "email": ""}
    User.objects.filter(pk=rosa.pk).update(**blank)
    seal_all()
    with pytest.raises(Error, match="nobody asked"), transaction.atomic():
        run("SELECT audit_erase(%s)", rosa.pk)


@contextmanager
def another_sealer(work: Callable[[], object]) -> Iterator[None]:
    """Begins `work` in a connection of its own before the block, and waits for its end after it."""

    def go() -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(go)
        yield
        done.result(60)


def both_wait(seconds: float = 60.0) -> None:
    """For a lock that this connection holds, or one of them does."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    ends = monotonic() + seconds
    while run("SELECT pg_stat_clear_snapshot()") and run(query) != [(2,)]:
        assert monotonic() < ends, "they didn't come to it"
        sleep(0.02)


def test_of_two_sealers_one_erases_and_none_is_refused(rosa: User) -> None:
    User.objects.filter(pk=rosa.pk).update(username=f"borrado-{rosa.pk}", full_name="", email="")
    retention.erasure_ask(actor=SYSTEM, user_id=rosa.pk)
    seal_all()
    with ExitStack() as others, transaction.atomic():
        run("SELECT 1 FROM accounts_user FOR UPDATE")
        for _sealer in range(2):
            others.enter_context(another_sealer(retention.erasures_carry_out))
        both_wait()
    told = AuditEntry.objects.filter(accion__startswith="person.eras", recurso=f"usuario:{rosa.pk}")
    assert sorted(told.values_list("accion", flat=True)) == ["person.erased", "person.erasure_asked"]


def test_of_two_sealers_one_retires(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed_long_ago(monkeypatch, 400, 5)
    setting_set(actor=SYSTEM, key=retention.RETENTION, value=200)
    seal_all()
    with ExitStack() as others, transaction.atomic():
        run("SELECT 1 FROM audit_auditentry FOR UPDATE")
        for _sealer in range(2):
            others.enter_context(another_sealer(retention.batches_retire))
        both_wait()
    assert Retirement.objects.count() == AuditEntry.objects.filter(accion="audit.retired").count() == 1


def test_the_owner_is_asked_for_once_an_hour_and_only_for_what_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    """It once was every second, in each sealer, with a new connection there and back."""
    asked = []

    @contextmanager
    def owner() -> Iterator[None]:
        asked.append(1)
        yield

    monkeypatch.setattr(retention, "owner_connection", owner)
    sealed_long_ago(monkeypatch, 200, 5)
    write_entries(1)
    seal_all()
    retention.duties_do()
    setting_set(actor=SYSTEM, key=retention.RETENTION, value=200)
    retention.duties_do()
    assert asked == [], "due for less than an hour: together with what comes in it"
    setting_set(actor=SYSTEM, key=retention.RETENTION, value=199)
    for _second in range(5):
        retention.duties_do()
    assert len(asked) == Retirement.objects.count() == 1


def test_the_account_of_an_erased_person_stays_shut(rosa: User) -> None:
    call_command("erase_person", "rosa", "--yes", stdout=StringIO())
    with pytest.raises(Conflict):
        user_set_active(actor=SYSTEM, user_id=rosa.pk, is_active=True)
    with pytest.raises(Conflict):
        user_update(actor=SYSTEM, user_id=rosa.pk, full_name="Otra", email="", grants=())
    eva, page = browser(make_user("eva", Role.ADMIN)), f"/admin/accounts/user/{rosa.pk}/change/"
    shown = eva.post(page, {"username": f"borrado-{rosa.pk}", "is_active": "on", "language": "es", "theme": "auto"})
    assert shown.status_code == 403
    assert not User.objects.get(pk=rosa.pk).is_active


def test_who_is_active_or_unknown_is_not_erased(rosa: User) -> None:
    User.objects.filter(pk=rosa.pk).update(is_active=True)
    for arguments in (["rosa", "--yes"], ["nadie", "--yes"], ["rosa"]):
        with pytest.raises(CommandError):
            call_command("erase_person", *arguments)
    assert User.objects.get(pk=rosa.pk).full_name == "Rosa Conde"
