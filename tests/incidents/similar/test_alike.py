"""Duplicates and similar cases by meaning, with the real embedder: other words for the same trouble, nothing for
another one, nobody else's cases. Reports and rewordings were written for this test."""

from collections.abc import Sequence
from typing import Any

import pytest

from incidents.models import Incident, Link
from incidents.moves.editing import incident_update
from incidents.similar import meaning
from incidents.similar.duplicates import duplicates_of_text
from incidents.similar.meaning import vectors_fill
from incidents.similar.models import IncidentVector
from knowledge.services.embedding import Space
from prsystem.accounts.models import User
from tests.incidents.makers import make_incident
from tests.people import api, browser

pytestmark = pytest.mark.django_db
OPEN = [
    ("La prensa 3 pierde presión", "El manómetro baja solo y no alcanza a cerrar el molde."),
    ("Etiquetadora imprime en blanco", "Las etiquetas salen sin nada desde el cambio de rollo."),
    ("No abre el sistema de nómina", "La pantalla se queda cargando y no deja entrar."),
    ("Fuga de aceite en el montacargas 2", "Hay un charco debajo del mástil cada mañana."),
    ("La banda 7 se detiene sola", "Se para cada diez minutos y hay que volver a arrancarla."),
    ("Báscula de recibo marca de más", "Pesa dos kilos arriba con el patrón de veinte."),
    ("Cámara de visión rechaza piezas buenas", "Tira casi todas las tapas aunque están bien."),
    ("Aire acondicionado del cuarto de servidores", "Está a treinta grados y suena la alarma."),
    ("Falta torque en la estación 4", "La atornilladora no llega al apriete y marca rojo."),
    ("El lector de códigos no lee", "Hay que pasar la caja varias veces para que pite."),
]
REWORDED = [
    ("Prensa 3 sin fuerza", "Se le va la presión hidráulica y el molde queda abierto."),
    ("Salen etiquetas vacías", "La impresora de etiquetas no marca nada desde que pusieron rollo nuevo."),
    ("El montacargas 2 tira aceite", "Amanece un charco bajo las torres."),
    ("Transportador 7 se apaga", "La banda se queda parada a cada rato y la tenemos que arrancar otra vez."),
    ("El peso de recibo no es correcto", "La báscula da dos kilos de más contra la pesa patrón."),
    ("El escáner tarda en leer las cajas", "Se pasa el código de barras varias veces hasta que lo toma."),
]
TROUBLE = [0, 1, 3, 4, 5, 9]
OTHER = [
    ("Solicitud de silla ergonómica", "La operadora tiene nota médica."),
    ("Goteras en el comedor", "Con la lluvia."),
]


@pytest.fixture(scope="module")
def model() -> Any:
    from integrations.embedder.model import load_model

    return load_model()


@pytest.fixture
def embedded(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped embedder, in this process instead of its own."""

    def vectors(texts: Sequence[str], seconds: float) -> list[list[float]]:
        return [list(map(float, row)) for row in model.embed(list(texts), "query", ["es"] * len(texts))]

    monkeypatch.setattr(meaning, "_vectors", vectors)
    monkeypatch.setattr(meaning, "space_of", lambda _embedder: Space(model.name, model.dimensions, "f"))


@pytest.fixture
def cases(ana: User, embedded: None) -> list[Incident]:
    made = [make_incident(ana, title, description=description) for title, description in OPEN]
    vectors_fill()
    assert IncidentVector.objects.count() == len(OPEN)
    return made


def test_reworded_reports_are_offered_in_the_first_three(cases: list[Incident], luis: User) -> None:
    offered = [[row.incident.pk for row in duplicates_of_text(luis.rights, *told)] for told in REWORDED]
    found = [cases[at].pk in ids for at, ids in zip(TROUBLE, offered, strict=True)]
    assert all(found), found
    assert all(len(ids) <= 3 for ids in offered)


def test_another_trouble_offers_nothing(cases: list[Incident], luis: User) -> None:
    assert [duplicates_of_text(luis.rights, *told) for told in OTHER] == [[], []]


def test_the_page_offers_them_while_typing_within_ones_rights(cases: list[Incident], luis: User, ivan: User) -> None:
    title, description = REWORDED[2]
    typed = {"titulo": title, "descripcion": description}
    url = "/incidencias/nueva/parecidos"
    for user, is_offered in ((luis, True), (ivan, False)):
        page = browser(user).post(url, typed, HTTP_HX_REQUEST="true").content.decode()
        assert (cases[3].number in page) is is_offered


def test_similar_cases_are_told_by_their_own_text(cases: list[Incident], ana: User, luis: User, ivan: User) -> None:
    solved = {"state": "resuelto", "solution": "Se cambió el retén del mástil."}
    Incident.objects.filter(pk__in=[case.pk for case in cases]).update(**solved)
    again = make_incident(ana, REWORDED[2][0], description=REWORDED[2][1])
    found = api(luis).get(f"/api/incidencias/{again.pk}/similares").json()["resultados"]
    assert (found[0]["numero"], found[0]["estado"], found[0]["solucion"]) == (
        cases[3].number,
        "resuelto",
        "Se cambió el retén del mástil.",
    )
    card = browser(luis).get(f"{again.get_absolute_url()}parecidas", HTTP_HX_REQUEST="true").content.decode()
    assert "Se cambió el retén del mástil." in card
    browser(luis).post(f"/incidencias/{again.number}/enlazar", {"incidencia": cases[3].number, "tipo": "relacionada"})
    assert Link.objects.filter(source=again, target=cases[3]).exists()
    other = make_incident(ana, OTHER[0][0], description=OTHER[0][1])
    assert api(luis).get(f"/api/incidencias/{other.pk}/similares").json()["resultados"] == []
    assert api(ivan).get(f"/api/incidencias/{again.pk}/similares").status_code == 404


def test_without_an_embedder_words_still_tell(
    cases: list[Incident], luis: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_embedder: str) -> Space:
        raise meaning.EmbeddingUnavailable("away")

    monkeypatch.setattr(meaning, "space_of", away)
    assert duplicates_of_text(luis.rights, *OPEN[4])[0].incident.pk == cases[4].pk
    vectors_fill()
    assert IncidentVector.objects.count() == len(OPEN)


def test_old_ones_go_and_a_merged_one_is_not_kept(cases: list[Incident]) -> None:
    Incident.objects.filter(pk=cases[0].pk).update(merged_into=cases[1])
    vectors_fill()
    assert IncidentVector.objects.count() == len(OPEN) - 1


def test_a_report_in_other_words_loses_the_vector_of_the_old_ones(ana: User, embedded: None) -> None:
    incident = make_incident(ana, title="La prensa 3 pierde presión")
    vectors_fill()
    before = IncidentVector.objects.get(incident=incident).vector
    incident_update(actor=ana.as_actor(), incident_id=incident.pk, fields={"titulo": "Etiquetas en blanco"})
    assert not IncidentVector.objects.filter(incident=incident).exists()
    vectors_fill()
    assert IncidentVector.objects.get(incident=incident).vector != before
