"""The board and the hand-over in a real browser: charts in both themes, and everything without JavaScript."""

from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from incidents.intake.reporting import Report, incident_report
from incidents.models import Incident, ShiftNote
from incidents.moves.lifecycle import incident_claim
from incidents.moves.resolving import Resolution, incident_resolve
from prsystem.accounts.models import User
from tests.browser.sending import forms_end_here
from tests.browser.test_accessibility import check, opened
from tests.browser.test_main_job import Person, chromium, people, pytestmark
from tests.people import actor, browser

__all__ = ["chromium", "forms_end_here", "people", "pytestmark"]
DRAWN = """() => [...document.querySelectorAll(".board-chart canvas")].filter(canvas => {
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return data.some((value, at) => at % 4 === 3 && value > 0);
}).length"""


@pytest.fixture
def cases(people: None) -> Incident:
    """Two of them, one solved."""
    ana, luis = (User.objects.get(username=name) for name in ("ana", "luis"))
    done, waits = (
        incident_report(actor=actor(ana), report=Report(title, "No arranca.", "PROD"), reporter=ana)
        for title in ("Banda parada", "Prensa parada")
    )
    incident_claim(actor=actor(luis), user=luis, incident_id=done.pk)
    incident_resolve(actor=actor(luis), incident_id=done.pk, resolution=Resolution("Se cambió la banda."))
    return waits


def test_every_chart_is_drawn_and_has_a_name_and_a_table(chromium: Browser, live_server: Any, cases: Incident) -> None:
    luis = Person(chromium, live_server.url, "luis")
    luis.open("/tablero/")
    luis.page.wait_for_function(f"({DRAWN})() === document.querySelectorAll('.board-chart').length")
    charts = luis.page.get_by_role("img").filter(has=luis.page.locator("canvas"))
    assert charts.count() == 6 and luis.page.locator(".board-table").count() == 6
    luis.page.emulate_media(color_scheme="dark")
    luis.page.wait_for_function(f"({DRAWN})() === 6")
    luis.page.locator(".board-spans a").first.click()
    luis.page.wait_for_url("**/tablero/?desde=*")
    assert luis.page.locator(".board-spans [aria-current]").inner_text().startswith("7 ")
    assert not luis.complaints


def test_the_figures_are_there_without_javascript(chromium: Browser, live_server: Any, cases: Incident) -> None:
    client = browser(User.objects.get(username="luis"))
    context = chromium.new_context(locale="es-MX", java_script_enabled=False)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/tablero/")
    assert page.locator(".board-chart:visible").count() == 0 and page.locator(".board-table").count() == 6
    assert page.locator("[aria-labelledby=t-sla] tbody tr").first.inner_text().split() == ["L1", "1", "0", "0"]
    page.goto(f"{live_server.url}/tablero/turno/?area=PROD")
    page.fill("#id_nota", "Falta aceite")
    page.locator("form.card-body button").click()
    assert "Falta aceite" in page.locator(".shift-note").inner_text() and ShiftNote.objects.count() == 1
    page.emulate_media(media="print")
    assert not page.locator("#id_nota").is_visible() and page.locator(".shift-note").is_visible()


@pytest.mark.usefixtures("forms_end_here")
def test_nothing_is_wrong_for_axe(chromium: Browser, live_server: Any, cases: Incident) -> None:
    page = opened(chromium, live_server.url, browser(User.objects.get(username="luis")))
    paths = ["/tablero/", "/tablero/?desde=2026-02-01", "/tablero/?desde=ayer", "/tablero/turno/", "/cuenta/informes"]
    check(page, live_server.url, [*paths, "/tablero/turno/?horas=7"])
