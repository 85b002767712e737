"""What is told with a suggestion: its place in line, and the sentences that the sources don't hold up."""

from django.utils import timezone

from incidents.models import Incident, Suggestion
from incidents.suggestions.services import _Growing
from prsystem.accounts.models import User
from tests.incidents.makers import make_incident
from tests.people import api, browser


def place(user: User, incident: Incident) -> int | None:
    return api(user).get(f"/api/incidencias/{incident.pk}/sugerencia").json()["lugar_en_fila"]


def test_a_critical_report_goes_before_those_that_came_earlier(ana: User) -> None:
    first, second = make_incident(ana), make_incident(ana, priority="P3")
    assert (place(ana, first), place(ana, second)) == (1, 2)
    critical = make_incident(ana, priority="P1")
    assert (place(ana, critical), place(ana, first), place(ana, second)) == (1, 2, 3)
    assert "3" in browser(ana).get(second.get_absolute_url()).content.decode().split('id="sugerencia"')[1][:3000]


def test_the_page_says_how_long_the_line_is_and_follows_it(ana: User) -> None:
    first, second = make_incident(ana), make_incident(ana)
    page, path = browser(ana), f"/incidencias/{second.number}/sugerencia"
    assert "Lugar 2 de 2" in page.get(second.get_absolute_url()).content.decode()
    assert api(ana).get(f"/api/incidencias/{second.pk}/sugerencia").json()["en_fila"] == 2
    first.suggestions.update(state=Suggestion.State.NO_ANSWER)
    moved = page.get(path, {"visto": "pendiente-0-2-2"}, headers={"HX-Request": "true"})
    assert "Lugar 1 de 1" in moved.content.decode()


def test_a_growing_text_is_marked_as_a_draft_and_kept_once_a_second(ana: User) -> None:
    incident = make_incident(ana)
    rows = Suggestion.objects.filter(incident=incident)
    growing = _Growing(rows)
    growing("Purgar [1].")
    growing("Purgar [1]. Abrir [1].")
    assert rows.get().text == "Purgar [1]."
    rows.update(state=Suggestion.State.RUNNING)
    assert "Borrador" in browser(ana).get(incident.get_absolute_url()).content.decode()


def test_what_has_begun_has_no_place(ana: User) -> None:
    incident = make_incident(ana)
    incident.suggestions.update(state=Suggestion.State.RUNNING)
    assert place(ana, incident) is None


def test_unsupported_sentences_are_marked_in_page_and_api(ana: User) -> None:
    incident = make_incident(ana)
    doubtful = [
        {"texto": "Golpear la carcasa.", "motivo": "overlap", "mostrada": True},
        {"texto": "Nunca mostrada.", "motivo": "uncited", "mostrada": False},
    ]
    incident.suggestions.update(
        state=Suggestion.State.READY,
        rung=Suggestion.Rung.MODEL,
        text="Golpear la carcasa.",
        record={"sin_sustento": doubtful},
        finished_at=timezone.now(),
    )
    answer = api(ana).get(f"/api/incidencias/{incident.pk}/sugerencia").json()
    assert answer["sin_sustento"] == ["Golpear la carcasa."]
    page = browser(ana).get(incident.get_absolute_url()).content.decode()
    assert "<li>Golpear la carcasa.</li>" in page
    assert "Nunca mostrada" not in page
