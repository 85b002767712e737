"""Tables in the console: out as CSV and XLSX, in with a dry run first, nothing written when a row is bad."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from audit.models import AuditEntry
from incidents.models import TriageRule
from prsystem.accounts.models import Area, RoleGrant, User
from prsystem.runtime.config.sections import sections_of_sheets
from prsystem.runtime.config.sheets import items_from, to_csv, to_xlsx
from prsystem.runtime.selectors import get_setting
from prsystem.runtime.services import setting_set
from tests.people import PASSWORD, actor, browser, make_user

pytestmark = pytest.mark.django_db


def file(text: str | bytes, name: str = "tabla.csv") -> dict[str, Any]:
    content = text.encode() if isinstance(text, str) else text
    return {"archivo": SimpleUploadedFile(name, content)}


def put_in(page: Client, code: str, text: str | bytes, name: str = "tabla.csv") -> Any:
    """Both steps; the answer to the first when it shows nothing to write."""
    shown = page.post(f"/admin/tablas/{code}/revisar/", file(text, name))
    token = shown.context.get("token") if shown.context else None
    return page.post(f"/admin/tablas/{code}/guardar/", {"token": token}) if token else shown


@pytest.fixture
def full(eva: User, luis: User, mant: Area) -> User:
    TriageRule.objects.create(name="Humo", if_words="=humo\n+fuego", if_area=mant, set_priority="P1")
    setting_set(actor=actor(eva), key="suggestions.enabled", value=False)
    setting_set(actor=actor(eva), key="setup.steps", value=["site", "areas"])
    return eva


def test_every_table_goes_out_and_in_without_a_change(full: User) -> None:
    page = browser(full)
    codes = [section.code for section in sections_of_sheets()]
    assert {"areas", "people", "triage_rules", "policies", "settings"} <= set(codes)
    for code in codes:
        for form in ("csv", "xlsx"):
            content = page.get(f"/admin/tablas/{code}.{form}").content
            shown = page.post(f"/admin/tablas/{code}/revisar/", file(content, f"x.{form}"))
            assert shown.status_code == 200, (code, form, shown.context.get("errors"))
            assert shown.context["changes"] == [], (code, form)


def test_formulas_are_text(full: User) -> None:
    section = next(found for found in sections_of_sheets() if found.code == "triage_rules")
    assert "'=humo" in to_csv(section).decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(to_xlsx(section))).worksheets[0]
    assert not [cell for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]
    assert items_from(section, "x.csv", to_csv(section))[0]["if_words"] == "=humo\n+fuego"


def test_what_would_change_is_shown_and_then_written(full: User, prod: Area) -> None:
    page = browser(full)
    text = "code;name;is_active\nPROD;Línea 1;sí\nCAL;Calidad;no\n"
    shown = page.post("/admin/tablas/areas/revisar/", file(text))
    assert [(change.key, change.action) for change in shown.context["changes"]] == [
        ("PROD", "updated"),
        ("CAL", "created"),
    ]
    assert not Area.objects.filter(code="CAL").exists()
    assert page.post("/admin/tablas/areas/guardar/", {"token": shown.context["token"]}).status_code == 302
    assert Area.objects.get(code="PROD").name == "Línea 1"
    assert not Area.objects.get(code="CAL").is_active
    assert Area.objects.filter(code="MANT").exists()
    assert AuditEntry.objects.filter(accion__in=["area.updated", "area.created"], actor="eva").count() == 2


def test_people_come_in_with_roles(full: User, luis: User, prod: Area) -> None:
    text = (
        "username,full_name,email,is_active,roles,password\n"
        f"Nora,Nora Paz,nora@planta.example,sí,l1@PROD | editor@*,{PASSWORD}\n"
        "luis,Luis Peña,,no,l2@MANT,\n"
    )
    assert put_in(browser(full), "people", text).status_code == 302
    nora = User.objects.get(username="nora")
    assert nora.check_password(PASSWORD)
    assert set(nora.grants.values_list("role", "area__code")) == {("l1", "PROD"), ("editor", None)}
    luis.refresh_from_db()
    assert (luis.is_active, list(luis.grants.values_list("role", "area__code"))) == (False, [("l2", "MANT")])
    assert PASSWORD not in str(list(AuditEntry.objects.values_list("detalles", flat=True)))


def test_roles_of_the_directory_are_left_alone(full: User, luis: User, prod: Area) -> None:
    RoleGrant.objects.create(user=luis, role="l3", area=prod, from_directory=True)
    assert put_in(browser(full), "people", "username,roles\nluis,l2@PROD | l3@PROD\n").status_code == 302
    assert set(luis.grants.values_list("role", "from_directory")) == {("l2", False), ("l3", True)}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("areas", "code,name\nCAL,Calidad\nx,mala\n"),
        ("areas", "code,nombre\nCAL,Calidad\n"),
        ("areas", "name\nCalidad\n"),
        ("areas", "code,is_active\nPROD,quizá\n"),
        ("people", "username,roles\nluis,jefe@PROD\n"),
        ("people", "username,roles\nluis,l1@NADA\n"),
        ("people", "username,is_active\neva,no\n"),
        ("people", "username,roles\neva,l1@PROD\n"),
        ("people", "username,password\nnueva,corta\n"),
        ("settings", "key,value\nnada,1\n"),
        ("settings", "key,value\nsuggestions.enabled,quizá\n"),
        ("triage_rules", "name,position\nHumo,mucho\n"),
        ("triage_rules", "name,if_area\nHumo,NADA\n"),
        ("areas", ""),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_written(full: User, code: str, text: str) -> None:
    before = [section.export() for section in sections_of_sheets()]
    answer = put_in(browser(full), code, text)
    assert answer.status_code == 422
    assert answer.context["errors"]
    assert [section.export() for section in sections_of_sheets()] == before


def test_settings_come_in_by_kind(full: User) -> None:
    text = "key,value\nsite.name,Planta 9\nsuggestions.enabled,sí\n"
    assert put_in(browser(full), "settings", text).status_code == 302
    assert (get_setting("site.name"), get_setting("suggestions.enabled")) == ("Planta 9", True)


def test_a_workbook_with_numbers_and_marks(full: User) -> None:
    book = Workbook()
    book.active.append(["name", "position", "is_enabled", "if_words", "set_priority"])
    book.active.append(["Agua", 5, True, "agua", "P2"])
    content = io.BytesIO()
    book.save(content)
    answer = put_in(browser(full), "triage_rules", content.getvalue(), "reglas.xlsx")
    assert answer.status_code == 302, answer.context["errors"]
    rule = TriageRule.objects.get(name="Agua")
    assert (rule.position, rule.is_enabled, rule.set_priority) == (5, True, "P2")
    assert put_in(browser(full), "areas", b"PK\x03\x04 no", "x.xlsx").status_code == 422


def test_what_was_shown_to_somebody_else_or_changed_is_not_written(full: User, prod: Area) -> None:
    other = make_user("otra", "admin")
    shown = browser(full).post("/admin/tablas/areas/revisar/", file("code,name\nPROD,Otra\n"))
    token = shown.context["token"]
    assert browser(other).post("/admin/tablas/areas/guardar/", {"token": token}).status_code == 422
    assert browser(full).post("/admin/tablas/people/guardar/", {"token": token}).status_code == 422
    assert browser(full).post("/admin/tablas/areas/guardar/", {"token": token[:-3] + "xxx"}).status_code == 422
    assert Area.objects.get(code="PROD").name == "Producción"


@pytest.mark.parametrize("path", ["", "people.csv", "areas.xlsx", "areas/revisar/", "areas/guardar/"])
def test_the_pages_are_for_administrators(path: str, luis: User, client: Client) -> None:
    for visitor in (browser(luis), client):
        assert visitor.get(f"/admin/tablas/{path}").status_code in (302, 403)
        assert visitor.post(f"/admin/tablas/{path}").status_code in (302, 403)


def test_what_is_not_there_is_missing(full: User) -> None:
    assert browser(full).get("/admin/tablas/nada.csv").status_code == 404
    assert browser(full).get("/admin/tablas/areas.pdf").status_code == 404
    assert browser(full).get("/admin/tablas/endpoints.csv").status_code == 404
    assert browser(full).get("/admin/tablas/").status_code == 200
