"""Possible duplicates: offered while typing, in the queue and on the page; a click merges or links."""

import pytest

from incidents.models import Incident, Link
from incidents.similar.duplicates import duplicate_propose, duplicates_of
from incidents.similar.words import likeness
from prsystem.accounts.models import Area, User
from tests.incidents.makers import make_incident
from tests.people import api, browser

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
FIRST = ("La banda transportadora 3 se detiene", "Desde las seis se para cada diez minutos con alarma E-4012.")
AGAIN = ("Se detiene la banda transportadora 3", "Marca E-4012 y se para cada pocos minutos desde la mañana.")


def report(user: User, told: tuple[str, str], area: str = "PROD") -> Incident:
    return make_incident(user, told[0], area=area, description=told[1])


@pytest.mark.parametrize(
    ("one", "other", "is_likely"),
    [
        (FIRST, AGAIN, True),
        (FIRST, ("LA BANDA TRANSPORTADORA 3 SE DETIENE", "x"), True),
        (FIRST, ("La banda transportadora 7 se detiene", "Se para con alarma E-9901."), False),
        (FIRST, ("No imprime la etiquetadora", "Sale en blanco desde ayer."), False),
        (("", ""), ("", ""), False),
    ],
)
def test_likeness(one: tuple[str, str], other: tuple[str, str], is_likely: bool) -> None:
    assert (likeness(*one, *other) >= 0.5) is is_likely
    assert likeness(*one, *other) == likeness(*other, *one)


def test_open_ones_of_the_area_that_one_may_see(ana: User, luis: User, eva: User, mant: Area) -> None:
    first, second = report(ana, FIRST), report(ana, AGAIN)
    report(eva, FIRST, area="MANT")
    done = report(ana, FIRST)
    Incident.objects.filter(pk=done.pk).update(state="cerrado")
    found = api(luis).get(f"/api/incidencias/{second.pk}/duplicadas").json()["resultados"]
    assert [row["numero"] for row in found] == [first.number]
    assert 0.5 <= found[0]["parecido"] <= 1
    Link.objects.create(source=first, target=second)
    assert api(luis).get(f"/api/incidencias/{second.pk}/duplicadas").json()["resultados"] == []


def test_rights(ana: User, ivan: User) -> None:
    url = f"/api/incidencias/{report(ana, FIRST).pk}/duplicadas"
    assert (api().get(url).status_code, api(ivan).get(url).status_code) == (401, 404)


def test_the_page_merges_or_links_by_one_click(ana: User, luis: User) -> None:
    first, second = report(ana, FIRST), report(ana, AGAIN)
    page = browser(luis)
    card = page.get(f"{second.get_absolute_url()}parecidas", **HTMX).content.decode()
    assert first.number in card
    assert f"{second.number}/fusionar" in card
    assert first.number not in browser(ana).get(f"{second.get_absolute_url()}parecidas", **HTMX).content.decode()
    page.post(f"{second.get_absolute_url()}enlazar", {"incidencia": first.number, "tipo": "duplicada"})
    assert duplicates_of(luis.rights, second) == []
    page.post(f"{second.get_absolute_url()}fusionar", {"incidencia": first.number})
    assert Incident.objects.get(pk=second.pk).merged_into == first


def test_the_queue_marks_the_later_one_for_support(ana: User, luis: User) -> None:
    first, second = report(ana, FIRST), report(ana, AGAIN)
    for incident in (first, second, second):
        duplicate_propose(incident.pk)
    rows = {row.id: row for row in browser(luis).get("/colas/L1/").context["rows"]}
    assert (rows[first.pk].duplicate, rows[second.pk].duplicate) == ("", first.number)
    assert first.number in browser(luis).get("/colas/L1/?q=pocos").content.decode()
    assert {row.duplicate for row in browser(ana).get("/incidencias/").context["rows"]} == {""}
    assert Incident.objects.get(pk=second.pk).version == second.version + 1


def test_it_is_offered_while_typing_within_what_one_may_see(ana: User, luis: User, ivan: User) -> None:
    first = report(ana, FIRST)
    typed = {"titulo": AGAIN[0], "descripcion": AGAIN[1]}
    for person, sees in ((ana, True), (luis, True), (ivan, False)):
        shown = browser(person).post("/incidencias/nueva/parecidos", typed, **HTMX).content.decode()
        assert (first.number in shown) is sees, person
