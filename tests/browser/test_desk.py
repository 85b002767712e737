"""The desk in a real browser: triage by keyboard alone, who else has it open, lists that grow, views, mentions."""

from typing import Any

from playwright.sync_api import Browser, Page

from incidents.models import Incident, SavedView
from incidents.services import Report, incident_report
from prsystem.accounts.models import User
from tests.browser.test_main_job import Person, chromium, people, pytestmark
from tests.people import actor

__all__ = ["chromium", "people", "pytestmark"]


def reported(title: str) -> Incident:
    ana = User.objects.get(username="ana")
    return incident_report(actor=actor(ana), report=Report(title, "No arranca.", "PROD"), reporter=ana)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_ten_incidents_are_sorted_by_keyboard_alone(chromium: Browser, live_server: Any, people: None) -> None:
    incidents = [reported(f"Falla {number}") for number in range(10)]
    luis = Person(chromium, live_server.url, "luis")
    keys = luis.page.keyboard
    luis.open("/colas/L1/")
    for number, incident in enumerate(incidents):
        while focused(luis.page) != f"t-{incident.pk}":
            keys.press("j")
        if number % 2 == 0:
            keys.press("t")
            luis.page.wait_for_selector(f"#fila-{incident.pk} .row-note.done")
            continue
        keys.press("e")
        luis.page.wait_for_url("**/?abrir=escalar")
        keys.type("Pide planos")
        keys.press("Enter")
        luis.page.wait_for_selector(".notice.success")
        keys.press("g")
        keys.press("1")
        luis.page.wait_for_url("**/colas/L1/")
    left = dict(Incident.objects.values_list("title", "level"))
    assert [left[f"Falla {number}"] for number in range(10)] == ["L1", "L2"] * 5
    assert Incident.objects.filter(assignee__username="luis").count() == 5
    assert not luis.complaints


def test_help_and_resolving_by_keyboard(chromium: Browser, live_server: Any, people: None) -> None:
    incident = reported("Falla")
    luis = Person(chromium, live_server.url, "luis")
    luis.open(incident.get_absolute_url())
    luis.page.keyboard.press("?")
    assert luis.page.locator("#atajos").is_visible()
    luis.page.keyboard.press("Escape")
    luis.page.keyboard.press("t")
    luis.page.wait_for_selector("#resolver")
    luis.page.keyboard.press("r")
    luis.page.wait_for_url("**/?abrir=resolver")
    assert focused(luis.page) == "id_resolver_solucion"
    assert not luis.complaints


def test_two_people_on_one_incident_are_told(chromium: Browser, live_server: Any, people: None) -> None:
    incident = reported("Falla")
    luis, marta = (Person(chromium, live_server.url, name) for name in ("luis", "marta"))
    marta.open(incident.get_absolute_url())
    marta.page.wait_for_load_state("networkidle")
    luis.open(incident.get_absolute_url())
    luis.page.wait_for_selector("#presentes >> text=Marta lo tiene abierto")
    marta.page.wait_for_selector("#presentes >> text=Luis lo tiene abierto", timeout=15_000)
    assert not luis.complaints + marta.complaints


def test_a_list_grows_by_itself_and_keeps_what_is_chosen(chromium: Browser, live_server: Any, people: None) -> None:
    first = reported("Primera")
    luis = Person(chromium, live_server.url, "luis")
    luis.open("/incidencias/?estado=abierto")
    luis.page.check(f"#elegir-{first.pk}")
    second = reported("Segunda")
    luis.page.wait_for_selector(f"#fila-{second.pk}.is-new")
    assert luis.page.locator("[data-new]").inner_text() == "1 nueva"
    assert luis.page.is_checked(f"#elegir-{first.pk}") and not luis.page.is_checked(f"#elegir-{second.pk}")
    reported("Tercera")
    luis.page.wait_for_selector("[data-new] >> text=2 nuevas")
    luis.page.click("[data-new]")
    assert luis.page.locator("[data-new]").is_hidden() and luis.page.locator("tr.is-new").count() == 0
    assert not luis.complaints


def test_a_view_is_kept_and_opened(chromium: Browser, live_server: Any, people: None) -> None:
    reported("Falla")
    luis, marta = (Person(chromium, live_server.url, name) for name in ("luis", "marta"))
    luis.open("/incidencias/?estado=abierto&asignado_a=nadie")
    luis.page.click("summary >> text=Guardar esta vista")
    luis.page.fill("#vista-nombre", "Sin dueño")
    luis.page.select_option("#vista-area", "PROD")
    luis.page.click(".menu-panel button.btn-primary")
    luis.page.wait_for_url("**/vistas/sin-dueno-*/")
    view = SavedView.objects.get()
    assert view.filters == {"estado": "abierto", "asignado_a": "nadie"}
    marta.open("/vistas/")
    assert marta.page.locator("[data-view-count]").inner_text() == "1"
    marta.page.click("text=Sin dueño")
    marta.page.wait_for_url(f"**/vistas/{view.slug}/")
    assert marta.page.locator("tr[id^=fila-]").count() == 1
    assert not luis.complaints + marta.complaints


def test_a_mention_is_completed_while_typing(chromium: Browser, live_server: Any, people: None) -> None:
    incident = reported("Falla")
    luis = Person(chromium, live_server.url, "luis")
    luis.open(incident.get_absolute_url())
    luis.page.click("#id_comentar_cuerpo")
    luis.page.keyboard.type("Mira esto @ma")
    luis.page.wait_for_selector("[role=option] >> text=@marta")
    luis.page.keyboard.press("Enter")
    assert luis.page.input_value("#id_comentar_cuerpo") == "Mira esto @marta "
    luis.page.click("#comentar form button.btn-primary >> nth=0")
    luis.page.wait_for_selector("a.mention >> text=@marta")
    assert not luis.complaints
