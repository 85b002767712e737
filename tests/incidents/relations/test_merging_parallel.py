"""Merges and actions on many at the same moment: rows are held in the order of their keys, so nobody waits in a
circle."""

import pytest

from incidents.models import Incident
from incidents.relations.merging import incidents_merge
from prsystem.accounts.models import User
from prsystem.core.errors import IllegalMove
from tests.incidents.case.test_parallel_api import at_once
from tests.incidents.makers import make_incident
from tests.people import actor, api

pytestmark = pytest.mark.django_db(transaction=True)


def merged(by: User, source: Incident, target: Incident) -> str:
    try:
        incidents_merge(actor=actor(by), incident_ids=[source.pk], into_id=target.pk)
    except IllegalMove:
        return "refused"
    return "merged"


def test_two_that_go_into_each_other(ana: User, luis: User, marta: User) -> None:
    for _again in range(10):
        one, other = make_incident(ana), make_incident(ana)
        answers = at_once([lambda: merged(luis, one, other), lambda: merged(marta, other, one)])  # noqa: B023
        assert sorted(answers) == ["merged", "refused"]
        assert Incident.objects.filter(pk__in=[one.pk, other.pk], merged_into=None).count() == 1


def test_two_act_on_the_same_many_in_opposite_orders(ana: User, luis: User, marta: User) -> None:
    numbers = [make_incident(ana, f"Falla {n}").number for n in range(25)]

    def act(user: User, ids: list[str]) -> int:
        body = {"ids": ids, "accion": "tomar"}
        # Under a key all of them are one transaction, which holds every row to its end.
        answer = api(user).post("/api/incidencias/acciones", body, HTTP_IDEMPOTENCY_KEY=f"de-{user.username}")
        assert answer.status_code == 200
        return int(answer.json()["hechas"])

    done = at_once([lambda: act(luis, numbers), lambda: act(marta, numbers[::-1])])
    assert sorted(done) == [0, 25]
