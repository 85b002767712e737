"""Guesses at one account from 500 addresses behind a trusted proxy: the account closes, and nobody else is held up."""

from ipaddress import ip_network
from typing import Any
from uuid import uuid4

import pytest
import redis

from prsystem.accounts.models import User
from prsystem.accounts.sign_in import throttle
from prsystem.accounts.sign_in.checking import ACCOUNT_FAILURES
from tests.people import PASSWORD, api, make_user

pytestmark = pytest.mark.django_db
ADDRESSES = [f"203.0.{number // 250}.{number % 250 + 1}" for number in range(500)]
WRONG = "mala-clave-000"


@pytest.fixture(autouse=True)
def behind_a_proxy(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With counters of this test alone, and a quick hasher: what is counted here are answers."""
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.0/8")]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(throttle, "_PREFIX", f"prs:many:{uuid4()}:")
    monkeypatch.setattr(throttle, "_redis_silent_until", 0.0)


@pytest.fixture
def rosa() -> User:
    return make_user("rosa", password=PASSWORD)


def sign_in(address: str, username: str = "rosa", password: str = PASSWORD) -> Any:
    body = {"username": username, "password": password}
    return api().post("/api/auth/login", body, HTTP_X_FORWARDED_FOR=address)


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ("redis", ACCOUNT_FAILURES + 50),
        ("database", ACCOUNT_FAILURES + 5),
        pytest.param("database", 500, marks=pytest.mark.slow),
    ],
)
def test_500_addresses_share_the_account_s_failures(
    where: str, count: int, rosa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted in Redis, and in PostgreSQL while Redis is down."""
    if where == "database":
        dead = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.1)
        monkeypatch.setattr(throttle, "_client", lambda: dead)
    make_user("pepe", password=PASSWORD)
    statuses = [sign_in(address, password=WRONG).status_code for address in ADDRESSES[:count]]
    assert statuses == [401] * ACCOUNT_FAILURES + [429] * (count - ACCOUNT_FAILURES)
    new = sign_in("198.51.100.7")
    assert new.status_code == 429, "the right password from where nobody has been doesn't get in either"
    assert int(new.headers["Retry-After"]) > 60
    assert {sign_in(address, "pepe").status_code for address in ADDRESSES[:count:25]} == {200}


def test_a_name_that_does_not_exist_closes_alike(rosa: User) -> None:
    asked = ADDRESSES[: ACCOUNT_FAILURES + 5]
    known, unknown = ([sign_in(address, name, WRONG) for address in asked] for name in ("rosa", "nadie"))
    assert [a.status_code for a in known] == [a.status_code for a in unknown]
    bodies = [[dict(answer.json(), request_id="") for answer in answers] for answers in (known, unknown)]
    assert bodies[0] == bodies[1]


def test_hops_that_a_client_makes_up_give_no_other_address(rosa: User) -> None:
    forged = [f"{address}, 198.51.100.7" for address in ADDRESSES[:6]]
    assert [sign_in(hops, password=WRONG).status_code for hops in forged] == [401] * 5 + [429]
