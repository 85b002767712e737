"""Sessions of the pages and tokens of the API: limits, list, ending them, and what is removed by the clock."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from audit.models import AuditEntry
from prsystem.accounts.models import AttemptCount, BrowserSession, RefreshToken, SetupLink, User
from prsystem.accounts.sessions.engine import key_digest
from prsystem.accounts.sign_in import throttle
from prsystem.core.jobs.pruning import stale_remove
from prsystem.core.models import IdempotencyRecord
from prsystem.runtime.services import setting_set
from tests.people import PASSWORD, actor, api, browser, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_attempts_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "_PREFIX", f"prs:login:{uuid4()}:")


@pytest.fixture
def rosa() -> User:
    return make_user("rosa", password=PASSWORD)


def is_in(client: Client) -> bool:
    return client.get("/cuenta/").status_code == 200


def signed_in(**headers: str) -> Client:
    client = Client()
    client.post("/entrar", {"username": "rosa", "password": PASSWORD}, headers=headers)
    return client


def test_thirty_minutes_without_use_end_a_session(rosa: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = browser(rosa)
        for _ in range(4):
            clock.shift(29 * 60)
            assert is_in(client)
        clock.shift(31 * 60)
        assert not is_in(client)
    assert AuditEntry.objects.filter(accion="session.ended", usuario_id=rosa.pk).exists()


def test_twelve_hours_end_a_session_in_use(rosa: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = browser(rosa)
        for _ in range(36):
            clock.shift(20 * 60)
            last = is_in(client)
        assert last
        clock.shift(60)
        assert not is_in(client)


def test_the_limits_are_settings(rosa: User, eva: User) -> None:
    setting_set(actor=actor(eva), key="session_idle_minutes", value=5)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = browser(rosa)
        clock.shift(6 * 60)
        assert not is_in(client)


def test_a_session_without_its_beginning_is_no_session(rosa: User) -> None:
    client = browser(rosa)
    session = client.session
    del session["since"]
    session.save()
    assert not is_in(client)


def test_using_a_page_writes_the_session_once_a_minute_at_most(rosa: User, django_assert_num_queries: Any) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = browser(rosa)
        client.get("/cuenta/")
        seen = BrowserSession.objects.get().seen_at
        clock.shift(30)
        client.get("/cuenta/")
        assert BrowserSession.objects.get().seen_at == seen
        clock.shift(31)
        client.get("/cuenta/")
        assert BrowserSession.objects.get().seen_at > seen


def test_signing_in_gives_a_new_key_and_the_database_none(rosa: User) -> None:
    client = Client()
    client.get("/entrar")
    client.cookies[settings.SESSION_COOKIE_NAME] = "elegida0por0el0atacante0123456789"
    client.post("/entrar", {"username": "rosa", "password": PASSWORD})
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert key != "elegida0por0el0atacante0123456789"
    assert BrowserSession.objects.get().session_key == key_digest(key)
    assert key not in str(list(BrowserSession.objects.values()))
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = key_digest(key)
    assert not is_in(thief)


def test_a_signed_out_cookie_is_worth_nothing(rosa: User) -> None:
    client = browser(rosa)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post("/salir")
    again = Client()
    again.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not is_in(again)


def test_people_see_where_they_are_signed_in_and_end_one(rosa: User) -> None:
    here, there = signed_in(user_agent="Firefox de aquí"), signed_in(user_agent="<b>Tableta</b> del taller")
    page = here.get("/cuenta/").content.decode()
    assert "Firefox de aquí" in page
    assert "&lt;b&gt;Tableta" in page
    other = key_digest(there.cookies[settings.SESSION_COOKIE_NAME].value)
    here.post("/cuenta/sesiones", {"sesion": other})
    assert (is_in(here), is_in(there)) == (True, False)
    assert AuditEntry.objects.filter(accion="session.ended", usuario_id=rosa.pk).count() == 1


def test_nobody_ends_the_session_of_another(rosa: User, ana: User) -> None:
    hers = signed_in()
    digest = key_digest(hers.cookies[settings.SESSION_COOKIE_NAME].value)
    browser(ana).post("/cuenta/sesiones", {"sesion": digest})
    token = tokens()
    family = RefreshToken.objects.get().family
    browser(ana).post("/cuenta/sesiones", {"token": str(family)})
    assert is_in(hers)
    assert me(token["access"]) == 200


def test_all_other_sessions_end_at_once_and_this_one_stays(rosa: User) -> None:
    here, there, token = signed_in(), signed_in(), tokens()
    here.post("/cuenta/sesiones")
    assert (is_in(here), is_in(there), me(token["access"])) == (True, False, 401)
    assert api().post("/api/auth/refresh", {"refresh": token["refresh"]}).status_code == 401


@pytest.mark.parametrize("body", [{"sesion": "x\x00"}, {"token": "no-es-uuid"}, {"sesion": "a" * 500}])
def test_ending_what_is_not_there_is_no_error(body: dict[str, str], rosa: User) -> None:
    client = browser(rosa)
    assert client.post("/cuenta/sesiones", body).status_code == 302
    assert is_in(client)
    assert client.get("/cuenta/sesiones").status_code == 405


def tokens() -> dict[str, str]:
    return api().post("/api/auth/login", {"username": "rosa", "password": PASSWORD}).json()


def me(access: str) -> int:
    client = api()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    return client.get("/api/yo").status_code


def test_signing_out_ends_the_access_token_too(rosa: User) -> None:
    first, other = tokens(), tokens()
    assert me(first["access"]) == 200
    api().post("/api/auth/logout", {"refresh": first["refresh"]})
    assert (me(first["access"]), me(other["access"])) == (401, 200)


def test_reuse_of_a_refresh_token_ends_its_access_tokens(rosa: User) -> None:
    first = tokens()
    second = api().post("/api/auth/refresh", {"refresh": first["refresh"]}).json()
    assert me(second["access"]) == 200
    api().post("/api/auth/refresh", {"refresh": first["refresh"]})
    assert (me(first["access"]), me(second["access"])) == (401, 401)


def test_checking_a_token_takes_one_query(rosa: User, django_assert_num_queries: Any) -> None:
    from prsystem.accounts.sessions.tokens import holder_of

    access = tokens()["access"]
    with django_assert_num_queries(1):
        assert holder_of(access).user.pk == rosa.pk


def test_a_sign_in_of_the_api_is_ended_on_the_page(rosa: User) -> None:
    token, page = tokens(), browser(rosa)
    page.post("/cuenta/sesiones", {"token": str(RefreshToken.objects.get().family)})
    assert me(token["access"]) == 401


def test_what_has_had_its_time_is_removed_and_the_rest_stays(rosa: User) -> None:
    now = timezone.now()
    page, token = browser(rosa), tokens()
    for days in (1, -3):
        RefreshToken.objects.create(
            user=rosa, family=uuid4(), digest=f"{days}", stamp="s", expires_at=now + timedelta(days=days)
        )
        AttemptCount.objects.create(key=f"{days}", attempts=1, expires_at=now + timedelta(days=days))
        SetupLink.objects.create(digest=f"{days}", expires_at=now + timedelta(days=days))
        record = IdempotencyRecord.objects.create(scope="user:1", key=f"{days}", fingerprint="f")
        IdempotencyRecord.objects.filter(pk=record.pk).update(created_at=now + timedelta(days=days * 3))
        BrowserSession.objects.create(session_key=f"{days}", session_data="", expire_date=now + timedelta(days=days))
    assert set(stale_remove().values()) == {0, 1}
    assert sum(stale_remove().values()) == 0
    for model in (AttemptCount, SetupLink, IdempotencyRecord):
        assert model.objects.count() == 1
    assert (is_in(page), me(token["access"])) == (True, 200)
