"""The trail through the API: searched, read with its seal, taken out, asked to be verified; each leaves an entry."""

import csv
import json
from typing import Any

import pytest

from audit.models import AuditEntry
from audit.seals.sealing import batch_seal
from audit.services import record
from prsystem.accounts.models import User
from prsystem.accounts.sessions.tokens import access_token_for
from prsystem.core.context import SYSTEM
from prsystem.core.models import Job
from tests.people import api


@pytest.mark.django_db(transaction=True)
def test_an_entry_is_found_and_proved(eva: User, luis: User) -> None:
    record(SYSTEM, "incident.reported", "incidencia:7", {"titulo": "Bomba"})
    client = api(eva)
    rows = client.get("/api/auditoria?accion=incident.&desde=2020-01-01").json()["resultados"]
    assert [(row["recurso"], row["actor_kind"]) for row in rows] == [("incidencia:7", "system")]
    one = f"/api/auditoria/{rows[0]['id']}"
    assert (client.get(one).json()["lote"], client.get(one).json()["sello_valido"]) == (0, None)
    batch_seal()
    assert client.get(one).json()["sello_valido"] is True
    assert client.get("/api/auditoria?desde=ayer").json()["errores"].keys() == {"desde"}
    assert client.get("/api/auditoria?quien=%00").status_code == 400
    assert client.post("/api/auditoria/verificar").status_code == 202
    assert Job.objects.filter(kind="audit.verify").count() == 1
    assert {"audit.searched", "audit.read"} <= set(AuditEntry.objects.values_list("accion", flat=True))
    assert api(luis).get("/api/auditoria").status_code == 403
    assert api(luis).get("/api/auditoria/999999").status_code == 403


def lines_of(answer: Any) -> list[str]:
    return b"".join(answer.streaming_content).decode().splitlines()


@pytest.mark.django_db
def test_the_trail_is_taken_out_in_each_format(eva: User, luis: User) -> None:
    record(SYSTEM, "incident.reported", "incidencia:7", {"titulo": "Bomba"})
    export = "/api/auditoria/exportar?recurso=incidencia:7"
    answer = api(eva).get(export, HTTP_ACCEPT="application/json")
    assert answer.headers["Content-Disposition"].endswith('.csv"')
    (row,) = csv.DictReader(lines_of(answer))
    assert (row["accion"], row["recurso"]) == ("incident.reported", "incidencia:7")
    (told,) = map(json.loads, lines_of(api(eva).get(f"{export}&formato=json")))
    (event,) = map(json.loads, lines_of(api(eva).get(f"{export}&formato=ocsf")))
    assert (told["detalles"], event["entity"]["uid"]) == ({"titulo": "Bomba"}, "7")
    kinds = [entry.detalles["formato"] for entry in AuditEntry.objects.filter(accion="audit.exported").order_by("pk")]
    assert kinds == ["csv", "json", "ocsf"]
    assert api(eva).get(f"{export}&formato=xml").json()["errores"].keys() == {"formato"}
    assert api(luis).get(export).status_code == 403


@pytest.mark.django_db
def test_taking_it_out_wants_a_sign_in_of_lately(eva: User) -> None:
    client = api()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access_token_for(eva)}")
    assert client.get("/api/auditoria/exportar").status_code == 403
    assert not AuditEntry.objects.filter(accion="audit.exported").exists()
