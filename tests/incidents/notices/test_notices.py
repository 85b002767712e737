"""Who is told what, by which channel, and that nobody learns what isn't theirs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from incidents.case.events import record_change
from incidents.models import Incident
from incidents.moves.conversation import comment_add
from incidents.moves.lifecycle import incident_assign, incident_escalate
from incidents.moves.resolving import Resolution, incident_resolve
from incidents.notices.models import NoticePreferences, Notification
from incidents.notices.services import incident_notify
from prsystem.accounts.models import RoleGrant, User
from prsystem.core.context import SYSTEM
from prsystem.core.models import Job
from tests.incidents.makers import claimed, make_incident
from tests.jobs import run_jobs
from tests.people import actor, api, browser

pytestmark = pytest.mark.django_db
NOTIFY = "incident.notify"


def told() -> list[tuple[str, str]]:
    run_jobs(NOTIFY)
    return sorted(Notification.objects.values_list("user__username", "kind"))


def test_an_assignment_is_told_to_who_gets_it(ana: User, luis: User, marta: User) -> None:
    incident = make_incident(ana)
    incident_assign(actor=actor(marta), incident_id=incident.pk, username="luis")
    assert told() == [("luis", "asignada")]
    notice = Notification.objects.get()
    assert (notice.actor_label, notice.in_app, notice.by_mail) == ("Marta Gil", True, True)


def test_reporting_makes_no_job_of_telling(ana: User, luis: User) -> None:
    make_incident(ana)
    assert not Job.objects.filter(kind=NOTIFY).exists()


def test_a_comment_is_told_to_reporter_and_assignee_but_not_to_its_author(ana: User, luis: User, marta: User) -> None:
    incident = claimed(make_incident(ana), luis)
    comment_add(actor=actor(marta), incident_id=incident.pk, body="Reviso", author=marta)
    assert told() == [("ana", "comentario"), ("luis", "comentario")]
    comment_add(actor=actor(ana), incident_id=incident.pk, body="Gracias", author=ana)
    assert told()[-1] == ("luis", "comentario") and len(told()) == 3


def test_an_internal_comment_is_never_told_to_the_reporter(ana: User, luis: User, marta: User) -> None:
    incident = claimed(make_incident(ana), luis)
    comment_add(actor=actor(marta), incident_id=incident.pk, body="Sospecho", is_internal=True, author=marta)
    assert told() == [("luis", "comentario")]


def test_an_escalation_is_told_to_the_level_that_gets_it(ana: User, luis: User, marta: User, ivan: User) -> None:
    incident = claimed(make_incident(ana), luis)
    incident_escalate(actor=actor(luis), incident_id=incident.pk, reason="Pide planos")
    assert told() == [("marta", "escalada")]


def test_a_solution_is_told_to_the_reporter(ana: User, luis: User) -> None:
    incident = claimed(make_incident(ana), luis)
    incident_resolve(actor=actor(luis), incident_id=incident.pk, resolution=Resolution("Se cambió el fusible."))
    assert told() == [("ana", "resuelta")]


@pytest.mark.parametrize(("event", "kind"), [("incidencia.sla_en_riesgo", "sla_en_riesgo")])
def test_a_target_is_told_to_the_assignee_or_to_the_level(
    ana: User, luis: User, marta: User, event: str, kind: str
) -> None:
    record_change(SYSTEM, make_incident(ana), "incident.at_risk", {}, event)
    assert told() == [("luis", kind)]
    record_change(SYSTEM, claimed(make_incident(ana), marta), "incident.at_risk", {}, event)
    assert told() == [("luis", kind), ("marta", kind)]


def test_running_the_job_twice_tells_once(ana: User, luis: User, marta: User) -> None:
    incident_assign(actor=actor(marta), incident_id=make_incident(ana).pk, username="luis")
    payload = Job.objects.get(kind=NOTIFY).payload
    incident_notify(**payload)
    incident_notify(**payload)
    assert Notification.objects.count() == 1


def test_nobody_is_told_within_a_maintenance_window(ana: User, luis: User, marta: User) -> None:
    incident = make_incident(ana, quiet_until=timezone.now() + timedelta(hours=1))
    incident_assign(actor=actor(marta), incident_id=incident.pk, username="luis")
    assert told() == []


def test_preferences_choose_the_channel(ana: User, luis: User, marta: User) -> None:
    answer = api(luis).patch("/api/avisos/preferencias", {"canales": {"asignada": "ninguno", "comentario": "correo"}})
    assert answer.status_code == 200
    assert answer.json()["canales"]["asignada"] == "ninguno" and answer.json()["canales"]["mencion"] == "ambos"
    assert AuditEntry.objects.filter(accion="user.notice_preferences_changed").count() == 1
    incident = make_incident(ana)
    incident_assign(actor=actor(marta), incident_id=incident.pk, username="luis")
    comment_add(actor=actor(marta), incident_id=incident.pk, body="Reviso", author=marta)
    assert told() == [("ana", "comentario"), ("luis", "comentario")]
    assert api(luis).get("/api/avisos").json()["resultados"] == []
    assert Notification.objects.get(user=luis).by_mail


@pytest.mark.parametrize("body", [{"canales": {"asignada": "paloma"}}, {"canales": {"x": "app"}}, {"ritmo": "anual"}])
def test_unknown_preferences_are_refused(luis: User, body: dict[str, object]) -> None:
    answer = api(luis).patch("/api/avisos/preferencias", body)
    assert answer.status_code == 400 and answer.json()["errores"]
    assert not NoticePreferences.objects.exists()


@pytest.fixture
def assigned(ana: User, luis: User, marta: User) -> Incident:
    incident = make_incident(ana)
    incident_assign(actor=actor(marta), incident_id=incident.pk, username="luis")
    run_jobs(NOTIFY)
    return incident


def test_the_bell_counts_and_reading_leads_to_the_incident(assigned: Incident, luis: User) -> None:
    page = browser(luis)
    assert '<span class="bell-count">1<' in page.get("/").content.decode()
    text = page.get("/avisos/").content.decode()
    assert f"Marta Gil te asignó {assigned.number}" in text and "La prensa no arranca" in text
    notice = Notification.objects.get()
    answer = page.post(f"/avisos/{notice.pk}")
    assert answer.headers["Location"] == assigned.get_absolute_url()
    assert "bell-count" not in page.get("/").content.decode()
    count = page.get("/avisos/contador", {"visto": ""}, headers={"HX-Request": "true"})
    assert count.status_code == 204


def test_notifications_are_ones_own(assigned: Incident, luis: User, marta: User, extraño: User) -> None:
    notice = Notification.objects.get()
    for other in (marta, extraño):
        assert browser(other).post(f"/avisos/{notice.pk}").status_code == 404
        assert api(other).post(f"/api/avisos/{notice.pk}/leido").status_code == 404
    assert api().get("/api/avisos").status_code == 401
    notice.refresh_from_db()
    assert notice.read_at is None
    assert api(luis).post(f"/api/avisos/{notice.pk}/leido").json()["leido_en"]


def test_who_loses_the_right_loses_the_notification(assigned: Incident, luis: User) -> None:
    RoleGrant.objects.filter(user=luis).delete()
    assert api(luis).get("/api/avisos").json()["resultados"] == []
    assert assigned.title not in browser(luis).get("/avisos/").content.decode()


def test_all_are_marked_as_read_at_once(assigned: Incident, luis: User) -> None:
    assert api(luis).get("/api/avisos?sin_leer=1").json()["resultados"][0]["incidencia"] == assigned.number
    assert api(luis).post("/api/avisos/leidos").json() == {"sin_leer": 0}
    assert api(luis).get("/api/avisos?sin_leer=1").json()["resultados"] == []


def test_the_page_of_preferences_keeps_what_is_chosen(luis: User) -> None:
    page = browser(luis)
    assert "/cuenta/avisos" in page.get("/cuenta/").content.decode()
    page.post("/cuenta/avisos", {"asignada": "app", "ritmo": "diario"})
    kept = NoticePreferences.objects.get(user=luis)
    assert (kept.channel("asignada"), kept.channel("mencion"), kept.rhythm) == ("app", "ambos", "diario")
    assert '<option value="diario" selected>' in page.get("/cuenta/avisos").content.decode()
