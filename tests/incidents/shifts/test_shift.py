"""The hand-over of a shift, and the mails of it and of the board."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.models import AuditEntry
from incidents.models import AreaCalendar, BoardMail, BusinessCalendar, Incident, MaintenanceWindow, ShiftNote, Storm
from incidents.moves.lifecycle import incident_claim, incident_escalate, incident_wait
from incidents.moves.resolving import Resolution, incident_resolve
from incidents.shifts.mailing import board_mail_remove, board_mail_send, board_mail_set, board_mails_request, due_at
from incidents.shifts.selectors import brief_of
from incidents.shifts.services import shift_asked_for, shift_note_add
from incidents.shifts.stretch import last_change, shift_of
from incidents.sla.book import book_forget
from incidents.sla.clock import Calendar, around_the_clock, office_hours
from integrations.mail.models import OutgoingMail
from prsystem.accounts.models import Area, User
from prsystem.core.errors import InvalidInput, Missing, NotAllowed
from prsystem.core.models import Job
from tests.incidents.makers import make_incident
from tests.people import actor, api, browser, make_user

SHIFTS = Calendar(
    "America/Mexico_City",
    dict.fromkeys(range(7), ((time(6), time(14)), (time(14), time(22)), (time(22), time(6)))),
)
# Tuesday 24 November 2026, 16:00 in Mexico City (UTC-6).
NOW = datetime(2026, 11, 24, 22, tzinfo=UTC)


def at(hour: int, day: int = 24) -> datetime:
    """An hour of the clock in Mexico City."""
    return datetime(2026, 11, day, hour, tzinfo=UTC) + timedelta(hours=6)


class TestWhichShift:
    def test_the_one_that_is_on(self) -> None:
        found = shift_of(SHIFTS, NOW)
        assert (found.since, found.until, found.is_own) == (at(14), at(6, 25), True)

    def test_a_night_shift_belongs_to_the_day_before(self) -> None:
        assert shift_of(SHIFTS, at(3, 25)).since == at(22)

    def test_outside_hours_the_last_one(self) -> None:
        office = office_hours("America/Mexico_City")
        found = shift_of(office, at(20))
        assert found.since == at(9) and found.until == at(18, 25)
        assert shift_of(office, at(10, 22)).since == at(9, 20)  # a Sunday: Friday's

    def test_hours_that_were_asked_for(self) -> None:
        found = shift_of(SHIFTS, NOW, 12)
        assert (found.since, found.until, found.is_own) == (NOW - timedelta(hours=12), NOW + timedelta(hours=12), False)

    def test_whole_days_are_no_shifts(self) -> None:
        always = around_the_clock("America/Mexico_City")
        assert shift_of(always, NOW).since == NOW - timedelta(hours=8)
        assert last_change(always, NOW) is None and last_change(Calendar("UTC", {}), NOW) is None
        assert last_change(SHIFTS, NOW) == at(14)


@pytest.fixture
def shifts(prod: Area) -> BusinessCalendar:
    """PROD works in three shifts."""
    calendar = BusinessCalendar.objects.create(name="Tres turnos", zone="America/Mexico_City")
    for weekday in range(7):
        for starts, ends in (("06:00", "14:00"), ("14:00", "22:00"), ("22:00", "06:00")):
            calendar.spans.create(weekday=weekday, starts=starts, ends=ends)
    AreaCalendar.objects.create(calendar=calendar, area=prod)
    book_forget()
    return calendar


@pytest.mark.django_db
class TestBrief:
    def test_it_tells_what_the_next_shift_has_to_know(self, luis: User, ana: User, prod: Area, shifts: Any) -> None:
        with time_machine.travel(at(10), tick=False):
            late, waiting, escalated, done = (
                make_incident(ana, title) for title in ("Tarde", "Falta", "Sube", "Hecha")
            )
            incident_claim(actor=actor(luis), user=luis, incident_id=waiting.pk)
            incident_claim(actor=actor(luis), user=luis, incident_id=done.pk)
        with time_machine.travel(at(15), tick=False):
            new = make_incident(ana, "Nueva")
            incident_wait(actor=actor(luis), incident_id=waiting.pk, reason="Refacción")
            incident_escalate(actor=actor(luis), incident_id=escalated.pk, reason="Pide planos")
            incident_resolve(actor=actor(luis), incident_id=done.pk, resolution=Resolution("Se cambió la banda."))
            Incident.objects.filter(pk=late.pk).update(response_due_at=at(14))
            Storm.objects.create(fingerprint="f", source="mes", incident=new, total=7, first_at=at(15), last_at=at(15))
            Storm.objects.create(fingerprint="g", source="mes", incident=late, total=7, first_at=at(9), last_at=at(9))
        for reason, starts, ends, area in (
            ("Paro de línea", 15, 18, prod),
            ("Red", 20, 21, None),
            ("Pasada", 9, 10, prod),
        ):
            MaintenanceWindow.objects.create(reason=reason, starts_at=at(starts), ends_at=at(ends), area=area)
        with time_machine.travel(NOW, tick=False):
            brief = brief_of(prod, shift_asked_for(prod))
            assert brief.shift.since == at(14)
            found = {name: [row.title for row in getattr(brief, name).rows] for name in LISTS}
            assert found == {
                "came_in": ["Nueva"],
                "ended": ["Hecha"],
                "late": ["Tarde"],
                "waiting": ["Falta"],
                "escalated": ["Sube"],
                "promised": found["promised"],
            }
            assert "Tarde" not in found["promised"] and "Falta" not in found["promised"]
            due = {row.pk: row.response_due_at for row in Incident.objects.filter(pk__in=[new.pk, escalated.pk])}
            assert {row.pk for row in brief.promised.rows} == {pk for pk, moment in due.items() if moment <= at(6, 25)}
            assert [storm.incident_id for storm in brief.storms] == [new.pk]
            assert [window.reason for window in brief.maintenance] == ["Paro de línea", "Red"]
            assert brief.open_by_level == {"L1": 3, "L2": 1, "L3": 0}
            page = browser(luis).get("/tablero/turno/?area=PROD").content.decode()
            assert "Refacción" in page and "Paro de línea" in page and "data-print" in page

    def test_an_empty_area_says_so(self, luis: User) -> None:
        page = browser(luis).get("/tablero/turno/")
        assert page.status_code == 200 and page.context["brief"].open_total == 0
        assert all(shown.empty in page.content.decode() for shown in page.context["lists"])

    def test_who_may_not_read_finds_nothing(self, luis: User, ana: User, mant: Area) -> None:
        assert browser(luis).get("/tablero/turno/?area=MANT").status_code == 404
        assert browser(luis).get("/tablero/turno/?area=NADA").status_code == 404
        assert browser(ana).get("/tablero/turno/").status_code == 404
        assert browser(luis).post("/tablero/turno/?area=MANT", {"nota": "x"}).status_code == 404

    def test_other_hours_are_refused(self, luis: User) -> None:
        assert browser(luis).get("/tablero/turno/?horas=12").status_code == 200
        for hours in ("7", "-8", "99999999999", "ocho"):
            page = browser(luis).get(f"/tablero/turno/?horas={hours}")
            assert page.status_code == 400 and "brief" not in page.context

    def test_a_note_is_left_and_seen_for_a_day(self, luis: User, marta: User, prod: Area) -> None:
        with time_machine.travel(NOW, tick=False):
            client = browser(luis)
            assert client.post("/tablero/turno/?area=PROD", {"nota": " Falta <b>aceite</b> "}).status_code == 302
            page = browser(marta).get("/tablero/turno/?area=PROD").content.decode()
            assert "Falta &lt;b&gt;aceite&lt;/b&gt;" in page and "Luis Peña" in page
            blank = client.post("/tablero/turno/?area=PROD", {"nota": " "})
            assert blank.status_code == 400 and 'aria-invalid="true"' in blank.content.decode()
        ShiftNote.objects.update(created_at=NOW - timedelta(hours=25))
        with time_machine.travel(NOW, tick=False):
            assert brief_of(prod, shift_asked_for(prod)).notes == []
        assert AuditEntry.objects.filter(accion="shift.note_added").count() == 1

    def test_only_those_who_work_there_leave_notes(self, luis: User, mant: Area) -> None:
        with pytest.raises(NotAllowed):
            shift_note_add(actor=actor(luis), area=mant, body="Hola")
        with pytest.raises(InvalidInput):
            shift_note_add(actor=actor(luis), area=Area.objects.get(code="PROD"), body="x" * 2001)


LISTS = ("came_in", "ended", "late", "waiting", "escalated", "promised")


@pytest.fixture
def reader(luis: User) -> User:
    luis.email, luis.language = "luis@planta.example", "es"
    luis.save()
    return luis


def asked(user: User, moment: datetime, **wanted: str) -> BoardMail:
    with time_machine.travel(moment, tick=False):
        return board_mail_set(actor=actor(user), **{"area": "", **wanted})


def requested(moment: datetime) -> list[dict[str, Any]]:
    """The jobs asked for at a moment."""
    Job.objects.all().delete()
    with time_machine.travel(moment, tick=False):
        board_mails_request()
    return [job.payload for job in Job.objects.filter(kind="board.mail").order_by("pk")]


@pytest.mark.django_db
class TestMails:
    def test_a_daily_one_is_sent_once(self, reader: User, ana: User) -> None:
        with time_machine.travel(at(10, 23), tick=False):
            make_incident(ana, "Banda parada")
        asked(reader, at(20, 23), what="tablero", rhythm="diario")
        assert requested(at(5)) == []  # before the hour
        payload = requested(at(9))[0]
        for _again in range(3):
            board_mail_send(**payload)
        assert requested(at(10)) == []
        mail = OutgoingMail.objects.get()
        assert mail.recipient == "luis@planta.example" and "2026-11-23" in mail.subject
        assert "* Abiertas: 1" in mail.text and "<table" in mail.html and "/tablero/?desde=2026-11-23" in mail.text
        assert len(requested(at(9, 25))) == 1

    def test_it_is_in_the_language_of_the_person(self, reader: User) -> None:
        User.objects.filter(pk=reader.pk).update(language="en")
        row = asked(reader, at(20, 23), what="tablero", rhythm="diario", area="PROD")
        board_mail_send(mail_id=row.pk, due=at(7).isoformat())
        mail = OutgoingMail.objects.get()
        assert "Board of Producción" in mail.subject and 'lang="en"' in mail.html

    def test_weekly_is_on_mondays_of_the_week_before(self, reader: User) -> None:
        row = asked(reader, at(20, 18), what="tablero", rhythm="semanal")
        assert due_at(row, NOW).date().isoformat() == "2026-11-23"
        assert requested(at(12, 22)) == []
        board_mail_send(**requested(at(9, 23))[0])
        assert "2026-11-16 – 2026-11-22" in OutgoingMail.objects.get().subject

    def test_at_each_change_of_shift_the_shift_that_ended(self, reader: User, ana: User, shifts: Any) -> None:
        with time_machine.travel(at(8), tick=False):
            make_incident(ana, "De la mañana")
        asked(reader, at(13), what="turno", rhythm="cada_turno", area="PROD")
        first = requested(at(14) + timedelta(minutes=2))
        with time_machine.travel(at(14) + timedelta(minutes=3), tick=False):
            board_mail_send(**first[0])
        assert "De la mañana" in OutgoingMail.objects.get().text
        assert requested(at(15)) == [] and len(requested(at(22))) == 1

    def test_what_was_due_long_ago_is_left_out(self, reader: User, shifts: Any) -> None:
        asked(reader, at(13), what="turno", rhythm="cada_turno", area="PROD")
        assert requested(at(17)) == [] and len(requested(at(15))) == 1

    def test_who_lost_the_right_gets_none(self, reader: User) -> None:
        row = asked(reader, at(20, 23), what="tablero", rhythm="diario", area="PROD")
        reader.grants.all().delete()
        board_mail_send(mail_id=row.pk, due=at(7).isoformat())
        assert not OutgoingMail.objects.exists()
        User.objects.filter(pk=reader.pk).update(is_active=False)
        assert requested(at(9)) == []

    def test_the_page_adds_changes_and_removes(self, reader: User, mant: Area) -> None:
        client, page = browser(reader), "/cuenta/informes"
        assert client.post(page, {"que": "turno", "area": "PROD", "ritmo": "cada_turno"}).status_code == 302
        assert client.post(page, {"que": "turno", "area": "PROD", "ritmo": "semanal"}).status_code == 302
        row = BoardMail.objects.get()
        assert row.rhythm == "semanal" and "Producción" in client.get(page).content.decode()
        for wrong in ({"que": "turno", "ritmo": "diario"}, {"que": "x", "ritmo": "diario"}, {"que": "tablero"}):
            assert client.post(page, wrong).status_code == 400
        assert client.post(page, {"que": "tablero", "ritmo": "cada_turno"}).status_code == 400
        assert client.post(page, {"que": "turno", "area": "MANT", "ritmo": "diario"}).status_code == 404
        assert client.post(f"{page}/{row.pk}/quitar").status_code == 302
        assert not BoardMail.objects.exists()

    def test_others_mails_are_not_there(self, reader: User, marta: User, ana: User) -> None:
        row = asked(reader, NOW, what="tablero", rhythm="diario")
        with pytest.raises(Missing):
            board_mail_remove(actor=actor(marta), mail_id=row.pk)
        assert browser(ana).get("/cuenta/informes").status_code == 404

    def test_an_administrator_fills_the_list_of_an_area(self, reader: User, eva: User, mant: Area) -> None:
        marta = make_user("marta2", "l2", areas=[Area.objects.get(code="PROD")], email="marta@planta.example")
        client, page = browser(eva), "/cuenta/informes"
        wanted = {"que": "turno", "area": "PROD", "ritmo": "diario", "personas": "luis, Marta2;luis"}
        assert client.post(page, wanted).status_code == 302
        assert set(BoardMail.objects.values_list("user__username", flat=True)) == {"luis", "marta2"}
        shown = client.get(page).content.decode()
        assert "Luis Peña" in shown and "Producción" in shown
        assert AuditEntry.objects.filter(accion="user.board_mail_set", recurso=f"usuario:{marta.pk}").exists()
        for wrong in ({"area": "MANT"}, {"personas": "luis nadie"}, {"personas": "eva luis ana"}):
            assert client.post(page, {**wanted, **wrong}).status_code == 400
        assert BoardMail.objects.count() == 2  # all or none
        assert browser(reader).post(page, {**wanted, "personas": "marta2"}).status_code == 403
        row = BoardMail.objects.get(user=reader)
        assert client.post(f"{page}/{row.pk}/quitar").status_code == 302
        assert list(BoardMail.objects.values_list("user__username", flat=True)) == ["marta2"]

    def test_the_database_refuses_a_shift_without_an_area(self, reader: User) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            BoardMail.objects.create(user=reader, what="turno", rhythm="diario", done_until=timezone.now())
        with pytest.raises(ValidationError):
            BoardMail(user=reader, what="tablero", rhythm="cada_turno", done_until=timezone.now()).full_clean()


@pytest.mark.django_db
class TestApi:
    def test_a_shift_is_read_and_a_note_left(self, luis: User, ana: User, mant: Area, shifts: Any) -> None:
        body = {"area": "PROD", "nota": "Falta aceite"}
        with time_machine.travel(NOW, tick=False):
            client = api(luis)
            new = make_incident(ana, "Banda parada")
            first = client.post("/api/tablero/turno/notas", body, headers={"Idempotency-Key": "n-1"})
            again = client.post("/api/tablero/turno/notas", body, headers={"Idempotency-Key": "n-1"})
            told = client.get("/api/tablero/turno?area=PROD").json()
            hours = client.get("/api/tablero/turno?area=PROD&horas=12").json()
        assert first.status_code == again.status_code == 201 and first.json() == again.json()
        assert [note["nota"] for note in told["notas"]] == ["Falta aceite"] and told["notas"][0]["autor"] == "luis"
        lists = {one["lista"]: one for one in told["listas"]}
        assert [row["numero"] for row in lists["entradas"]["incidencias"]] == [new.number]
        assert lists["entradas"]["total"] == 1 and told["abiertas"] == {"L1": 1, "L2": 0, "L3": 0}
        assert told["es_turno"] and not hours["es_turno"]
        assert told["desde"] == "2026-11-24T14:00:00-06:00"

    def test_who_may_not_gets_none(self, luis: User, ana: User, mant: Area) -> None:
        for query, status in (("", 400), ("area=MANT", 404), ("area=PROD&horas=7", 400)):
            answer = api(luis).get(f"/api/tablero/turno?{query}")
            assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
        assert api(ana).get("/api/tablero/turno?area=PROD").status_code == 404
        assert api(ana).get("/api/tablero/informes").status_code == 404
        assert api().get("/api/tablero/informes").status_code == 401

    def test_mails_are_asked_for_listed_and_taken_away(self, reader: User, marta: User, eva: User) -> None:
        own, page = api(reader), "/api/tablero/informes"
        kept = own.post(page, {"que": "turno", "ritmo": "diario", "area": "PROD"})
        assert kept.status_code == 201 and kept.json()["usuario"] == "luis"
        assert own.post(page, {"que": "tablero", "ritmo": "diario", "usuario": "marta"}).status_code == 403
        named = api(eva).post(page, {"que": "tablero", "ritmo": "semanal", "usuario": "luis"})
        assert named.json()["usuario"] == "luis"
        assert len(own.get(page).json()["resultados"]) == len(api(eva).get(page).json()["resultados"]) == 2
        assert api(marta).get(page).json()["resultados"] == []
        one = f"{page}/{kept.json()['id']}"
        assert api(marta).delete(one).status_code == 404
        assert own.delete(one).status_code == 204 and own.delete(one).status_code == 404
        assert BoardMail.objects.get().rhythm == "semanal"
