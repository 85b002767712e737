"""`@usuario` in comments: who is found, who is told, how it is shown."""

import pytest

from incidents.case.mentions import linked, mentioned
from incidents.models import Incident
from incidents.moves.conversation import comment_add
from incidents.notices.models import Notification
from prsystem.accounts.models import User
from tests.incidents.makers import claimed, make_incident
from tests.jobs import run_jobs
from tests.people import actor, api, browser


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@marta mira esto", ["marta"]),
        ("Lo vio (@Luis) y @marta.", ["luis", "marta"]),
        ("@ana.ruiz, @ana.ruiz y @ana.", ["ana.ruiz", "ana"]),
        ("escribir a ana@planta.mx o foro.com/@marta", []),
        ("@ solo", []),
        ("@@marta", []),
        (" ".join(f"@u{n}" for n in range(40)), [f"u{n}" for n in range(20)]),
    ],
)
def test_names_are_found(text: str, names: list[str]) -> None:
    assert mentioned(text) == names


def test_only_known_people_become_links_and_everything_is_escaped() -> None:
    html = linked('<b> @marta. @otro "', {"marta": "Marta <Gil>"})
    assert html.startswith("&lt;b&gt; <a ") and html.endswith(">@marta</a>. @otro &quot;")
    assert 'href="/incidencias/?asignado_a=marta"' in html and "Marta &lt;Gil&gt;" in html


@pytest.fixture
def incident(ana: User, luis: User) -> Incident:
    return claimed(make_incident(ana), luis)


def say(incident: Incident, author: User, body: str, is_internal: bool = False) -> list[tuple[str, str]]:
    comment_add(actor=actor(author), incident_id=incident.pk, body=body, is_internal=is_internal, author=author)
    run_jobs("incident.notify")
    return sorted(Notification.objects.values_list("user__username", "kind"))


def test_a_mention_is_told_once_and_instead_of_the_comment(incident: Incident, luis: User, marta: User) -> None:
    assert say(incident, marta, "@luis y @luis, y yo @marta") == [("ana", "comentario"), ("luis", "mencion")]


def test_who_may_not_see_it_is_never_told(incident: Incident, luis: User, ivan: User, extraño: User) -> None:
    assert say(incident, luis, "@ivan @extranio @nadie") == [("ana", "comentario")]


def test_the_reporter_is_not_told_of_an_internal_mention(incident: Incident, luis: User, marta: User) -> None:
    assert say(incident, luis, "@ana @marta", is_internal=True) == [("marta", "mencion")]


def test_mentions_are_links_on_the_page(incident: Incident, luis: User, marta: User) -> None:
    say(incident, luis, "Lo mira @marta, no @extranio <script>")
    page = browser(luis).get(incident.get_absolute_url()).content.decode()
    assert 'title="Marta Gil">@marta</a>, no @extranio &lt;script&gt;' in page
    assert f'data-mentions="{incident.get_absolute_url()}personas"' in page


def test_those_who_may_see_it_are_offered(
    incident: Incident, ana: User, luis: User, marta: User, ivan: User, extraño: User
) -> None:
    def offered(q: str) -> list[str]:
        rows = browser(luis).get(f"{incident.get_absolute_url()}personas", {"q": q}).json()["resultados"]
        return [row["usuario"] for row in rows]

    assert offered("") == ["ana", "luis", "marta"]
    assert offered("mar") == ["marta"] and offered("gil") == ["marta"] and offered("iv") == []
    assert browser(extraño).get(f"{incident.get_absolute_url()}personas").status_code == 404
    path = f"/api/incidencias/{incident.pk}/personas?q=mar"
    assert api(luis).get(path).json()["resultados"] == [{"usuario": "marta", "nombre": "Marta Gil"}]
    assert api(ivan).get(path).status_code == 404
    assert api().get(path).status_code == 401
