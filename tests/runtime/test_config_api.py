"""Sections of the configuration through the API."""

from typing import Any

import pytest

from audit.models import AuditEntry
from incidents.models import MaintenanceWindow
from integrations.webhooks.models import AllowedTarget
from knowledge.models import GlossaryTerm
from prsystem.accounts.models import Area, User
from prsystem.runtime.config.sections import sections
from tests.people import api

pytestmark = pytest.mark.django_db
TARGET = {"host": "erp.planta", "networks": "10.0.0.0/8", "ports": "443", "note": "ERP"}


def fix(client: Any, section: str, *items: dict[str, Any], **options: bool) -> Any:
    return client.put(f"/api/configuracion/{section}", {"elementos": list(items), **options})


def test_every_section_is_listed_read_and_put_back_without_a_change(eva: User, prod: Area) -> None:
    client = api(eva)
    told = client.get("/api/configuracion").json()["resultados"]
    assert {row["seccion"] for row in told} == {section.code for section in sections()}
    for row in told:
        path = f"/api/configuracion/{row['seccion']}"
        items = client.get(path).json()["elementos"]
        if row["seccion"] != "people":
            assert client.put(path, {"elementos": items, "podar": True}).json() == {"cambios": []}, path
    assert client.get("/api/configuracion/nada").status_code == 404


def test_an_allowed_target_is_tried_made_and_pruned(eva: User) -> None:
    client = api(eva)
    tried = fix(client, "allowed_targets", TARGET, ensayo=True).json()["cambios"]
    assert [(row["clave"], row["accion"]) for row in tried] == [("erp.planta/10.0.0.0/8/443", "created")]
    assert not AllowedTarget.objects.exists()
    assert fix(client, "allowed_targets", TARGET).status_code == 200
    assert AllowedTarget.objects.get().note == "ERP"
    assert fix(client, "allowed_targets", podar=True).json()["cambios"][0]["accion"] == "removed"
    assert not AllowedTarget.objects.exists()
    actions = AuditEntry.objects.filter(accion__startswith="allowed_target.").order_by("pk")
    assert list(actions.values_list("accion", flat=True)) == ["allowed_target.created", "allowed_target.deleted"]


def test_windows_and_words_of_an_area(eva: User, prod: Area) -> None:
    client = api(eva)
    window = {"reason": "Paro anual", "area": "PROD", "source": "mes", "starts_at": "2026-12-24T06:00:00-06:00"}
    assert fix(client, "maintenance_windows", {**window, "ends_at": "2026-12-26T06:00:00-06:00"}).status_code == 200
    assert MaintenanceWindow.objects.get().area == prod
    for area in (None, "PROD"):
        fix(client, "glossary", {"term": "Montacargas", "area": area, "names": "pato\nmula"})
    assert GlossaryTerm.objects.count() == 2
    fix(client, "glossary", {"term": "Montacargas", "area": None, "names": "pato"})
    assert sorted(GlossaryTerm.objects.values_list("names", flat=True)) == ["pato", "pato\nmula"]


@pytest.mark.parametrize(
    ("section", "item"),
    [
        ("areas", {"code": "X", "name": ["a"]}),
        ("areas", {"code": "X", "name": "a\x00b"}),
        ("areas", {"code": "X", "otro": 1}),
        ("areas", {}),
        ("calendars", {"name": "C", "spans": [7]}),
        ("calendars", {"name": "C", "zone": {"a": 1}}),
        ("policies", {"name": "P", "if_area": {"code": "X"}}),
        ("policies", {"name": "P", "response_l1": "mucho"}),
        ("maintenance_windows", {"reason": "r", "starts_at": 7, "ends_at": [1]}),
        ("maintenance_windows", {"reason": "r", "starts_at": "ayer", "ends_at": "hoy"}),
        ("people", {"username": 7}),
        ("people", {"username": "x", "roles": "l1"}),
        ("people", {}),
        ("settings", {"key": ["a"], "value": 1}),
        ("model_nodes", {"url": "http://127.0.0.1", "weight": 1e300}),
        ("endpoints", {"name": "e", "url": 7}),
    ],
)
def test_anything_else_is_refused_with_its_place(eva: User, section: str, item: dict[str, Any]) -> None:
    answer = fix(api(eva), section, item)
    assert answer.status_code == 400, answer.content
    assert answer.json()["errores"]
