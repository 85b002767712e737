"""Several people, and impatient clients, at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from incidents.models import Comment, Incident
from prsystem.accounts.models import RefreshToken, User
from tests.incidents.makers import claimed, make_incident
from tests.people import api, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_two_claim_and_one_gets_it(ana: User, luis: User, marta: User) -> None:
    incident = make_incident(ana)
    url = f"/api/incidencias/{incident.pk}/tomar"
    answers = at_once([lambda user=user: api(user).post(url) for user in (luis, marta)])
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    winner = next(answer.json()["asignado_a"] for answer in answers if answer.status_code == 200)
    assert Incident.objects.get().assignee.username == winner


def test_twenty_repeats_report_once(ana: User) -> None:
    body = {"titulo": "Prensa parada", "descripcion": "No arranca.", "area": "PROD"}
    clients = [api(ana) for _ in range(20)]
    answers = at_once(
        [lambda c=client: c.post("/api/incidencias", body, HTTP_IDEMPOTENCY_KEY="una-vez") for client in clients]
    )
    assert [answer.status_code for answer in answers] == [201] * 20
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 19
    assert Incident.objects.count() == 1


def test_repeated_comments_are_said_once(ana: User) -> None:
    incident = make_incident(ana)
    url, clients = f"/api/incidencias/{incident.pk}/comentarios", [api(ana) for _ in range(6)]
    answers = at_once([lambda c=c: c.post(url, {"cuerpo": "Hola"}, HTTP_IDEMPOTENCY_KEY="c1") for c in clients])
    assert {answer.status_code for answer in answers} == {201}
    assert Comment.objects.count() == 1


def test_one_of_two_resolutions_counts(ana: User, luis: User, marta: User) -> None:
    incident = claimed(make_incident(ana), luis)
    url = f"/api/incidencias/{incident.pk}/resolver"
    answers = at_once([lambda u=u: api(u).post(url, {"solucion": u.username}) for u in (luis, marta)])
    assert sorted(answer.status_code for answer in answers) == [200, 409]


def test_a_refresh_token_used_twice_at_once_ends_the_family(db: None) -> None:
    from prsystem.accounts.sessions.refreshing import refresh_issue

    token = refresh_issue(make_user("rosa")).raw
    answers = at_once([lambda: api().post("/api/auth/refresh", {"refresh": token}) for _ in range(4)])
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]
    assert not RefreshToken.objects.filter(revoked_at=None).exists()
