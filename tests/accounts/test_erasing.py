"""An erased person is named nowhere in the database: trail, comments, mails, settings, rows of work."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from axes.models import AccessAttempt
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.models import AuditEntry
from audit.seals.sealing import batch_seal
from audit.seals.verifying import trail_verify
from incidents.desk.services import view_save
from incidents.intake.reporting import Report, incident_report
from incidents.models import Comment, Notification
from incidents.moves.conversation import comment_add
from incidents.moves.lifecycle import incident_assign, incident_claim, incident_release
from integrations.api_keys.services import KeySpec, api_key_create
from integrations.backups.services import backup_request
from integrations.mail.models import InboundMail, OutgoingMail
from prsystem.accounts.models import Area, User
from prsystem.accounts.names import people_of, person_reference, with_names
from prsystem.core.models import Job
from prsystem.core.rights import Role
from prsystem.runtime.services import setting_set
from tests.jobs import job_run
from tests.people import PASSWORD, actor, api, browser, make_user

pytestmark = pytest.mark.django_db(transaction=True)
NAME, FULL, MAIL = "zoraida.q", "Zoraida Quetzal & Ávila", "zoraida.q@planta.example"
TRACES = ("zoraida", "quetzal")


def where_named() -> list[str]:
    """Every table with a row that holds a trace of the name: what a search of a dump would find."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
        tables, found = [row[0] for row in cursor.fetchall()], []
        for table in tables:
            for trace in TRACES:
                cursor.execute(f'SELECT count(*), min(t::text) FROM "{table}" t WHERE t::text ILIKE %s', [f"%{trace}%"])
                count, example = cursor.fetchone()
                found += [f"{table}: {count} × {trace}: {example[:300]}"] if count else []
    return found


def run_jobs() -> None:
    while ids := list(Job.objects.filter(state="pending").values_list("pk", flat=True)):
        assert [job_run(pk) for pk in ids].count(True)


@pytest.fixture
def zoraida(prod: Area) -> User:
    fields = {"full_name": FULL, "email": MAIL, "directory_id": "0a1b-zoraida"}
    return make_user(NAME, Role.L1, Role.ADMIN, password=PASSWORD, **fields)


@pytest.fixture
def life(zoraida: User, luis: User, ana: User, prod: Area) -> User:
    """What somebody leaves behind in a life with the system, through pages, API and other people's work."""
    client = Client()
    client.post("/entrar", {"username": NAME, "password": "no-es-esta-clave"})
    assert client.post("/entrar", {"username": NAME, "password": PASSWORD}).status_code == 302
    tokens = api().post("/api/auth/login", {"username": NAME, "password": PASSWORD})
    assert tokens.status_code == 200
    mine, other = actor(zoraida), actor(luis)
    incident = incident_report(actor=mine, report=Report("Falla", "No arranca.", "PROD"), reporter=zoraida)
    incident_assign(actor=other, incident_id=incident.pk, username=NAME)
    incident_release(actor=other, incident_id=incident.pk)
    incident_claim(actor=mine, user=zoraida, incident_id=incident.pk)
    incident_assign(actor=mine, incident_id=incident.pk, username="luis")
    incident_assign(actor=other, incident_id=incident.pk, username=NAME)
    comment_add(actor=mine, incident_id=incident.pk, body="Ya voy.", author=zoraida)
    comment_add(actor=other, incident_id=incident.pk, body=f"@{NAME}: gracias", author=luis)
    view_save(actor=other, name="Suyas", filters={"asignado_a": NAME}, order="reciente")
    setting_set(actor=mine, key="session_hours", value=11)
    backup_request(actor=mine)
    api_key_create(actor=other, spec=KeySpec(name="ERP", scopes=["incidencias:read"], areas=[prod], owner=zoraida))
    answered = api(zoraida).post(
        "/api/incidencias",
        {"titulo": "Otra", "descripcion": "Ruido.", "area": "PROD"},
        headers={"Idempotency-Key": "una"},
    )
    assert answered.status_code == 201
    Job.objects.filter(kind__startswith="backup").delete()
    nora = browser(make_user("nora", Role.AUDITOR))
    assert nora.get("/auditoria/", {"quien": NAME}).status_code == 200
    assert nora.post("/auditoria/exportar", {"quien": NAME, "formato": "csv"}).status_code == 200
    OutgoingMail.objects.create(key="a", message_id="<a@x>", recipient=MAIL, subject="Aviso", text=f"Hola {FULL}")
    told = "<p>Zoraida Quetzal &amp; Ávila comentó</p>"
    OutgoingMail.objects.create(
        key="b", message_id="<b@x>", recipient="luis@x.mx", subject=f"{FULL}: Falla", text=FULL, html=told
    )
    InboundMail.objects.create(message_id="<c@x>", sender=MAIL, subject=f"De {FULL}", raw=FULL.encode())
    Notification.objects.filter(user=luis).update(actor_label=FULL)
    return zoraida


def erase(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)
    call_command("erase_person", NAME, "--yes", stdout=StringIO())


def test_nothing_in_the_database_names_an_erased_person(life: User) -> None:
    assert len(where_named()) > 8
    while batch_seal():
        pass
    erase(life)
    assert where_named() == []
    verdict = trail_verify()
    assert (verdict.fault, verdict.erased) == (None, 1)


