"""Writing in a real browser: an article is begun, kept as one types, reviewed with an edit, published, found, and a
typo of it corrected; two editors at once lose nothing."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from knowledge.models import Version
from tests.browser.test_main_job import CHROMIUM, Person, chromium, people, run_jobs

__all__ = ["chromium", "people"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]
STEPS = "1. Cerrar la válvula V-12.\n2. Cambiar el retén ZQ-9917.\n\n| Par | Nm |\n|---|---|\n| Tapa | 45 |"


def begin(person: Person, title: str) -> None:
    person.open("/conocimiento/")
    person.page.click("a[href='/conocimiento/nuevo']")
    person.page.fill("#id_titulo", title)
    person.page.click("form.report button.btn-primary")
    person.page.wait_for_url("**/versiones/1.0/editar")


def kept(person: Person, solution: str) -> None:
    """What was typed is kept, and the page says so."""
    while not Version.objects.filter(solution=solution).exists():
        person.page.wait_for_timeout(50)
    person.page.wait_for_selector("#guardado .live")


def test_written_reviewed_published_found_and_corrected(chromium: Browser, live_server: Any, people: None) -> None:
    luis, marta, ana = (Person(chromium, live_server.url, name) for name in ("luis", "marta", "ana"))
    begin(luis, "Fuga de aceite en la prensa 4")
    luis.page.fill("#id_problema", "Gotea aceite bajo el cilindro.")
    luis.page.fill("#id_solucion", STEPS)
    luis.page.wait_for_selector("#vista td:has-text('45')")
    kept(luis, STEPS)
    luis.page.reload()
    assert luis.page.input_value("#id_solucion") == STEPS
    luis.page.click("button[value='revision']")
    luis.page.wait_for_url("**/versiones/1.0")

    marta.open("/conocimiento/")
    marta.page.click(".tabs a[href='/conocimiento/por-revisar']")
    marta.page.click(".item-link")
    marta.page.click("a[href$='/editar']")
    marta.page.fill("#id_causa", "El retén estaba gastado.")
    marta.page.click("button[value='publicar']")
    marta.page.wait_for_url("**/conocimiento/fuga-de-aceite-en-la-prensa-4/")
    run_jobs()

    ana.open("/conocimiento/?q=ZQ-9917")
    ana.page.click(".item-link")
    assert "El retén estaba gastado." in ana.page.inner_text("article")

    marta.page.click("a[href$='/corregir']")
    marta.page.fill("#id_causa", "El retén estaba muy gastado.")
    marta.page.click(".savebar button.btn-primary")
    marta.page.wait_for_selector("article:has-text('muy gastado')")
    assert list(Version.objects.values_list("minor", "state")) == [(0, "reemplazada"), (1, "publicada")]
    assert not luis.complaints + marta.complaints + ana.complaints


def test_two_editors_at_once_see_both_texts_and_keep_both(chromium: Browser, live_server: Any, people: None) -> None:
    luis, marta = (Person(chromium, live_server.url, name) for name in ("luis", "marta"))
    begin(luis, "Fuga de aceite en la prensa 4")
    marta.open(luis.page.url.removeprefix(live_server.url))
    luis.page.fill("#id_solucion", "Cambiar el retén por la mañana.")
    kept(luis, "Cambiar el retén por la mañana.")
    marta.page.fill("#id_solucion", "Cambiar el retén por la tarde.")
    marta.page.wait_for_selector("#conflicto ins:has-text('tarde')")
    assert marta.page.input_value("#id_solucion") == "Cambiar el retén por la tarde."
    marta.page.click("#conflicto button[value='otro']")
    marta.page.wait_for_url("**/versiones/1.1/editar")
    texts = set(Version.objects.values_list("solution", flat=True))
    assert texts == {"Cambiar el retén por la mañana.", "Cambiar el retén por la tarde."}


def test_a_session_that_ends_while_writing_loses_nothing(chromium: Browser, live_server: Any, people: None) -> None:
    luis = Person(chromium, live_server.url, "luis")
    begin(luis, "Fuga de aceite en la prensa 4")
    cookies = luis.page.context.cookies()
    luis.page.context.clear_cookies()
    luis.page.fill("#id_solucion", "Cambiar el retén.")
    luis.page.wait_for_selector("#guardado [data-save-again]")
    luis.page.context.add_cookies(cookies)
    luis.page.click("#guardado [data-save-again]")
    kept(luis, "Cambiar el retén.")


def test_enter_while_two_texts_are_shown_overwrites_neither(chromium: Browser, live_server: Any, people: None) -> None:
    luis, marta = (Person(chromium, live_server.url, name) for name in ("luis", "marta"))
    begin(luis, "Fuga de aceite en la prensa 4")
    marta.open(luis.page.url.removeprefix(live_server.url))
    luis.page.fill("#id_solucion", "Por la mañana.")
    kept(luis, "Por la mañana.")
    marta.page.fill("#id_solucion", "Por la tarde.")
    marta.page.wait_for_selector("#conflicto ins:has-text('tarde')")
    with marta.page.expect_response("**/editar") as answer:
        marta.page.press("#id_titulo", "Enter")
    assert answer.value.status == 409
    assert Version.objects.get().solution == "Por la mañana."
    marta.page.click("#conflicto button[value='sobrescribir']")
    marta.page.wait_for_selector("#conflicto ins", state="detached")
    assert Version.objects.get().solution == "Por la tarde."
