"""The queues in a real browser: two claim one incident, several are merged and it is undone, a parent takes its
children along."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from incidents.models import Incident
from incidents.moves.lifecycle import incident_claim
from incidents.relations.linking import incidents_link
from prsystem.accounts.models import User
from tests.browser.test_main_job import CHROMIUM, Person, chromium, people
from tests.incidents.makers import make_incident
from tests.people import actor

__all__ = ["chromium", "people"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium"),
]


def user(name: str) -> User:
    return User.objects.get(username=name)


def reports(count: int) -> list[Incident]:
    return [make_incident(user("ana"), f"La banda {n} no arranca") for n in range(count)]


def test_two_claim_one_incident(chromium: Browser, live_server: Any, people: None) -> None:
    (incident,) = reports(1)
    luis, marta = (Person(chromium, live_server.url, name) for name in ("luis", "marta"))
    for person in (luis, marta):
        person.open("/colas/L1/")
    luis.page.click(f"#tomar-{incident.pk}")
    luis.page.wait_for_selector(f"#fila-{incident.pk} .row-note.done")
    marta.page.click(f"#tomar-{incident.pk}")
    marta.page.wait_for_selector(f"#fila-{incident.pk} .row-note:not(.done)")
    assert "Luis" in marta.page.inner_text(f"#fila-{incident.pk} .row-note")
    incident.refresh_from_db()
    assert incident.assignee == user("luis")


def test_several_are_merged_and_it_is_undone(chromium: Browser, live_server: Any, people: None) -> None:
    incidents = reports(4)
    luis = Person(chromium, live_server.url, "luis")
    luis.open("/colas/L1/")
    assert not luis.page.is_visible("#seleccion")
    for incident in incidents[:3]:
        luis.page.check(f"#elegir-{incident.pk}")
    assert luis.page.inner_text("#seleccion [data-count]") == "3"
    luis.page.click("#seleccion button[value=fusionar]")
    luis.page.click("main form button.btn-primary")
    luis.page.wait_for_url(f"**/{incidents[0].number}/")
    assert Incident.objects.filter(merged_into=incidents[0]).count() == 2
    luis.open(incidents[2].get_absolute_url())
    assert luis.page.url.endswith(f"/{incidents[0].number}/")
    luis.page.click("form[action$='deshacer-fusion'] button")
    luis.page.wait_for_selector("#avisos .notice.success")
    assert Incident.objects.filter(state="nuevo", merged_into=None).count() == 4
    assert not luis.complaints


def test_the_choice_survives_a_refresh_of_the_list(chromium: Browser, live_server: Any, people: None) -> None:
    (incident,) = reports(1)
    luis = Person(chromium, live_server.url, "luis")
    luis.open("/colas/L1/")
    luis.page.check(f"#elegir-{incident.pk}")
    luis.page.click("h1")
    (newer,) = reports(1)
    luis.page.wait_for_selector(f"#fila-{newer.pk}", timeout=20_000)
    assert luis.page.is_checked(f"#elegir-{incident.pk}")
    assert not luis.page.is_checked(f"#elegir-{newer.pk}")


def test_a_parent_takes_its_children_along(chromium: Browser, live_server: Any, people: None) -> None:
    parent, *children = reports(4)
    incident_claim(actor=actor(user("luis")), user=user("luis"), incident_id=parent.pk)
    for child in children:
        incidents_link(actor=actor(user("luis")), source=parent, target=child, kind="padre")
    luis = Person(chromium, live_server.url, "luis")
    luis.open(f"{parent.get_absolute_url()}?abrir=resolver")
    luis.page.fill("#id_resolver_solucion", "Cambiar la fuente del tablero.")
    luis.page.click("#resolver button.btn-primary")
    luis.page.wait_for_selector("#hijas .form-error")
    luis.page.check("#hijas input[value=resolver]")
    luis.page.click("#resolver button.btn-primary")
    luis.page.wait_for_selector(".solved")
    solved = Incident.objects.filter(state="resuelto", solution="Cambiar la fuente del tablero.")
    assert set(solved) == {parent, *children}
    for child in children:
        luis.open(child.get_absolute_url())
        assert parent.number in luis.page.inner_text("#historial >> xpath=ancestor::section")
