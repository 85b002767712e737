"""The installed application: what Chromium asks of one, and reports written offline that arrive exactly once."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from incidents.models import Incident
from prsystem.accounts.models import BrowserSession
from tests.browser.test_main_job import Person, chromium, people, pytestmark
from tests.people import PASSWORD

__all__ = ["chromium", "people", "pytestmark"]
REPORTS = "**/api/incidencias"
STORED = """new Promise(done => { const open = indexedDB.open("prs", 1); open.onsuccess = () => {
  open.result.transaction("reportes").objectStore("reportes").getAll().onsuccess = e => done(e.target.result) } })"""


def eventually(page: Page, script: str) -> Any:
    """The first true answer. (The strict content policy forbids what wait_for_function does.)"""
    for _ in range(200):
        if answer := page.evaluate(script):
            return answer
        page.wait_for_timeout(50)
    raise AssertionError(script)


def ready(person: Person) -> None:
    """The worker rules the page and the person is known on the device."""
    eventually(person.page, "navigator.serviceWorker.controller !== null && localStorage.getItem('prs-persona')")


@pytest.fixture
def ana(chromium: Browser, live_server: Any, people: None) -> Iterator[Person]:
    person = Person(chromium, live_server.url, "ana")
    ready(person)
    yield person
    person.page.context.close()


def unplugged(person: Person, is_off: bool = True) -> None:
    person.page.context.set_offline(is_off)


def written(person: Person, title: str = "Fuga en la prensa 4") -> None:
    person.page.fill("#id_titulo", title)
    person.page.fill("#id_descripcion", "Gotea aceite bajo el cilindro.")
    person.page.select_option("#id_area", "PROD")
    person.page.click("form[data-write] button.btn-primary")
    person.page.wait_for_selector(f"[data-list] >> text={title}")


def test_chromium_would_install_it(ana: Person) -> None:
    devtools = ana.page.context.new_cdp_session(ana.page)
    missing = {error["errorId"] for error in devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]}
    assert missing <= {"in-incognito"}  # what every context of a test is
    found = devtools.send("Page.getAppManifest")
    assert found["errors"] == [] and found["url"].endswith("/app.webmanifest")
    assert ana.page.evaluate("navigator.serviceWorker.ready.then(r => r.scope)") == f"{ana.address}/"
    assert not ana.complaints


def test_written_offline_and_sent_once(ana: Person) -> None:
    unplugged(ana)
    ana.open("/incidencias/")
    ana.page.wait_for_selector("[data-state] >> text=/^No hay conexión/")
    written(ana)
    assert ana.page.locator("[data-list] .pill").inner_text() == "Espera conexión"
    assert not Incident.objects.exists()
    ana.page.reload()
    ana.page.wait_for_selector("[data-list] >> text=Fuga en la prensa 4")
    unplugged(ana, False)
    ana.page.wait_for_selector("[data-list] a[href*=INC-]", timeout=20_000)
    incident = Incident.objects.get()
    assert ana.page.locator("[data-list] a").inner_text() == incident.number
    assert (incident.title, incident.source, incident.reporter.username) == ("Fuga en la prensa 4", "web", "ana")
    assert "Escrito sin conexión el" in incident.description
    ana.open("/")
    ana.page.wait_for_timeout(500)
    assert Incident.objects.count() == 1
    assert ana.page.locator("[data-outbox-bar]").is_hidden()


def test_the_answer_of_the_first_send_is_lost(ana: Person) -> None:
    unplugged(ana)
    ana.open("/sin-conexion")
    written(ana)
    seen: list[tuple[int, str]] = []

    def lose(route: Route) -> None:
        answer = route.fetch()
        route.abort()
        seen.append((answer.status, route.request.headers["idempotency-key"]))

    ana.page.route(REPORTS, lose, times=1)
    unplugged(ana, False)
    while not seen:
        ana.page.wait_for_timeout(50)
    assert Incident.objects.count() == 1
    assert ana.page.locator("[data-list] .pill").inner_text() == "Espera conexión"
    with ana.page.expect_response(REPORTS) as again:
        ana.page.click("[data-send]")
    assert again.value.headers["idempotent-replayed"] == "true"
    assert seen == [(201, again.value.request.headers["idempotency-key"])]
    ana.page.wait_for_selector(f"[data-list] >> text={Incident.objects.get().number}")


def test_two_tabs_send_it_once(ana: Person) -> None:
    other = ana.page.context.new_page()
    for page in (ana.page, other):
        page.goto(f"{ana.address}/sin-conexion")
    unplugged(ana)
    written(ana)
    unplugged(ana, False)
    ana.page.wait_for_selector("[data-list] a[href*=INC-]", timeout=20_000)
    other.wait_for_timeout(500)
    assert Incident.objects.count() == 1


def test_a_tab_shows_what_another_one_sent(ana: Person) -> None:
    other = ana.page.context.new_page()
    for page in (ana.page, other):
        page.goto(f"{ana.address}/sin-conexion")
    unplugged(ana)
    written(ana)
    ana.page.route("**/api/**", lambda route: route.abort())
    unplugged(ana, False)
    eventually(other, "prsOutbox.send().then(() => prsOutbox.mine()).then(mine => mine[0].estado === 'enviado')")
    ana.page.wait_for_selector("[data-list] a[href*=INC-]", timeout=5_000)
    assert Incident.objects.count() == 1


def test_a_session_that_ended_asks_to_sign_in_and_then_sends(ana: Person) -> None:
    unplugged(ana)
    ana.open("/sin-conexion")
    written(ana)
    BrowserSession.objects.all().delete()
    unplugged(ana, False)
    ana.page.wait_for_selector("[data-nobody] >> text=Entrar", timeout=20_000)
    assert "Fuga" not in ana.page.inner_text("main") and "ocultos" in ana.page.inner_text("[data-hidden]")
    assert not Incident.objects.exists()
    ana.page.click("[data-nobody] a")
    ana.page.fill("#id_username", "ana")
    ana.page.fill("#id_password", PASSWORD)
    ana.page.click("main button.btn-primary")
    ana.page.wait_for_selector("[data-list] a[href*=INC-]", timeout=20_000)
    assert Incident.objects.get().reporter.username == "ana"


def test_another_person_on_the_device_neither_sees_nor_sends_it(ana: Person) -> None:
    unplugged(ana)
    ana.open("/sin-conexion")
    written(ana)
    ana.page.route(REPORTS, lambda route: route.abort())
    unplugged(ana, False)
    ana.open("/")
    ana.page.wait_for_selector("[data-outbox-bar] >> text=1 reporte está guardado")
    ana.page.click(".side-foot summary")
    ana.page.click("form[action='/salir'] button")
    assert "Hay reportes sin enviar" in ana.page.inner_text("#confirmar")
    ana.page.click("#confirmar [data-yes]")
    ana.page.wait_for_url("**/entrar")
    ana.page.unroute(REPORTS)
    unplugged(ana)
    ana.open("/incidencias/")
    assert ana.page.locator("form[data-write]").is_hidden() and "Fuga" not in ana.page.content()
    unplugged(ana, False)
    ana.open("/entrar")
    ana.page.fill("#id_username", "luis")
    ana.page.fill("#id_password", PASSWORD)
    ana.page.click("main button.btn-primary")
    ana.page.wait_for_url(f"{ana.address}/")
    ready(ana)
    ana.open("/sin-conexion")
    ana.page.wait_for_selector("form[data-write]:not([hidden])")
    assert "Fuga" not in ana.page.content() and ana.page.input_value("#id_titulo") == ""
    assert not Incident.objects.exists()
    assert [report["usuario"] for report in ana.page.evaluate(STORED)] == ["ana"]


def test_nothing_of_a_person_is_kept_by_the_worker(ana: Person) -> None:
    incident = ana.report("Banda parada", "No arranca desde las seis.")
    ana.open("/conocimiento/")
    kept = ana.page.evaluate(
        "caches.keys().then(async names => (await Promise.all(names.map(async name =>"
        " (await (await caches.open(name)).keys()).map(request => new URL(request.url).pathname)))).flat())"
    )
    assert "/sin-conexion" in kept
    assert [path for path in kept if not path.startswith("/static/")] == ["/sin-conexion"]
    unplugged(ana)
    ana.open(incident.get_absolute_url())
    assert "Banda parada" not in ana.page.content() and "ana" not in ana.page.inner_text(".plain-top")


def test_the_report_form_that_loses_its_connection_keeps_the_report(ana: Person) -> None:
    ana.open("/incidencias/nueva")
    ana.page.fill("#id_titulo", "Sensor sin señal")
    unplugged(ana)
    ana.page.fill("#id_descripcion", "No marca nada.")
    ana.page.select_option("#id_area", "PROD")
    ana.page.click("form.report button.btn-primary")
    ana.page.wait_for_selector("[data-list] >> text=Sensor sin señal")
    assert ana.page.input_value("#id_titulo") == ""
    unplugged(ana, False)
    ana.page.wait_for_selector("[data-list] a[href*=INC-]", timeout=20_000)
    assert Incident.objects.get().title == "Sensor sin señal"


def test_what_is_refused_is_told_and_can_be_corrected_or_deleted(ana: Person) -> None:
    unplugged(ana)
    ana.open("/sin-conexion")
    written(ana)
    refusal = {"status": 400, "content_type": "application/problem+json"}
    body = '{"codigo": "invalido", "errores": {"area": ["El área ya no existe."]}}'
    ana.page.route(REPORTS, lambda route: route.fulfill(**refusal, body=body), times=1)
    unplugged(ana, False)
    ana.page.wait_for_selector("[data-list] >> text=El área ya no existe.", timeout=20_000)
    ana.page.click("[data-act=edit]")
    assert ana.page.input_value("#id_titulo") == "Fuga en la prensa 4"
    assert ana.page.evaluate(STORED) == []
    unplugged(ana)
    written(ana, "Otra")
    ana.page.once("dialog", lambda dialog: dialog.accept())
    ana.page.click("[data-act=remove]")
    ana.page.wait_for_selector("[data-none]:not([hidden])")
    assert not Incident.objects.exists()
