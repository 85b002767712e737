"""A real site's first day in a real browser: a started instance with a SECRET_KEY, the link that it prints, the first
administrator, the first steps, the first report. Nothing is prepared in the database."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from prsystem.runner.endpoints import free_port
from prsystem.runner.leftovers import stop_all
from tests.people import PASSWORD
from tests.test_runner_lifecycle import SECONDS, Run

from .test_main_job import CHROMIUM, FLAGS

SITE = "Planta Norte"
ANSWER_MS = 30_000
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium"),
]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Run]:
    run = Run(tmp_path / "sitio", free_port())
    yield run.wait_started()
    run.process.terminate()
    run.process.wait(SECONDS)
    stop_all(run.layout)


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


class Newcomer:
    """One browser, and everything in it that went wrong."""

    def __init__(self, browser: Browser, run: Run) -> None:
        self.address = f"http://127.0.0.1:{run.port}"
        self.page: Page = browser.new_context(locale="es-MX").new_page()
        self.page.set_default_timeout(ANSWER_MS)
        self.wrong: list[str] = []
        self.page.on("console", lambda said: said.type == "error" and self.wrong.append(said.text))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("response", lambda got: got.status >= 400 and self.wrong.append(f"{got.status} {got.url}"))

    def send(self, lands_on: str, button: str = "main button.btn-primary", **fields: str) -> None:
        for name, value in fields.items():
            self.page.fill(f"#id_{name}", value)
        self.page.click(button)
        self.page.wait_for_url(self.address + lands_on)

    def sign_in(self, username: str, lands_on: str) -> None:
        self.page.goto(self.address + "/entrar")
        self.send(lands_on, username=username, password=PASSWORD)

    def sign_out(self) -> None:
        self.page.goto(self.address + "/cuenta/")
        self.page.evaluate("document.querySelector('form[action=\"/salir\"]').requestSubmit()")
        self.page.wait_for_url(self.address + "/entrar*")

    def take_step(self, code: str, lands_on: str, *, again: bool = False, **fields: str) -> None:
        assert self.page.url == f"{self.address}/admin/inicio/{code}/"
        self.send(lands_on, "input[name=more]" if again else ".submit-row input.default", **fields)

    def brand(self) -> str:
        return self.page.inner_text(".brand").strip()


def become_administrator(person: Newcomer, link: str) -> None:
    person.page.goto(link)
    person.send("/entrar", username="jefa", full_name="Julia Jefa", new_password1=PASSWORD, new_password2=PASSWORD)
    assert (person.brand(), person.page.title()) == ("PR-System", "Entrar · PR-System")
    person.send("/admin/inicio/site/", username="jefa", password=PASSWORD)


def take_the_first_steps(person: Newcomer) -> None:
    person.take_step("site", "/admin/inicio/areas/", name=SITE)
    person.take_step("areas", "/admin/inicio/hours/", areas="PROD: Producción\nMANT: Mantenimiento")
    person.take_step("hours", "/admin/inicio/people/")
    for username, role in (("ana.ruiz", "reporter"), ("luis.mora", "l1")):
        person.page.select_option("#id_role", role)
        person.page.select_option("#id_area", label="PROD · Producción")
        person.take_step("people", "/admin/inicio/people/", again=True, username=username, password=PASSWORD)
    person.page.goto(person.address + "/admin/inicio/models/")
    person.send("/admin/inicio/*", "input[name=skip]")


def test_from_the_printed_link_to_the_first_report(site: Run, chromium: Browser) -> None:
    link = re.search(r"http://127\.0\.0\.1:\d+/primera-cuenta/\S+", site.output.read_text())
    assert link, site.output.read_text()
    person = Newcomer(chromium, site)
    become_administrator(person, link[0])
    take_the_first_steps(person)
    person.sign_out()
    assert (person.brand(), person.page.title()) == (SITE, f"Entrar · {SITE}")
    person.sign_in("ana.ruiz", "/")
    person.page.goto(person.address + "/incidencias/nueva")
    person.page.select_option("#id_area", "PROD")
    titles = {"titulo": "La banda 3 no arranca", "descripcion": "Marca E-4012 y se detiene a los diez minutos."}
    person.send("/incidencias/INC-*/", "form.report button.btn-primary", **titles)
    assert titles["titulo"] in person.page.inner_text("main")
    person.sign_out()
    person.sign_in("luis.mora", "/")
    person.page.goto(person.address + "/colas/L1/")
    assert titles["titulo"] in person.page.inner_text("main")
    assert not person.wrong
    assert site.sql("SELECT title FROM incidents_incident") == [(titles["titulo"],)]
    assert person.page.goto(link[0]).status == 404, "the link works once"
