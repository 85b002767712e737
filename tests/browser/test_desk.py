"""The desk in a real browser: triage by keyboard alone, who else has it open, lists that grow, views, mentions."""

from typing import Any

from playwright.sync_api import Browser, Page

from incidents.intake.reporting import Report, incident_report
from incidents.models import Incident, SavedView
from prsystem.accounts.models import User
from tests.browser.test_main_job import Person, chromium, people, pytestmark
from tests.people import actor

__all__ = ["chromium", "people", "pytestmark"]


def reported(title: str) -> Incident:
    ana = User.objects.get(username="ana")
    return incident_report(actor=actor(ana), report=Report(title, "No arranca.", "PROD"), reporter=ana)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def within(page: Page, selector: str) -> bool:
    return bool(
        page.evaluate("selector => document.querySelector(selector).contains(document.activeElement)", selector)
    )


def claimed(luis: Person, incident: Incident) -> None:
    """On the row; the focus stays on it while the row is drawn anew."""
    luis.page.keyboard.press("t")
    luis.page.wait_for_selector(f"#fila-{incident.pk} .row-note.done")
    assert focused(luis.page) == f"t-{incident.pk}"


def escalated(luis: Person, incident: Incident) -> None:
    """The focus goes to the field for the reason, then to the content of the page that tells it was done."""
    luis.page.keyboard.press("e")
    luis.page.wait_for_url("**/?abrir=escalar")
    assert within(luis.page, "form[action$='/escalar']") and focused(luis.page) == "id_escalar_motivo"
    luis.page.keyboard.type("Pide planos")
    luis.page.keyboard.press("Control+Enter")
    luis.page.wait_for_selector(".notice.success")
    assert focused(luis.page) == "contenido"


def resolved(luis: Person, incident: Incident) -> None:
    """To the solution; what is missing brings it back there; then as after an escalation."""
    claimed(luis, incident)
    luis.page.keyboard.press("r")
    luis.page.wait_for_url("**/?abrir=resolver")
    assert focused(luis.page) == "id_resolver_solucion"
    luis.page.keyboard.press("Control+Enter")
    luis.page.wait_for_selector("#id_resolver_solucion[aria-invalid=true]")
    assert focused(luis.page) == "id_resolver_solucion"
    luis.page.keyboard.type("Cambiar la fuente del tablero.")
    luis.page.keyboard.press("Control+Enter")
    luis.page.wait_for_selector(".solved")
    assert focused(luis.page) == "contenido"


def back_on(luis: Person, row: str) -> None:
    luis.page.keyboard.press("u")
    luis.page.wait_for_url("**/colas/L1/")
    luis.page.wait_for_selector("#lista tr")
    assert focused(luis.page) == row


def test_ten_incidents_are_sorted_by_keyboard_alone(chromium: Browser, live_server: Any, people: None) -> None:
    incidents = {incident.pk: incident for incident in (reported(f"Falla {number}") for number in range(10))}
    luis = Person(chromium, live_server.url, "luis")
    luis.open("/colas/L1/")
    rows = [str(row) for row in luis.page.evaluate("[...document.querySelectorAll('.rows .title')].map(a => a.id)")]
    assert {int(row.removeprefix("t-")) for row in rows} == set(incidents)
    luis.page.keyboard.press("j")
    for number, row in enumerate(rows):
        assert focused(luis.page) == row
        incident, following = incidents[int(row.removeprefix("t-"))], (rows[number + 1 :] or [""])[0]
        act = (claimed, escalated, resolved)[number % 3]
        act(luis, incident)
        if act is claimed:
            luis.page.keyboard.press("j")
        else:  # it has left the queue: the next one is where it was
            back_on(luis, following)
    moved = Incident.objects.in_bulk(list(incidents))
    done = [moved[int(row.removeprefix("t-"))] for row in rows]
    assert [incident.level for incident in done] == ["L1", "L2", "L1"] * 3 + ["L1"]
    assert [incident.state for incident in done] == ["en_progreso", "nuevo", "resuelto"] * 3 + ["en_progreso"]
    assert {incident.assignee.username for incident in done if incident.assignee} == {"luis"}
    refusals = [text for text in luis.complaints if "422" not in text]
    assert not refusals and len(luis.complaints) == 3


def test_a_claim_by_its_button_leaves_the_focus_on_the_row(chromium: Browser, live_server: Any, people: None) -> None:
    incident = reported("Falla")
    luis = Person(chromium, live_server.url, "luis")
    for path in ("/", "/colas/L1/"):
        luis.open(path)
        luis.page.focus(f"#tomar-{incident.pk}")
        luis.page.keyboard.press("Enter")
        luis.page.wait_for_selector(f"#fila-{incident.pk} .row-note.done")
        assert focused(luis.page) == f"t-{incident.pk}"
        Incident.objects.filter(pk=incident.pk).update(assignee=None, state="nuevo")


def test_help_and_resolving_by_keyboard(chromium: Browser, live_server: Any, people: None) -> None:
    incident = reported("Falla")
    luis = Person(chromium, live_server.url, "luis")
    luis.open(incident.get_absolute_url())
    luis.page.keyboard.press("?")
    assert luis.page.locator("#atajos").is_visible() and within(luis.page, "#atajos")
    luis.page.keyboard.press("Escape")
    assert luis.page.locator("#atajos").is_hidden()
    luis.page.keyboard.press("t")
    luis.page.wait_for_selector("#resolver")
    assert focused(luis.page) == "contenido"
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


def test_a_sent_comment_leaves_the_box_empty(chromium: Browser, live_server: Any, people: None) -> None:
    """A second press had posted it again."""
    incident = reported("Falla")
    luis = Person(chromium, live_server.url, "luis")
    luis.open(incident.get_absolute_url())
    luis.page.fill("#id_comentar_cuerpo", "Ya revisé el fusible.")
    luis.page.click("#comentar form button.btn-primary >> nth=0")
    luis.page.wait_for_selector(".comment >> text=Ya revisé el fusible.")
    assert luis.page.input_value("#id_comentar_cuerpo") == ""
    luis.page.click("#comentar form button.btn-primary >> nth=0")
    luis.page.wait_for_selector("#id_comentar_cuerpo_error")
    assert incident.comments.filter(body="Ya revisé el fusible.").count() == 1
    assert all("422" in complaint for complaint in luis.complaints)
