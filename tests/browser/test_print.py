"""On paper: what is said of an incident and the list of a queue, with nothing to press, black on white."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from incidents.intake.reporting import Report, incident_report
from incidents.models import Incident
from prsystem.accounts.models import User
from tests.browser.test_main_job import Person, chromium, people, pytestmark
from tests.people import actor

__all__ = ["chromium", "people", "pytestmark"]
GONE = (".shell-side", ".shell-top", ".tabs-bottom", ".shell-foot", ".page-head .actions", "main .btn", "#acciones")
LUMINANCE = """() => { const rgb = getComputedStyle(document.querySelector("main .card h2, main .title")).color;
  return rgb.match(/[0-9.]+/g).slice(0, 3).map(Number).reduce((sum, one) => sum + one, 0) }"""


def reported(title: str) -> Incident:
    ana = User.objects.get(username="ana")
    return incident_report(actor=actor(ana), report=Report(title, "Gotea bajo el cilindro.", "PROD"), reporter=ana)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_incident_and_a_queue_on_paper(chromium: Browser, live_server: Any, people: None, theme: str) -> None:
    incident = reported("Fuga de aceite en la prensa")
    luis = Person(chromium, live_server.url, "luis")
    seen = {
        incident.get_absolute_url(): [
            incident.number,
            "Fuga de aceite en la prensa",
            "Gotea bajo el cilindro.",
            "Historial",
            "Luis",
        ],
        "/colas/L1/": ["Cola L1", incident.number, "Fuga de aceite en la prensa", "PROD"],
    }
    for path, texts in seen.items():
        luis.page.emulate_media(media="screen", color_scheme=theme)
        luis.open(path)
        luis.page.emulate_media(media="print", color_scheme=theme)
        assert not [part for part in GONE if luis.page.locator(f"{part} >> visible=true").count()]
        printed = luis.page.inner_text("main")
        assert all(text in printed for text in texts), printed
        assert luis.page.evaluate(LUMINANCE) < 300
        luis.page.set_viewport_size({"width": 718, "height": 1000})  # A4 without its margins
        assert luis.page.evaluate("document.documentElement.scrollWidth") <= 718
        luis.page.set_viewport_size({"width": 1280, "height": 900})
        assert luis.page.pdf(format="A4", print_background=False).startswith(b"%PDF")
    assert luis.page.evaluate("getComputedStyle(document.querySelector('.rows tr')).display") == "table-row"
