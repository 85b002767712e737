"""Many rows at once: as the ORM would have saved them."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import AuditEntry
from audit.services import build_entry, record_all
from incidents.escalation.sweep import sla_sweep
from incidents.models import Incident
from prsystem.accounts.models import Area, User
from prsystem.core.context import SYSTEM
from prsystem.core.database.bulk import insert_many, update_many
from prsystem.core.jobs import queue
from prsystem.core.models import Job
from tests.incidents.makers import make_incident

pytestmark = pytest.mark.django_db


def test_rows_get_ids_in_their_order_and_what_the_database_defaults() -> None:
    entries = [
        build_entry(SYSTEM, "prueba", f"cosa:{n}", {"texto": "línea\n\ttabulador \\N «ñ»", "n": n}) for n in range(3)
    ]
    record_all(entries)
    stored = list(AuditEntry.objects.filter(accion="prueba").order_by("pk"))
    assert [entry.pk for entry in stored] == [entry.pk for entry in entries]
    assert [entry.detalles for entry in stored] == [entry.detalles for entry in entries]
    assert all(entry.timestamp <= timezone.now() and entry.ip is None for entry in stored)
    record_all([])


def test_a_refused_row_refuses_all(prod: Area) -> None:
    rows = [Area(code="NUEVA", name="Nueva"), Area(code=prod.code, name="Otra")]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_many(rows)
    assert not Area.objects.filter(code="NUEVA").exists()


def test_jobs_added_together_are_due() -> None:
    queue.enqueue_all([queue.build_job("incident.notify", payload={"n": n}) for n in range(2)])
    assert [job.payload["n"] for job in Job.objects.filter(kind="incident.notify", state="pending")] == [0, 1]


def test_named_fields_of_many_rows_are_saved_and_others_stay(ana: User, luis: User) -> None:
    first, second, other = (make_incident(ana, f"Falla {n}") for n in range(3))
    first.level, first.assignee, first.automatic = "L2", luis, {"nivel": {"valor": "L2"}}
    second.level, second.response_due_at, second.title = "L3", None, "No se guarda"
    update_many([first, second], ["level", "assignee", "automatic", "response_due_at"])
    for row in (first, second, other):
        row.refresh_from_db()
    assert (first.level, first.assignee, first.automatic) == ("L2", luis, {"nivel": {"valor": "L2"}})
    assert (second.level, second.assignee, second.response_due_at, second.title) == ("L3", None, None, "Falla 1")
    assert other.level == "L1"
    update_many([], ["level"])


def test_a_sweep_of_many_takes_as_many_queries_as_of_few(ana: User) -> None:
    counts = []
    for many in (2, 12):
        for number in range(many):
            make_incident(ana, f"Falla {number}")
        Incident.objects.filter(level="L1").update(response_warn_at=timezone.now(), response_due_at=timezone.now())
        with CaptureQueriesContext(connection) as captured:
            assert sla_sweep().breached >= many
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_notices_of_a_few_wait_with_other_work_and_a_flood_of_them_behind_it(
    ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("incidents.notices.services.FLOOD", 3)
    for many, expected in ((2, "normal"), (4, "bulk")):
        Job.objects.all().delete()
        Incident.objects.all().delete()
        for number in range(many):
            make_incident(ana, f"Falla {number}")
        Incident.objects.update(response_warn_at=timezone.now(), response_due_at=timezone.now())
        sla_sweep()
        assert set(Job.objects.filter(kind="incident.notify").values_list("queue", flat=True)) == {expected}
