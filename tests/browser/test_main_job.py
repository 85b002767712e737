"""The main job in a real browser: report, proposal, claim, resolve, publish; the next report cites what was learned."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from incidents.models import Incident
from knowledge.models import Version
from prsystem.accounts.models import Area
from prsystem.core.models import Job
from prsystem.core.rights import Role
from tests.jobs import job_run
from tests.people import PASSWORD, make_user

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium"),
]


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    # Playwright's synchronous interface keeps an event loop in this thread, where the test also asks the database.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def people(prod: Area) -> None:
    for name, role in (("ana", Role.REPORTER), ("luis", Role.L1), ("marta", Role.L2)):
        make_user(name, role, areas=[prod], password=PASSWORD, full_name=name.title())


def run_jobs() -> None:
    while ids := list(Job.objects.filter(state="pending").values_list("pk", flat=True)):
        assert [job_run(pk) for pk in ids].count(True)


class Person:
    """Somebody at a browser of their own; collects what the page's console complains about."""

    def __init__(self, browser: Browser, address: str, name: str) -> None:
        self.page: Page = browser.new_context(locale="es-MX", viewport={"width": 1280, "height": 900}).new_page()
        self.address, self.complaints = address, list[str]()
        self.page.on("console", lambda message: message.type == "error" and self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.open("/entrar")
        self.page.fill("#id_username", name)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("main button.btn-primary")
        self.page.wait_for_url(f"{address}/")

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def report(self, title: str, description: str) -> Incident:
        self.open("/incidencias/nueva")
        self.page.fill("#id_titulo", title)
        self.page.fill("#id_descripcion", description)
        self.page.select_option("#id_area", "PROD")
        self.page.click("form.report button.btn-primary")
        self.page.wait_for_url("**/incidencias/INC-*/")
        return Incident.objects.latest("id")


def test_the_main_job(chromium: Browser, live_server: Any, people: None) -> None:
    ana, luis, marta = (Person(chromium, live_server.url, name) for name in ("ana", "luis", "marta"))
    first = ana.report("La banda 3 se detiene con E-4012", "Desde las 6 se para cada diez minutos y marca E-4012.")
    run_jobs()
    ana.page.wait_for_selector("#sugerencia .rate, #sugerencia .card-body p")

    luis.open("/colas/L1/")
    luis.page.click(f"#tomar-{first.pk}")
    luis.page.wait_for_selector(f"#fila-{first.pk} .row-note.done")
    luis.open(f"/incidencias/{first.number}/?abrir=resolver")
    steps = "1. Revisar la tensión de la banda.\n2. Cambiar el sensor SKF-6205 del rodillo de retorno."
    luis.page.fill("#id_resolver_solucion", steps)
    luis.page.click("#resolver button.btn-primary")
    luis.page.wait_for_selector(".solved")

    marta.open("/")
    marta.page.click("a[href*='/versiones/']")
    marta.page.click("form[action$='/publicar'] button")
    marta.page.wait_for_selector(".notice.success")
    assert Version.objects.get().state == "publicada"
    run_jobs()

    second = ana.report(
        "El transportador se para solo", "El tablero del transportador marca E-4012 y no arranca la banda."
    )
    run_jobs()
    ana.page.reload()
    ana.page.click("#sugerencia .citation a")
    ana.page.wait_for_selector("#pasaje")
    assert "SKF-6205" in "".join(ana.page.locator(".passage").all_inner_texts())
    assert second.number not in (first.number, "")
    assert not ana.complaints + luis.complaints + marta.complaints


def test_a_draft_survives_a_reload_and_ends_with_the_report(chromium: Browser, live_server: Any, people: None) -> None:
    ana = Person(chromium, live_server.url, "ana")
    ana.open("/incidencias/nueva")
    ana.page.fill("#id_titulo", "Fuga de aceite en la prensa")
    # The strict content policy forbids what wait_for_function does.
    while not ana.page.evaluate("Object.keys(localStorage).some(key => key.startsWith('prs-borrador'))"):
        ana.page.wait_for_timeout(50)
    ana.page.reload()
    assert ana.page.input_value("#id_titulo") == "Fuga de aceite en la prensa"
    ana.report("Fuga de aceite en la prensa", "Gotea bajo el cilindro izquierdo.")
    ana.open("/incidencias/nueva")
    assert ana.page.input_value("#id_titulo") == ""
