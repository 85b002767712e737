"""A thousand races of two engineers for one incident: exactly one of them gets it, each time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from audit.models import AuditEntry
from incidents.models import Incident
from incidents.moves.lifecycle import incident_claim
from prsystem.accounts.models import User
from prsystem.core.context import Actor
from prsystem.core.errors import Conflict
from tests.incidents.makers import make_incident
from tests.people import actor, api

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
RACES, HTTP_RACES = 1000, 50


def run_races(ids: list[int], players: list[Callable[[int], str]]) -> list[list[str]]:
    """For each id what every player got: each runs in a thread with its own connection, and all start together."""
    start = Barrier(len(players))

    def play(player: Callable[[int], str]) -> list[str]:
        try:
            return [_after(start, player, pk) for pk in ids]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(players)) as pool:
        return [list(results) for results in zip(*pool.map(play, players), strict=True)]


def _after(start: Barrier, player: Callable[[int], str], pk: int) -> str:
    start.wait(timeout=60)
    return player(pk)


def assert_one_winner_each(results: list[list[str]], ids: list[int]) -> None:
    assert [sorted(result) for result in results] == [["perdió", "tomó"]] * len(ids)
    rows = Incident.objects.filter(pk__in=ids).values_list("assignee__username", "state", "version")
    assert {(state, version) for _name, state, version in rows} == {("en_progreso", 2)}
    holders = dict(Incident.objects.filter(pk__in=ids).values_list("pk", "assignee__username"))
    entries = AuditEntry.objects.filter(accion="incident.claimed")
    assert {entry.recurso: entry.actor for entry in entries} == {f"incidencia:{pk}": holders[pk] for pk in ids}
    assert entries.count() == len(ids)


def test_a_thousand_races_by_the_service(ana: User, luis: User, marta: User) -> None:
    ids = [make_incident(ana, f"Falla {number}").pk for number in range(RACES)]

    def player(user: User, who: Actor) -> Callable[[int], str]:
        def claim(pk: int) -> str:
            try:
                incident_claim(actor=who, user=user, incident_id=pk)
            except Conflict:
                return "perdió"
            return "tomó"

        return claim

    results = run_races(ids, [player(user, actor(user)) for user in (luis, marta)])
    assert_one_winner_each(results, ids)


def test_fifty_races_by_the_api(ana: User, luis: User, marta: User) -> None:
    ids = [make_incident(ana, f"Falla {number}").pk for number in range(HTTP_RACES)]

    def player(user: User) -> Callable[[int], str]:
        client, words = api(user), {200: "tomó", 409: "perdió"}
        return lambda pk: words[client.post(f"/api/incidencias/{pk}/tomar").status_code]

    assert_one_winner_each(run_races(ids, [player(user) for user in (luis, marta)]), ids)
