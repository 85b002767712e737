"""What is offered is accepted, and what isn't offered is refused: every move, state, role and flag, by page and API."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from rest_framework.test import APIClient

from incidents.case.states import ALL, MOVES, permitted_moves
from incidents.models import Incident, Level, Link, State
from incidents.relations.merging import incident_merge
from prsystem.accounts.models import Area, User
from prsystem.core.context import ANONYMOUS, Actor
from prsystem.core.rights import Rights, Role
from tests.incidents.makers import make_incident
from tests.people import actor, api, browser, make_user

pytestmark = pytest.mark.django_db
WHO = ("reporter", "another", "l1", "assignee", "auditor", "elsewhere")
Case = tuple[State, str, str]
# State, whose it is, level: the combinations that the database lets be.
CASES: list[Case] = [
    (state, holder, level)
    for state, holder, level in product(State, ("nobody", "assignee"), (Level.L1, Level.L3))
    if not (level == Level.L3 and state != State.IN_PROGRESS)
    and not (state == State.IN_PROGRESS and holder == "nobody")
    and not (state == State.NEW and holder == "assignee")
]


@pytest.fixture
def people(ana: User, luis: User, marta: User, ivan: User, prod: Area) -> dict[str, User]:
    return {
        "reporter": ana,
        "another": make_user("rosa", Role.REPORTER, areas=[prod]),
        "l1": luis,
        "assignee": marta,
        "auditor": make_user("aldo", Role.AUDITOR, areas=[prod]),
        "elsewhere": ivan,
    }


def in_state(incident: Incident, case: Case, people: dict[str, User]) -> Incident:
    state, holder, level = case
    now = timezone.now()
    Incident.objects.filter(pk=incident.pk).update(
        state=state,
        level=level,
        assignee=people["assignee"] if holder == "assignee" else None,
        waiting_since=now if state == State.WAITING else None,
        resolved_at=now if state in (State.RESOLVED, State.CLOSED) else None,
        closed_at=now if state == State.CLOSED else None,
    )
    return Incident.objects.get(pk=incident.pk)


def bodies(worker: User, other: Incident) -> dict[str, dict[str, Any]]:
    """What each move is sent with, so that nothing but the move itself may be refused."""
    return {
        "asignar": {"asignado_a": worker.username},
        "escalar": {"motivo": "No cede"},
        "esperar": {"motivo": "Refacción"},
        "resolver": {"solucion": "Se cambió la junta."},
        "reabrir": {"motivo": "Sigue igual"},
        "fusionar": {"en": other.number},
        "editar": {"titulo": "Otra cosa"},
        "prioridad": {"prioridad": "P2"},
        "comentar": {"cuerpo": "Revisado."},
        "dividir": {"titulo": "Otra falla", "descripcion": "Aparte."},
        "enlazar": {"incidencia": other.number},
    }


def sent(client: APIClient, incident: Incident, name: str, body: dict[str, Any]) -> int:
    """The status of the API's answer to the move."""
    root = f"/api/incidencias/{incident.pk}"
    if name in ("editar", "prioridad"):
        return client.patch(root, body).status_code
    if name in ("emergencia", "levantar"):
        return client.post(f"{root}/emergencia", {"activa": name == "emergencia"}).status_code
    paths = {"comentar": "comentarios", "enlazar": "enlaces", "proponer": "sugerencia"}
    return client.post(f"{root}/{paths.get(name, name)}", body).status_code


def tried(client: APIClient, incident: Incident, name: str, body: dict[str, Any]) -> int:
    """The same with everything put back."""
    with transaction.atomic():
        status = sent(client, incident, name, body)
        transaction.set_rollback(True)
    return status


# An upload needs a file, and taking a link away needs one: they have tests of their own.
NAMES = [name for name in ALL if name not in ("adjuntar", "desenlazar")]


def is_own_again(name: str, who: str, incident: Incident) -> bool:
    """Claiming what one works on already: it isn't offered, and a second press changes nothing."""
    return name == "tomar" and who == "assignee" and incident.state == State.IN_PROGRESS


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(case))
def test_what_is_offered_is_accepted_and_nothing_else_is(case: Case, people: dict[str, User], prod: Area) -> None:
    other = make_incident(people["another"], "La bomba vibra")
    incident = in_state(make_incident(people["reporter"]), case, people)
    incident.suggestions.all().delete()
    given = bodies(people["l1"], other)
    wrong = []
    clients = {who: api(people[who]) for who in WHO}
    permitted = {who: permitted_moves(incident, actor(people[who])) for who in WHO}
    for who, name in product(WHO, NAMES):
        offered = name in permitted[who]
        status = tried(clients[who], incident, name, given.get(name, {}))
        fits = status < 300 if offered or is_own_again(name, who, incident) else status in (403, 404, 409)
        if not fits:
            wrong.append((who, name, offered, status))
    assert not wrong


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(case))
def test_the_page_and_the_api_offer_the_same(case: Case, people: dict[str, User]) -> None:
    incident = in_state(make_incident(people["reporter"]), case, people)
    for who in ("reporter", "l1", "assignee", "auditor"):
        permitted = permitted_moves(incident, actor(people[who]))
        told = api(people[who]).get(f"/api/incidencias/{incident.pk}").json()["acciones"]
        assert told == [name for name in permitted if name in MOVES]
        page = browser(people[who]).get(incident.get_absolute_url()).content.decode()
        for name in (*MOVES, "comentar", "adjuntar", "enlazar", "prioridad"):
            assert (f'action="/incidencias/{incident.number}/{name}"' in page) == (name in permitted), (who, name)
        assert (f"/incidencias/{incident.number}/editar" in page) == ("editar" in permitted), who
        assert (f"/incidencias/{incident.number}/dividir" in page) == ("dividir" in permitted), who
        assert (f"/incidencias/{incident.number}/sugerencia/otra" in page) <= ("proponer" in permitted), who


