"""Failed jobs, backups, mails and chat models through the API, as in the console."""

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from incidents.exams.models import ChatModelCandidate
from integrations.backups.models import BackupRun
from integrations.mail.models import OutgoingMail
from prsystem.accounts.models import User
from prsystem.core.models import Job
from tests.people import api

pytestmark = pytest.mark.django_db


def test_parked_jobs_are_listed_and_tried_again(eva: User) -> None:
    for number in (1, 2):
        Job.objects.create(kind="k", payload={"quien": "ana"}, run_at=timezone.now(), state="parked", attempts=number)
    client = api(eva)
    rows = client.get("/api/trabajos?estado=parked").json()["resultados"]
    assert len(rows) == 2
    assert "ana" not in str(rows)
    assert client.get("/api/trabajos?estado=nada").status_code == 400
    one = f"/api/trabajos/{rows[0]['id']}/reintentar"
    assert client.post(one).json() == {"reintentados": 1}
    assert client.post(one).json() == {"reintentados": 0}
    assert client.post("/api/trabajos/reintentar").json() == {"reintentados": 1}
    assert client.post("/api/trabajos/999999/reintentar").status_code == 404
    assert AuditEntry.objects.filter(accion="job.retried").count() == 2


def test_a_backup_is_asked_for_and_asked_to_be_proved(eva: User) -> None:
    client = api(eva)
    asked = client.post("/api/respaldos/hacer", headers={"Idempotency-Key": "una"})
    assert (asked.status_code, asked.json()["estado"]) == (202, "pending")
    assert client.post("/api/respaldos/hacer", headers={"Idempotency-Key": "una"}).json() == asked.json()
    assert [row["copia"] for row in client.get("/api/respaldos").json()["resultados"]] == [asked.json()["copia"]]
    path = f"/api/respaldos/{asked.json()['id']}/verificar"
    assert client.post(path).json() == {"pedido": False}
    BackupRun.objects.update(state="done")
    assert client.post(path).json() == {"pedido": True}
    assert client.post("/api/respaldos/soltar").status_code == 409, "nothing is held"


def test_a_kept_mail_without_a_server_stays(eva: User) -> None:
    mail = OutgoingMail.objects.create(
        key="k", message_id="<k@planta>", recipient="a@planta.example", state="retenido", text="secreto"
    )
    rows = api(eva).get("/api/correos").json()["resultados"]
    assert [row["para"] for row in rows] == ["a@planta.example"]
    assert "secreto" not in str(rows)
    assert api(eva).post(f"/api/correos/{mail.pk}/reenviar").json() == {"pedido": False}


def test_a_chat_model_is_proposed_and_has_to_be_examined_first(eva: User, luis: User) -> None:
    made = api(eva).post("/api/modelos", {"nombre": "qwen3:8b"})
    assert (made.status_code, made.json()["estado"]) == (201, "propuesto")
    path = f"/api/modelos/{made.json()['id']}"
    assert api(eva).post(f"{path}/examinar").status_code == 202
    assert Job.objects.get(kind="exam.candidate").payload == {"candidate_id": int(made.json()["id"])}
    assert api(eva).post(f"{path}/promover").status_code == 409
    assert api(luis).post("/api/modelos", {"nombre": "otro"}).status_code == 403
    assert api(eva).post("/api/modelos", {"nombre": " "}).json()["errores"].keys() == {"nombre"}
    assert ChatModelCandidate.objects.count() == 1
