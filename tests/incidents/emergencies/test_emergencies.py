"""A report of danger: P1 at once on a clock that never stops, no procedure, everybody who can help is told."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from audit.models import AuditEntry
from incidents.emergencies import measuring, services
from incidents.emergencies.meaning import Heard
from incidents.emergencies.services import emergency_call_off, emergency_declare
from incidents.models import Incident, Suggestion
from incidents.moves.conversation import comment_add
from incidents.moves.editing import incident_update
from incidents.notices.models import NoticeKind, NoticePreferences, Notification, Rhythm
from incidents.sla.rules import RESOLUTION_MINUTES
from incidents.suggestions.proposal import UNFINISHED
from incidents.suggestions.services import suggestion_request
from prsystem.accounts.models import Area, User
from prsystem.core.errors import IllegalMove, NotAllowed
from prsystem.core.models import Job
from prsystem.runtime import selectors
from tests.incidents.makers import make_article, make_incident, make_suggestion
from tests.jobs import run_jobs
from tests.people import actor, api, browser

pytestmark = pytest.mark.django_db
SUNDAY_NIGHT = datetime(2026, 7, 5, 23, 30, tzinfo=UTC)


def burning(reporter: User, **fields: object) -> Incident:
    return make_incident(reporter, title="Se está quemando el tablero 4", description="Sale humo negro.", **fields)


def test_it_is_urgent_at_once_whatever_priority_was_given(ana: User) -> None:
    incident = burning(ana, priority="P4")
    assert (incident.is_emergency, incident.priority, incident.automatic["emergencia"]["valor"]) == (
        True,
        "P1",
        "fuego",
    )
    assert Job.objects.filter(kind="incident.assist", queue="urgent").count() == 1
    assert AuditEntry.objects.filter(accion="incident.emergency_declared", recurso=incident.resource).count() == 1


def test_its_clock_runs_on_a_sunday_night(ana: User) -> None:
    with time_machine.travel(SUNDAY_NIGHT, tick=False):
        incident = burning(ana)
    assert incident.resolution_due_at == SUNDAY_NIGHT + timedelta(minutes=RESOLUTION_MINUTES["P1"])


def test_no_procedure_is_proposed_nor_can_one_be_asked_for(ana: User, luis: User) -> None:
    incident = burning(ana)
    run_jobs("incident.assist")
    assert not Suggestion.objects.filter(incident=incident).exists()
    with pytest.raises(IllegalMove):
        suggestion_request(actor=actor(luis), incident_id=incident.pk)


def test_all_who_can_help_are_told_here_and_by_mail_whatever_they_chose(
    ana: User, luis: User, marta: User, ivan: User, eva: User, extraño: User
) -> None:
    User.objects.filter(pk=luis.pk).update(email="luis@planta.example")
    NoticePreferences.objects.create(
        user=luis, rhythm=Rhythm.DAILY, channels=dict.fromkeys(NoticeKind.values, "ninguno")
    )
    burning(ana)
    run_jobs("incident.notify")
    told = Notification.objects.filter(kind=NoticeKind.EMERGENCY)
    assert {notice.user for notice in told} == {luis, marta, eva}  # Iván works in another area
    assert all(notice.in_app and notice.by_mail for notice in told)
    mails = Job.objects.filter(kind="notice.mail")
    assert (mails.count(), set(mails.values_list("queue", flat=True))) == (3, {"urgent"})


def test_support_calls_it_off_and_everything_goes_back(ana: User, luis: User) -> None:
    incident = burning(ana, priority="P4")
    usual = make_incident(ana, priority="P4")
    with pytest.raises(NotAllowed):
        emergency_call_off(actor=actor(ana), incident_id=incident.pk)
    emergency_call_off(actor=actor(luis), incident_id=incident.pk, reason="Era vapor.")
    incident.refresh_from_db()
    assert (incident.is_emergency, incident.emergency_reason, incident.priority) == (False, "", "P4")
    assert incident.resolution_due_at is not None
    assert usual.resolution_due_at is not None
    assert abs(incident.resolution_due_at - usual.resolution_due_at) < timedelta(minutes=1)
    assert Suggestion.objects.filter(incident=incident).count() == 1


def test_the_priority_that_nobody_gave_is_looked_for_again(ana: User, luis: User) -> None:
    incident = burning(ana)
    emergency_call_off(actor=actor(luis), incident_id=incident.pk)
    incident.refresh_from_db()
    assert incident.automatic["prioridad"] == {"estado": "pendiente"}


def test_a_person_declares_one_that_no_word_tells(ana: User, luis: User, extraño: User) -> None:
    incident = make_incident(ana)
    with pytest.raises(NotAllowed):
        emergency_declare(actor=actor(extraño), incident_id=incident.pk)
    emergency_declare(actor=actor(ana), incident_id=incident.pk, reason="Hay alguien adentro")
    with pytest.raises(IllegalMove):
        emergency_declare(actor=actor(luis), incident_id=incident.pk)
    incident.refresh_from_db()
    assert (incident.is_emergency, incident.emergency_reason, incident.priority) == (True, "Hay alguien adentro", "P1")
    assert AuditEntry.objects.filter(accion="incident.emergency_declared").count() == 1


@pytest.mark.parametrize("is_marked", [False, True])
def test_an_emergency_has_moves_of_its_own(is_marked: bool, ana: User, luis: User) -> None:
    incident = burning(ana) if is_marked else make_incident(ana)
    client = api(luis)
    url = f"/api/incidencias/{incident.pk}/emergencia"
    assert client.post(url, {"activa": is_marked}).status_code == 409
    changed = client.post(url, {"activa": not is_marked, "motivo": "Visto en sitio"}).json()["emergencia"]
    assert changed["activa"] is not is_marked


def test_page_and_api_say_what_to_do_and_show_no_procedure(ana: User, luis: User) -> None:
    selectors.keep({"emergency.telephone": "55 1234"}, float("inf"))
    incident = make_incident(ana)
    make_suggestion(incident, text="Abrir la caja y jalar el cable.")
    emergency_declare(actor=actor(ana), incident_id=incident.pk)
    for user, may_call_off in ((ana, False), (luis, True)):
        page = browser(user).get(incident.get_absolute_url()).content.decode()
        assert "tel:551234" in page and "Abrir la caja" not in page
        assert ("No hay peligro" in page) is may_call_off
    told = api(luis).get(f"/api/incidencias/{incident.pk}").json()["emergencia"]
    assert told["activa"] and "55 1234" in told["indicaciones"]
    assert api(luis).get(f"/api/incidencias/{incident.pk}/sugerencia").json()["texto"] == ""


def test_while_typing_no_article_is_offered_but_what_to_do(ana: User, prod: Area) -> None:
    make_article(prod, "El tablero se está quemando")
    typed = browser(ana).post("/incidencias/nueva/parecidos", {"titulo": "El tablero se está quemando, hay lumbre"})
    assert "data-emergency" in typed.content.decode()
    assert "item-link" not in typed.content.decode()


def test_reports_of_systems_are_looked_at_too(eva: User, ana: User) -> None:
    body = {"titulo": "Fuga de amoniaco en cuarto frío", "descripcion": "Sensor 4 al máximo.", "area": "PROD"}
    assert api(ana).post("/api/incidencias", body).json()["prioridad"] == "P1"


def heard(text: str, *, is_danger: bool) -> Heard:
    return Heard(text, 0.9 if is_danger else 0.1, is_danger)


def test_what_no_word_tells_is_marked_by_the_job_and_its_proposal_given_up(
    ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "report_heard", lambda text: heard("ya no contesta", is_danger=True))
    incident = make_incident(ana, title="Está tirado junto al torno", description="Ya no contesta.", priority="P4")
    assert not incident.is_emergency
    assert services.emergency_listen(incident.pk) and services.emergency_listen(incident.pk)
    incident.refresh_from_db()
    told = incident.automatic["emergencia"]
    assert (incident.is_emergency, incident.priority, incident.emergency_reason) == (True, "P1", "ya no contesta")
    assert (told["valor"], told["metodo"]) == ("significado", "significado")
    [proposal] = Suggestion.objects.filter(incident=incident)
    assert (proposal.state, proposal.record) == (Suggestion.State.NO_ANSWER, {"motivo": "emergencia"})
    assert AuditEntry.objects.filter(accion="incident.emergency_declared", recurso=incident.resource).count() == 1


def test_what_support_called_off_is_not_marked_again_by_the_same_words(
    ana: User, luis: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "report_heard", lambda text: heard(text, is_danger=True))
    incident = burning(ana)
    emergency_call_off(actor=actor(luis), incident_id=incident.pk, reason="Era vapor.")
    assert not services.emergency_listen(incident.pk)
    incident_update(actor=actor(luis), incident_id=incident.pk, fields={"descripcion": "Sale humo negro. Nave 2."})
    incident.refresh_from_db()
    assert not incident.is_emergency
    comment_add(actor=actor(luis), incident_id=incident.pk, body="El humo era vapor del comedor.", author=luis)
    incident.refresh_from_db()
    assert not incident.is_emergency
    comment_add(actor=actor(ana), incident_id=incident.pk, body="Ahora hay lumbre en el ducto.", author=ana)
    incident.refresh_from_db()
    assert incident.is_emergency


def test_another_danger_is_told_anew_after_one_was_called_off(ana: User, luis: User) -> None:
    incident = burning(ana)
    emergency_call_off(actor=actor(luis), incident_id=incident.pk)
    now = f"{incident.description} Hay un operador herido."
    incident_update(actor=actor(luis), incident_id=incident.pk, fields={"descripcion": now})
    incident.refresh_from_db()
    assert incident.is_emergency and incident.emergency_reason == "herido"
    emergency_call_off(actor=actor(luis), incident_id=incident.pk)
    comment_add(actor=actor(luis), incident_id=incident.pk, body="Ahora huele a gas.", author=luis)
    incident.refresh_from_db()
    assert incident.is_emergency and incident.emergency_reason == "huele a gas"


def test_danger_that_is_added_later_counts(ana: User) -> None:
    corrected, commented = make_incident(ana), make_incident(ana)
    incident_update(actor=actor(ana), incident_id=corrected.pk, fields={"descripcion": "Hay lumbre en el ducto."})
    comment_add(actor=actor(ana), incident_id=commented.pk, body="se le atoró la mano a un compañero", author=ana)
    comment_add(actor=actor(ana), incident_id=make_incident(ana).pk, body="sigue igual, gracias", author=ana)
    assert list(Incident.objects.filter(is_emergency=True).order_by("pk")) == [corrected, commented]
    assert not Suggestion.objects.filter(incident__in=[corrected, commented], state__in=UNFINISHED).exists()


def test_the_measure_judges_as_intake_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "report_heard", lambda text: heard(text, is_danger="morado" in text))
    file = tmp_path / "frases.jsonl"
    rows = [("hay lumbre en el ducto", True), ("está morado", True), ("truena", True), ("no imprime", False)]
    file.write_text("\n".join(json.dumps({"text": text, "emergency": truth}) for text, truth in rows))
    out = StringIO()
    call_command("evaluate_urgency", str(file), "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"recall": 0.6667, "false_alarms": 0.0, "by_words": 0.3333, "texts": 4}
    for wrong in ('{"text": "x"}', '{"text": "x", "emergency": "yes"}', "[]", '{"text": "x", "emergency": true}'):
        file.write_text(wrong)
        with pytest.raises(CommandError):
            call_command("evaluate_urgency", str(file), stdout=StringIO())


def test_the_console_shows_what_words_would_change_before_they_are_kept(ana: User, eva: User) -> None:
    gone = burning(ana)
    new = make_incident(ana, title="La cuba 3 borbotea", description="Desde hace rato.")
    page = browser(eva)
    shown = page.post("/admin/ajustes/emergency.words/", {"valor": "borbote*", "seen": "0", "preview": "x"})
    text = shown.content.decode()
    assert new.number in text and "«borbotea»" in text and gone.number not in text
    shown = page.post("/admin/ajustes/emergency.never/", {"valor": "tablero 4\nsale humo", "seen": "0", "preview": "x"})
    assert gone.number in shown.content.decode() and new.number not in shown.content.decode()
    assert selectors.get_setting("emergency.words") == selectors.get_setting("emergency.never") == []
    many = "\n".join(f"frase {n}" for n in range(500))
    assert page.post("/admin/ajustes/emergency.words/", {"valor": many, "seen": "0", "preview": "x"}).status_code == 422
    assert "Lo que cambiarían" not in page.get("/admin/ajustes/emergency.words/").content.decode()
