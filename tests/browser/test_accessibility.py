# ruff: noqa: F401, F811  fixtures of another module
"""Every page in both themes: no violation of WCAG 2.2 AA that axe-core can find, no scrolling sideways on a phone, and
each form that it sends is taken by the server."""

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db.models import Model
from django.test import Client
from playwright.sync_api import Browser, Page, Route, sync_playwright

from audit.models import AuditEntry
from incidents.intake.reporting import Report, incident_report
from incidents.models import Incident
from knowledge.models import Version
from prsystem.accounts.models import Area, User
from tests.incidents.makers import make_article, make_incident, make_suggestion
from tests.people import actor
from tests.test_admin import MODELS, area, eva, rows, signed_in

from .addresses import addresses, of_models, shown
from .sending import Sender, forms_end_here
from .states import STATES
from .test_main_job import CHROMIUM, FLAGS

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
RUN = """async (only) => (
  await axe.run(document, {resultTypes: ["violations"], runOnly: only})
).violations.map(found => `${found.id}: ${found.nodes.slice(0, 4).map(node => node.target.join(" ")
  + " " + node.any.slice(0, 1).map(any => any.message).join("")).join(" | ")}`)"""
EVERYTHING = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}  # all that a theme changes
# Once the theme's change has been told and drawn, with its transitions at their end.
BACKGROUND = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
  document.getAnimations().forEach(one => { try { one.finish(); } catch { one.cancel(); } });  // one has no end
  done(getComputedStyle(document.body).backgroundColor);
})))"""
TRANSPARENT = "rgba(0, 0, 0, 0)"
PHONE = {"width": 360, "height": 740}
COVERED = """async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const focused = document.activeElement, box = focused.getBoundingClientRect();
  const at = (x, y) => document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
  const seen = [[.5, .5], [.1, .1], [.9, .1], [.1, .9], [.9, .9]].map(([x, y]) => at(x, y));
  if (focused === document.body || seen.some(top => top && (focused.contains(top) || top.contains(focused)))) return "";
  return `${focused.tagName} «${focused.innerText || focused.name}» at ${Math.round(box.top)} px`;
}"""
SHORT_PHONE, TABS = {"width": 360, "height": 480}, 40
WIDE = "document.documentElement.scrollWidth > window.innerWidth ? document.documentElement.scrollWidth : 0"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.usefixtures("forms_end_here"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium"),
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch:
        # Playwright's synchronous interface keeps an event loop in this thread, where the test asks the database too.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
            yield browser
            browser.close()


@pytest.fixture
def site(rows: dict[type[Model], Model], eva: User, area: Area) -> tuple[list[str], list[str]]:
    """Addresses of the site's own pages and of the console's, as the administrator sees them."""
    incident = incident_report(actor=actor(eva), report=Report("Banda parada", "No **arranca**.", "PROD"), reporter=eva)
    entry = AuditEntry.objects.order_by("pk").first()
    known, unknown = addresses(Incident.objects.get(pk=incident.pk), Version.objects.get(), eva.pk, entry.pk)
    assert not unknown, "tests/browser/addresses.py must know what to fill in"
    client = signed_in(eva)
    own = shown(client, [path for path in known if not path.startswith("/admin/")])
    console = shown(client, [path for path in known if path.startswith("/admin/")])
    console += shown(client, list(of_models(MODELS, rows)))
    assert {"/", "/incidencias/", "/conocimiento/", "/cuenta/", "/colas/L1/", "/incidencias/nueva"} <= set(own)
    assert {"/admin/", "/admin/salud/", "/admin/ajustes/", "/admin/tablas/"} <= set(console)
    return own, console


def opened(browser: Browser, address: str, client: Client | None) -> Page:
    """A page as whoever is signed in with the client. Nothing moves: a colour on its way has no contrast."""
    context = browser.new_context(locale="es-MX", viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.add_init_script(path=AXE)
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME) if client is not None else ():
        if name in client.cookies:
            context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])
    return context.new_page()


def faults(page: Page, address: str, sender: Sender) -> list[str]:
    """What axe finds on a desk in both themes, how wide it is on a phone when that is too wide, and which of its forms
    are refused."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    page.goto(address)
    found: list[str] = page.evaluate(RUN, EVERYTHING)
    light = page.evaluate(BACKGROUND)
    page.emulate_media(color_scheme="dark")
    if page.evaluate(BACKGROUND) == light != TRANSPARENT:
        found.append(f"{light} in both themes")
    found += [f"dark {one}" for one in page.evaluate(RUN, COLOURS)]
    page.set_viewport_size(PHONE)
    if width := page.evaluate(WIDE):
        found.append(f"{width} px wide on a phone")
    return found + sender.refused(page)


