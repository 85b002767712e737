"""The regular verification: written down once an hour, and at once when something is wrong or right again."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from audit.models import AuditEntry
from audit.seals.checking import last_check, trail_check, trail_check_regularly
from prsystem.core.telemetry.metrics import DATABASE
from tests.audit.trail import run, superuser

pytestmark = pytest.mark.django_db(transaction=True)


def told() -> int:
    return AuditEntry.objects.filter(accion="audit.verified").count()


def test_it_is_written_down_once_an_hour(trail: None) -> None:
    trail_check_regularly()
    trail_check_regularly()
    assert told() == 1
    assert DATABASE.get_sample_value("pr_audit_whole") == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=True):
        trail_check_regularly()
    assert told() == 2


def test_a_fault_is_told_at_once_and_once(trail: None) -> None:
    trail_check_regularly()
    with superuser():
        run("UPDATE audit_auditentry SET accion = 'nada' WHERE id = (SELECT min(id) FROM audit_auditentry)")
        trail_check_regularly()
        trail_check_regularly()
        assert told() == 2
        assert last_check().resultado == "fallido"
        assert last_check().detalles["falta"]["kind"] == "entrada_alterada"
        assert DATABASE.get_sample_value("pr_audit_whole") == 0


def test_a_long_trail_is_verified_every_hour(trail: None, monkeypatch: pytest.MonkeyPatch) -> None:
    trail_check()
    monkeypatch.setattr("audit.seals.checking.LONG_SECONDS", -1)
    monkeypatch.setattr("audit.seals.checking.trail_verify", lambda heads: pytest.fail("verified again"))
    trail_check_regularly()
    assert told() == 1