def test_a_merged_one_is_offered_nothing_that_is_refused(people: dict[str, User], prod: Area, mant: Area) -> None:
    worker = people["l1"]
    survivor, incident = (make_incident(people["reporter"], f"Falla {n}") for n in range(2))
    incident_merge(actor=actor(worker), incident_id=incident.pk, into=survivor)
    incident.refresh_from_db()
    offered = permitted_moves(incident, actor(worker))
    assert "reabrir" not in offered and not set(offered) & {"comentar", "adjuntar", "enlazar", "dividir"}
    given = bodies(worker, make_incident(people["reporter"], "Otra"))
    for name in NAMES:
        status = tried(api(worker), incident, name, given.get(name, {}))
        assert (status < 300) if name in offered else (status in (403, 409)), (name, status)
    page = browser(worker).get(f"{incident.get_absolute_url()}?ver=original").content.decode()
    assert "/reabrir" not in page and "/deshacer-fusion" in page
    assert "/deshacer-fusion" not in browser(people["reporter"]).get(survivor.get_absolute_url()).content.decode()
    Incident.objects.filter(pk=survivor.pk).update(area=mant)  # undoing needs the support of both areas
    assert "/deshacer-fusion" not in browser(worker).get(f"{incident.get_absolute_url()}?ver=original").content.decode()
    assert api(worker).post(f"/api/incidencias/{incident.pk}/deshacer-fusion").status_code == 403


def test_a_link_of_a_merged_one_is_taken_away_where_it_is(people: dict[str, User]) -> None:
    survivor, merged, friend = (make_incident(people["reporter"], f"Falla {n}") for n in range(3))
    link = Link.objects.create(source=merged, target=friend, kind=Link.Kind.RELATED)
    incident_merge(actor=actor(people["l1"]), incident_id=merged.pk, into=survivor)
    page = browser(people["l1"])
    shown = page.get(survivor.get_absolute_url()).content.decode()
    assert friend.number in shown and f'name="enlace" value="{link.pk}"' not in shown
    there = page.get(f"{merged.get_absolute_url()}?ver=original").content.decode()
    assert f'name="enlace" value="{link.pk}"' in there
    assert page.post(f"/incidencias/{merged.number}/desenlazar", {"enlace": link.pk}).status_code == 302


def test_a_row_offers_to_claim_what_may_be_claimed(people: dict[str, User]) -> None:
    for case in CASES:
        incident = in_state(make_incident(people["reporter"], f"Caso {'-'.join(case)}"), case, people)
        may_claim = "tomar" in permitted_moves(incident, actor(people["l1"]))
        rows = browser(people["l1"]).get("/incidencias/", {"q": incident.number}).content.decode()
        assert (f'id="tomar-{incident.pk}"' in rows) == may_claim, case


NOBODY = Actor("api_key", "erp", rights=Rights(None))


@pytest.mark.parametrize("who", [ANONYMOUS, NOBODY])
def test_who_is_nobody_is_offered_nothing(who: Actor, ana: User) -> None:
    for state in State:
        assert permitted_moves(Incident(state=state, area_id=1, level="L1"), who) == []


def test_macros_that_would_be_refused_are_not_offered(people: dict[str, User], make_macro: Callable[..., Any]) -> None:
    say, raise_it, hold = make_macro(body="Gracias."), make_macro(set_priority="P1"), make_macro(wait_reason="Pieza")
    take_and_hold = make_macro(assign_to_me=True, wait_reason="Pieza")
    expected = {
        State.NEW: {say, raise_it, take_and_hold},
        State.IN_PROGRESS: {say, raise_it, hold, take_and_hold},
        State.WAITING: {say, raise_it},
        State.RESOLVED: {say},
        State.CLOSED: {say},
    }
    for state, macros in expected.items():
        holder = "nobody" if state == State.NEW else "assignee"
        incident = in_state(make_incident(people["reporter"], f"Caso {state}"), (state, holder, Level.L1), people)
        page = browser(people["l1"]).get(incident.get_absolute_url())
        assert {macro for macro, _text in page.context["macros"]} == macros, state
        for macro in macros:
            status = tried(api(people["l1"]), incident, f"macros/{macro.pk}", {})
            assert status < 300, (state, macro)


@pytest.fixture
def make_macro(db: None) -> Callable[..., Any]:
    from incidents.models import Macro

    return lambda **fields: Macro.objects.create(name=f"Macro {Macro.objects.count()}", **fields)
