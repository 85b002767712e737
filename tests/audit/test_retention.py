"""Retention and erasure: entries go, the chain of seals still verifies, and nobody does it quietly."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction

from audit import reading, retention, verifying
from audit.models import AuditEntry, PersonKey, Retirement, SealBatch, SealedEntry
from audit.services import record
from prsystem.accounts.models import User
from prsystem.core.context import SYSTEM
from prsystem.core.errors import InvalidInput
from prsystem.runtime.services import setting_set
from tests.audit.trail import run, seal_all, superuser, write_entries
from tests.people import actor, make_area, make_user

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


@pytest.mark.parametrize("days", [0, 20, 29])
def test_the_database_itself_keeps_thirty_days(days: int) -> None:
    write_entries(3)
    seal_all()
    write_entries(1)
    seal_all()
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT audit_retire(1, now() - make_interval(days => %s))", [days])
    assert AuditEntry.objects.count() == 4


def test_removing_batches_without_saying_so_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed_long_ago(monkeypatch, 400, 5)
    write_entries(1)
    seal_all()
    with superuser():
        run("SELECT audit_retire(1, now() - interval '100 days')")
        assert verifying.trail_verify().fault == verifying.Fault(verifying.NOT_TOLD, 1)


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
        run("SELECT audit_erase(%s)", rosa.pk)
        assert verifying.trail_verify().fault == verifying.Fault(verifying.NOT_TOLD)


def test_who_is_active_or_unknown_is_not_erased(rosa: User) -> None:
    User.objects.filter(pk=rosa.pk).update(is_active=True)
    for arguments in (["rosa", "--yes"], ["nadie", "--yes"], ["rosa"]):
        with pytest.raises(CommandError):
            call_command("erase_person", *arguments)
    assert User.objects.get(pk=rosa.pk).full_name == "Rosa Conde"
