"""Lists read from a real streaming replica: own writes are always there, and a lost replica is never noticed."""

import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from math import inf

import pytest
import redis
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.utils import CaptureQueriesContext

from prsystem.accounts.models import User
from prsystem.core.health import checks
from prsystem.core.replica import tokens, watching
from tests.incidents.makers import make_incident
from tests.people import api, browser, make_area, make_user
from tests.standins.replica import Replica

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SECONDS = 20


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Replica]:
    with Replica(tmp_path_factory.mktemp("copia")) as running:
        yield running


@pytest.fixture
def replica(copy: Replica, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Replica]:
    """The replica as the database `replica` of the application, caught up, with nothing remembered of earlier tests."""
    mine = deepcopy(connections.databases["default"])
    mine["HOST"] = str(copy.layout.run)
    mine["OPTIONS"]["pool"]["timeout"] = 1
    for databases in {id(d): d for d in (connections.databases, settings.DATABASES)}.values():
        monkeypatch.setitem(databases, "replica", mine)
    monkeypatch.setattr(type(connections["default"]), "ensure_connection", allowed_connection, raising=False)
    monkeypatch.setattr(watching, "_sight", watching._NEVER)
    monkeypatch.setattr(watching, "_paused_until", 0.0)
    copy.catch_up()
    yield copy
    copy.run("SELECT pg_wal_replay_resume()")
    connections["replica"].close()
    connections["replica"].close_pool()
    del connections["replica"]


def allowed_connection(connection: BaseDatabaseWrapper) -> None:
    """Django's tests forbid databases that the settings didn't have when the test began."""
    if connection.alias != "replica":
        BaseDatabaseWrapper.ensure_connection(connection)
    elif connection.connection is None:
        with connection.wrap_database_errors:
            connection.connect()


def person(username: str) -> User:
    return make_user(username, "l1", areas=[make_area("PROD")])


def asked_of_replica(ask: Callable[[], object]) -> int:
    """How many queries of `ask` the replica answered."""
    with CaptureQueriesContext(connections["replica"]) as captured:
        ask()
    return len(captured)


def wait_until_served(ask: Callable[[], object]) -> None:
    ends_at = time.monotonic() + SECONDS
    while not asked_of_replica(ask):
        assert time.monotonic() < ends_at, "the replica never served"
        time.sleep(0.05)


def numbers(client: object) -> list[str]:
    answer = client.get("/api/incidencias")
    assert answer.status_code == 200, answer.content
    return [row["numero"] for row in answer.json()["resultados"]]


def report(client: object, n: int) -> str:
    body = {"titulo": f"Caso {n}", "descripcion": "No arranca.", "area": "PROD"}
    answer = client.post("/api/incidencias", body)
    assert answer.status_code == 201, answer.content
    return answer.json()["numero"]


def test_lists_are_read_from_the_replica_and_rights_from_the_primary(replica: Replica) -> None:
    luis, number = person("luis"), make_incident(person("ana")).number
    replica.catch_up()
    page = browser(luis)
    for ask in (lambda: numbers(api(luis)), lambda: page.get("/incidencias/"), lambda: page.get("/")):
        wait_until_served(ask)
    assert numbers(api(luis)) == [number]
    replica.run("SELECT pg_wal_replay_pause()")
    luis.grants.all().delete()
    assert numbers(api(luis)) == [], "a right that was taken away is gone at once"


@pytest.mark.parametrize("pairs", [1000])
def test_own_writes_are_seen_while_the_replica_stands_still(replica: Replica, pairs: int) -> None:
    luis, other = person("luis"), person("otro")
    client, reader = api(luis), api(other)
    wait_until_served(lambda: numbers(reader))
    replica.run("SELECT pg_wal_replay_pause()")
    seen = sum(report(client, n) == numbers(client)[0] for n in range(pairs))
    assert seen == pairs


def test_others_read_the_replica_until_it_lags_too_much(replica: Replica, monkeypatch: pytest.MonkeyPatch) -> None:
    luis, other = person("luis"), person("otro")
    wait_until_served(lambda: numbers(api(other)))
    before = numbers(api(other))
    replica.run("SELECT pg_wal_replay_pause()")
    number = report(api(luis), 1)
    time.sleep(watching.LOOK_AGAIN_SECONDS + 0.2)
    wait_until_served(lambda: numbers(api(other)))
    assert numbers(api(other)) == before, "somebody else's report may be seen late"
    assert watching.look().lag_seconds > 0

    monkeypatch.setattr(watching, "LAG_LIMIT_SECONDS", 0.1)
    watching._sight = watching.look()
    assert number in numbers(api(other)), "too far behind: the primary is asked"
    with pytest.raises(AssertionError):
        assert checks._replica() == checks.OK
    replica.run("SELECT pg_wal_replay_resume()")
    replica.catch_up()
    assert checks._replica() == checks.OK


def test_a_dead_replica_is_no_error_and_is_used_again_when_it_is_back(
    replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "PAUSE_SECONDS", 0.5)
    luis = person("luis")
    client = api(luis)
    number = report(client, 1)
    wait_until_served(lambda: numbers(client))
    replica.process.kill()
    replica.process.wait()
    for _ in range(30):
        assert numbers(client) == [number]
        time.sleep(0.05)
    assert watching._sight.lag_seconds == inf
    from prsystem.runner.servers import postgres

    postgres.forget_stale_locks(replica.layout)
    replica.start()
    replica.catch_up()
    wait_until_served(lambda: numbers(client))


def test_a_store_that_lost_its_tokens_makes_everybody_wait_for_the_position_of_now(replica: Replica) -> None:
    luis = person("luis")
    client = api(luis)
    wait_until_served(lambda: numbers(client))
    replica.run("SELECT pg_wal_replay_pause()")
    number = report(client, 1)
    store = redis.Redis.from_url(settings.REDIS_URL)
    store.delete(*store.keys("prs:escrito:*"))
    for _ in range(10):
        assert numbers(client) == [number]
        time.sleep(0.1)
    assert tokens.required_by(luis.as_actor()) > watching.look().position
