"""Events that repeat are one incident with a counter; inside a maintenance window nobody is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from audit.models import AuditEntry
from incidents.intake.maintenance import incident_announce
from incidents.models import Incident, MaintenanceWindow, State, Storm
from prsystem.accounts.models import Area
from prsystem.core.models import Job, OutboxEvent
from tests.integrations.api_keys.makers import client, make_key

REPORT = "/api/v1/external/incidencias"
BODY = {"titulo": "Prensa 4 sin presión", "descripcion": "Alarma 731", "area": "PROD", "origen": "mes"}


@pytest.fixture
def key(db: None, prod: Area) -> Any:
    return make_key("incidencias:write", "incidencias:read", areas=[prod])


@pytest.fixture
def cal(db: None) -> Area:
    return Area.objects.create(code="CAL", name="Calidad")


def post(key: Any, **changes: Any) -> Any:
    return client(key).post(REPORT, {**BODY, **changes})


def events() -> int:
    return OutboxEvent.objects.filter(event="incidencia.creada").count()


def test_equal_events_are_one_incident_with_a_counter(key: Any) -> None:
    first = post(key).json()
    answers = [post(key, titulo="  prensa 4 SIN presión ") for _n in range(4)]
    assert {answer.status_code for answer in answers} == {201}
    assert {answer.json()["incidencia_id"] for answer in answers} == {first["incidencia_id"]}
    assert [answer.json()["repeticiones"] for answer in answers] == [2, 3, 4, 5]
    assert Incident.objects.get().occurrences == 5
    assert events() == 1
    assert AuditEntry.objects.filter(accion="incident.repeated").count() == 4
    assert client(key).get(f"{REPORT}/{first['numero']}").json()["repeticiones"] == 5


@pytest.mark.parametrize("change", [{"descripcion": "Alarma 732"}, {"origen": "erp"}, {"titulo": "Prensa 5"}])
def test_another_text_or_origin_is_another_incident(key: Any, change: dict[str, str]) -> None:
    assert post(key).json()["incidencia_id"] != post(key, **change).json()["incidencia_id"]


def test_a_fingerprint_makes_different_texts_equal(key: Any) -> None:
    one = post(key, huella="P4/731", descripcion="Alarma 731 a las 10:01", referencia_externa="EV-1").json()
    two = post(key, huella="P4/731", descripcion="Alarma 731 a las 10:02", referencia_externa="EV-2").json()
    again = post(key, huella="P4/731", descripcion="Alarma 731 a las 10:02", referencia_externa="EV-2")
    assert one["incidencia_id"] == two["incidencia_id"] == again.json()["incidencia_id"]
    assert (again.status_code, Incident.objects.get().occurrences) == (200, 2)


def test_different_references_without_fingerprint_stay_apart(key: Any) -> None:
    one, two = post(key, referencia_externa="OT-1").json(), post(key, referencia_externa="OT-2").json()
    assert one["incidencia_id"] != two["incidencia_id"]


def test_after_it_was_solved_the_next_event_is_a_new_incident(key: Any) -> None:
    first = post(key).json()
    Incident.objects.filter(pk=first["incidencia_id"]).update(state=State.RESOLVED)
    second = post(key).json()
    assert (second["repeticiones"], second["estado"]) == (1, "nuevo")
    assert second["incidencia_id"] != first["incidencia_id"]
    assert Storm.objects.get().incident_id == int(second["incidencia_id"])


def test_after_a_long_silence_the_next_event_is_a_new_incident(key: Any) -> None:
    first = post(key).json()
    Storm.objects.update(last_at=timezone.now() - timedelta(hours=25))
    assert post(key).json()["incidencia_id"] != first["incidencia_id"]


def test_events_follow_a_merged_incident(key: Any) -> None:
    first = post(key).json()
    survivor = post(key, titulo="Otra").json()
    Incident.objects.filter(pk=first["incidencia_id"]).update(
        merged_into_id=survivor["incidencia_id"], state=State.CLOSED
    )
    assert post(key).json()["incidencia_id"] == survivor["incidencia_id"]


def test_an_incident_moved_out_of_reach_counts_no_more_events(key: Any, cal: Area) -> None:
    first = post(key).json()
    Incident.objects.filter(pk=first["incidencia_id"]).update(area=cal)
    assert post(key).json()["incidencia_id"] != first["incidencia_id"]


def test_a_bad_event_leaves_no_trace(key: Any) -> None:
    assert post(key, titulo="x" * 500).status_code == 400
    assert post(key, huella="x" * 500).status_code == 400
    assert not Storm.objects.exists()


def test_a_bad_repetition_is_refused_and_not_counted(key: Any) -> None:
    assert post(key).status_code == 201
    answer = post(key, prioridad="P9")
    assert (answer.status_code, list(answer.json()["errores"])) == (400, ["prioridad"])
    assert post(key).json()["repeticiones"] == 2


@pytest.mark.django_db(transaction=True)
def test_five_hundred_equal_events_at_once_are_one_incident(prod: Area) -> None:
    key = make_key("incidencias:write", areas=[prod], rate_per_minute=1000)

    def send(_n: int) -> int:
        try:
            return post(key).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(send, range(500)))
    assert set(statuses) == {201}
    assert Incident.objects.get().occurrences == 500
    assert events() == 1


def window(area: Area | None = None, source: str = "", minutes: int = 60) -> MaintenanceWindow:
    now = timezone.now()
    return MaintenanceWindow.objects.create(
        reason="Paro anual", area=area, source=source, starts_at=now - timedelta(minutes=1),
        ends_at=now + timedelta(minutes=minutes),
    )  # fmt: skip


def over() -> None:
    past = timezone.now() - timedelta(minutes=1)
    MaintenanceWindow.objects.update(starts_at=past - timedelta(hours=1), ends_at=past)


def test_inside_a_window_a_report_is_taken_in_and_nobody_is_told(key: Any, prod: Area) -> None:
    found = window(prod)
    answer = post(key)
    assert answer.status_code == 201
    assert answer.json()["silenciada_hasta"] is not None
    job = Job.objects.get(kind="incident.announce")
    assert (events(), abs((job.run_at - found.ends_at).total_seconds()) < 5) == (0, True)


def test_what_is_still_open_is_told_when_the_window_ends(key: Any, prod: Area) -> None:
    window(prod)
    incident_id = int(post(key).json()["incidencia_id"])
    over()
    for _again in range(2):
        incident_announce(incident_id)
    assert (events(), Incident.objects.get().quiet_until) == (1, None)


def test_what_was_solved_meanwhile_is_never_told(key: Any, prod: Area) -> None:
    window(prod)
    incident_id = int(post(key).json()["incidencia_id"])
    Incident.objects.update(state=State.CLOSED)
    over()
    incident_announce(incident_id)
    assert events() == 0


def test_a_window_that_was_made_longer_is_waited_for(key: Any, prod: Area) -> None:
    window(prod)
    incident_id = int(post(key).json()["incidencia_id"])
    Job.objects.filter(kind="incident.announce").delete()
    incident_announce(incident_id)
    assert (events(), Job.objects.filter(kind="incident.announce").count()) == (0, 1)


@pytest.mark.parametrize(("source", "is_quiet"), [("mes", True), ("MES", True), ("", True), ("erp", False)])
def test_a_window_concerns_its_system(key: Any, source: str, is_quiet: bool) -> None:
    window(source=source)
    assert (post(key).json()["silenciada_hasta"] is not None) is is_quiet
    assert events() == (0 if is_quiet else 1)


def test_a_window_of_another_area_changes_nothing(key: Any, cal: Area) -> None:
    window(cal)
    post(key)
    assert events() == 1