def check(page: Page, address: str, paths: list[str]) -> None:
    sender = Sender()
    wrong = {path: found for path in paths if (found := faults(page, address + path, sender))}
    text = "\n".join(f"{path}\n    " + "\n    ".join(found) for path, found in wrong.items())
    if report := os.environ.get("PRS_ACCESSIBILITY_REPORT"):
        with Path(report).open("a", encoding="utf-8") as file:
            file.write(text + "\n")
    assert not wrong, f"{len(wrong)} of {len(paths)} pages\n{text}"


def test_the_pages_of_the_site(chromium: Browser, live_server: Any, site: Any, eva: User) -> None:
    own, _console = site
    check(opened(chromium, live_server.url, signed_in(eva)), live_server.url, own)


@pytest.mark.parametrize("half", [0, 1])
def test_the_pages_of_the_console(
    chromium: Browser,
    live_server: Any,
    site: Any,
    eva: User,
    half: int,
) -> None:
    _own, console = site
    check(opened(chromium, live_server.url, signed_in(eva)), live_server.url, console[half::2])


def test_the_pages_for_everybody(chromium: Browser, live_server: Any, db: None) -> None:
    check(opened(chromium, live_server.url, None), live_server.url, ["/entrar", "/nada-de-nada"])


def test_what_the_system_makes_of_reports(chromium: Browser, live_server: Any, eva: User, area: Area) -> None:
    """A finished proposal with its sources, danger to people, and a search with hits and one without."""
    waits = make_incident(eva, title="Banda parada")
    make_suggestion(waits, make_article(area, "Banda parada"))
    danger = make_incident(eva, title="Sale humo negro del tablero", description="Y chispas.")
    client, paths = signed_in(eva), [waits.get_absolute_url(), danger.get_absolute_url()]
    shown = [client.get(path).content.decode() for path in paths]
    assert "Cambiar la junta" in shown[0] and "Peligro para personas" in shown[1]
    check(opened(chromium, live_server.url, client), live_server.url, [*paths, "/buscar?q=banda", "/buscar?q=x"])


@pytest.mark.parametrize("width", [390, 1280])
def test_the_sources_of_a_proposal_have_room(
    chromium: Browser, live_server: Any, eva: User, area: Area, width: int
) -> None:
    """One article cited twice: its title on a line or two, the words of both passages within what is shown of them."""
    incident = make_incident(eva, title="Banda parada")
    suggestion = make_suggestion(incident, version := make_article(area, "Banda parada de la zona de empaque"))
    given = {"article": version.article, "version": version, "kind": "causa", "score": 1}
    suggestion.citations.create(number=2, fragment="La junta se endurece con el calor.", **given)
    page = opened(chromium, live_server.url, signed_in(eva))
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(live_server.url + incident.get_absolute_url())
    assert page.locator(".citation").count() == 1
    for inner in (".citation a.item-link", ".citation .rate-source", ".citation .source-acts"):
        box = page.locator(inner).bounding_box()
        assert box and box["width"] > 200 and box["height"] < 100, inner
    for quoted in page.locator(".citation .quoted").all():
        shown, words = quoted.locator("xpath=..").bounding_box(), quoted.bounding_box()
        assert shown and words and words["y"] + words["height"] <= shown["y"] + shown["height"] + 1
    with page.expect_request(lambda request: request.url.endswith("/ocultar")):  # nothing lies over the button
        page.locator(".source-acts form button").first.click()


@pytest.mark.parametrize("template", STATES)
def test_the_pages_that_come_after_a_step(
    chromium: Browser, live_server: Any, rows: dict[type[Model], Model], eva: User, template: str
) -> None:
    """The answer, with its headers, is put where the browser asks for it; the rest comes from the site."""
    client, answer = STATES[template](eva)
    assert template in {found.name for found in answer.templates}
    path = answer.request["PATH_INFO"]
    page = opened(chromium, live_server.url, client)
    shown = {"status": answer.status_code, "headers": dict(answer.headers), "body": answer.content}
    page.route(live_server.url + path, partial(put_in_place, shown=shown))
    check(page, live_server.url, [path])


def put_in_place(route: Route, *, shown: dict[str, Any]) -> None:
    if route.request.method == "GET":
        route.fulfill(**shown)
    else:
        route.continue_()


@pytest.mark.parametrize(
    "path", ["/", "/incidencias/", "/incidencias/nueva", "/conocimiento/", "/cuenta/", "/tablero/"]
)
def test_what_has_the_focus_is_not_covered(
    chromium: Browser, live_server: Any, eva: User, area: Area, path: str
) -> None:
    """WCAG 2.2, 2.4.11: by the bars of a phone, in a window that is always too short for the page."""
    page = opened(chromium, live_server.url, signed_in(eva))
    page.set_viewport_size(SHORT_PHONE)
    page.goto(live_server.url + path)
    covered = []
    for _tab in range(TABS):
        page.keyboard.press("Tab")
        covered.append(page.evaluate(COVERED))
    assert not [found for found in covered if found]