def test_what_others_did_stays_readable(life: User, luis: User) -> None:
    erase(life)
    page = browser(luis)
    incident = Comment.objects.earliest("id").incident
    assert page.get(incident.get_absolute_url()).status_code == 200
    story = api(luis).get(f"/api/incidencias/{incident.pk}/historial").json()["resultados"]
    assigned = [row["detalles"]["asignado_a"] for row in story if row["accion"] == "incident.assigned"]
    assert {"antes": f"borrado-{life.pk}", "despues": "luis"} in assigned
    assert f"@borrado-{life.pk}: gracias" in [row["cuerpo"] for row in story]


def test_the_trail_tells_of_people_by_number_and_pages_by_name(life: User, luis: User) -> None:
    entry = AuditEntry.objects.filter(accion="incident.claimed").get()
    assert entry.detalles == {"asignado_a": f"usuario:{life.pk}"}
    story = api(luis).get(f"/api/incidencias/{entry.recurso.partition(':')[2]}/historial")
    assert NAME in str([row["detalles"] for row in story.json()["resultados"]])


def test_an_erased_account_keeps_no_way_in(life: User) -> None:
    erase(life)
    assert not AccessAttempt.objects.filter(username=NAME).exists()
    left = User.objects.get(pk=life.pk)
    assert (left.username, left.full_name, left.email, left.directory_id) == (f"borrado-{life.pk}", "", "", None)
    assert not (left.grants.exists() or left.authenticators.exists() or left.has_usable_password())


def test_numbers_become_names_and_other_values_stay() -> None:
    details = {"asignado_a": {"antes": None, "despues": "usuario:7"}, "avisar": ["usuario:7", "usuario:8"], "n": 3}
    assert people_of(details) == {7, 8}
    named = with_names(details, {7: "ana"})
    assert named == {"asignado_a": {"antes": None, "despues": "ana"}, "avisar": ["ana", "usuario:8"], "n": 3}
    assert (person_reference(None), person_reference(7)) == (None, "usuario:7")
    assert people_of({"texto": "usuario:7 dijo", "otro": f"usuario:{timezone.now()}"}) == set()


def page_of(user: User) -> str:
    return f"/admin/personas/{user.pk}/borrar/"


def test_the_page_tells_first_and_asks_for_the_name(zoraida: User) -> None:
    eva = browser(make_user("eva", Role.ADMIN))
    shown = eva.get(page_of(zoraida))
    assert (shown.status_code, dict(shown.context["holdings"])[str(_("Roles"))]) == (200, 2)
    assert "id_usuario" not in shown.content.decode()
    assert eva.post(page_of(zoraida), {"usuario": NAME}).status_code == 422
    User.objects.filter(pk=zoraida.pk).update(is_active=False)
    assert eva.post(page_of(zoraida), {"usuario": "otra"}).status_code == 422
    assert User.objects.filter(username=NAME).exists()
    assert eva.post(page_of(zoraida), {"usuario": NAME.upper()}).status_code == 302
    assert not User.objects.filter(username=NAME).exists()
    told = AuditEntry.objects.get(accion="person.erased")
    assert (told.recurso, told.actor) == (f"usuario:{zoraida.pk}", "eva")
    assert eva.get("/admin/personas/999999/borrar/").status_code == 404


def test_who_was_erased_is_not_offered_it_again(zoraida: User) -> None:
    eva, account = browser(make_user("eva", Role.ADMIN)), f"/admin/accounts/user/{zoraida.pk}/change/"
    assert "Borrar a esta persona" in eva.get(account).content.decode()
    erase(zoraida)
    shown = eva.get(account).content.decode()
    assert "Borrar a esta persona" not in shown and "Persona borrada" in shown
    page = eva.get(page_of(zoraida))
    assert page.status_code == 200 and "Esta persona se borró el" in page.content.decode()
    assert "id_usuario" not in page.content.decode()
    assert eva.post(page_of(zoraida), {"usuario": f"borrado-{zoraida.pk}"}).status_code == 200
    assert AuditEntry.objects.filter(accion="person.erased").count() == 1


def test_what_failed_half_way_is_offered_again(zoraida: User) -> None:
    User.objects.filter(pk=zoraida.pk).update(is_active=False, username=f"borrado-{zoraida.pk}")
    eva = browser(make_user("eva", Role.ADMIN))
    assert "id_usuario" in eva.get(page_of(zoraida)).content.decode()
    assert eva.post(page_of(zoraida), {"usuario": f"borrado-{zoraida.pk}"}).status_code == 302
    assert AuditEntry.objects.filter(accion="person.erased").count() == 1


def test_erasing_asks_who_it_is_and_is_for_administrators(zoraida: User, luis: User) -> None:
    late = Client()
    with time_machine.travel(timezone.now() - timedelta(minutes=11)):
        late.force_login(make_user("eva", Role.ADMIN), backend="django.contrib.auth.backends.ModelBackend")
    User.objects.filter(pk=zoraida.pk).update(is_active=False)
    assert late.post(page_of(zoraida), {"usuario": NAME}).templates[0].name == "step_up.html"
    assert browser(luis).post(page_of(zoraida), {"usuario": NAME}).status_code in (302, 403)
    assert User.objects.filter(username=NAME).exists()


def test_an_auditor_sees_the_erasures(zoraida: User) -> None:
    erase(zoraida)
    auditor = browser(make_user("olga", Role.AUDITOR))
    assert "?accion=person.erased" in auditor.get("/auditoria/").content.decode()
    page = auditor.get("/auditoria/?accion=person.erased").content.decode()
    assert f"usuario:{zoraida.pk}" in page
    assert NAME not in page
