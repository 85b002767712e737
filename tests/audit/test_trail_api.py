"""The trail through the API: searched, read with its seal, asked to be verified; each leaves an entry."""

import pytest

from audit.models import AuditEntry
from audit.sealing import batch_seal
from audit.services import record
from prsystem.accounts.models import User
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
