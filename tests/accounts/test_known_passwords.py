"""The published password of the demo opens no door of a site that others reach, and all of them on a trial again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.backends import BaseBackend
from django.test import Client

from audit.models import AuditEntry
from incidents.demo.load import DemoRefused, demo_load
from prsystem import exposure
from prsystem.accounts.models import User
from prsystem.accounts.selectors import users_of_the_demo, users_shut_out
from prsystem.accounts.sessions.refreshing import refresh_issue
from prsystem.accounts.sessions.tokens import access_token_for
from prsystem.accounts.sign_in.first_administrator import setup_link_create
from prsystem.core.rights import Role
from prsystem.demo_accounts import PASSWORD
from prsystem.runner.instance import offer_first_account
from tests.people import PASSWORD as OWN_PASSWORD
from tests.people import api, make_user

pytestmark = pytest.mark.django_db
ELSEWHERE = {"REMOTE_ADDR": "10.1.2.3"}, {"HTTP_X_FORWARDED_FOR": "10.1.2.3, 127.0.0.1"}, {"HTTP_X_REAL_IP": "fd00::9"}


@pytest.fixture
def eva() -> User:
    """As the demo leaves her."""
    return make_user("eva", Role.ADMIN, password=PASSWORD)


class AnybodyBackend(BaseBackend):
    """A directory that takes every password."""

    def authenticate(self, request: Any, username: str = "", **credentials: Any) -> User | None:
        return User.objects.filter(username=username).first()


def by_page(**headers: str) -> bool:
    answer = Client().post("/entrar", {"username": "eva", "password": PASSWORD}, **headers)
    return answer.status_code == 302


def by_api(**headers: str) -> bool:
    answer = api().post("/api/auth/login", {"username": "eva", "password": PASSWORD}, **headers)
    assert answer.status_code in (200, 401)
    return answer.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_start_says_in_one_line_what_became_of_the_demo(
    eva: User, settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SECRET_KEY", "k" * 40)
    offer_first_account()
    assert "demostración" not in capsys.readouterr().out
    settings.DEMO_ALLOWED = False
    offer_first_account()
    told = [line for line in capsys.readouterr().out.splitlines() if "demostración" in line]
    assert len(told) == 1 and "(eva)" in told[0] and "SECRET_KEY" in told[0]


@pytest.mark.parametrize("door", [by_page, by_api])
def test_nobody_signs_in_with_it_on_an_open_site(door: Callable[..., bool], eva: User, settings: Any) -> None:
    assert door()
    settings.DEMO_ALLOWED = False
    assert not door()
    settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, f"{__name__}.AnybodyBackend"]
    assert not door(), "not through the directory either"
    assert AuditEntry.objects.filter(accion="session.refused").exists()
    settings.DEMO_ALLOWED = True
    assert door()


@pytest.mark.parametrize("door", [by_page, by_api])
@pytest.mark.parametrize("headers", ELSEWHERE)
def test_nor_from_elsewhere_on_a_trial(door: Callable[..., bool], headers: dict[str, str], eva: User) -> None:
    assert not door(**headers)
    assert door(HTTP_X_FORWARDED_FOR="127.0.0.1")


def test_it_proves_nothing_before_a_grave_step(eva: User, settings: Any) -> None:
    """In a session of another kind than a password's, which an open site leaves to her."""
    settings.DEMO_ALLOWED = False
    client = Client()
    client.force_login(eva, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["proved_at"] = 0
    session.save()
    answer = client.post("/cuenta/segundo-factor", {"confirmacion": PASSWORD})
    assert answer.status_code == 403
    assert answer.context["is_wrong"]


def test_what_was_opened_on_the_trial_ends_when_others_reach_it(eva: User, settings: Any) -> None:
    client, calls = Client(), api(eva)
    client.force_login(eva, backend="django.contrib.auth.backends.ModelBackend")
    refresh = refresh_issue(eva).raw
    assert (client.get("/cuenta/").status_code, calls.get("/api/yo").status_code) == (200, 200)
    settings.DEMO_ALLOWED = False
    assert (client.get("/cuenta/").status_code, calls.get("/api/yo").status_code) == (302, 401)
    assert api().post("/api/auth/refresh", {"refresh": refresh}).status_code == 401


def test_sessions_of_an_open_site_are_not_touched_by_this(settings: Any) -> None:
    settings.DEMO_ALLOWED = False
    jefa = make_user("jefa", Role.ADMIN, password=OWN_PASSWORD)
    stamp, token = jefa.get_session_auth_hash(), access_token_for(jefa)
    assert (stamp, bool(token)) == (User.objects.get().get_session_auth_hash(), True)
    answer = Client().post("/entrar", {"username": "jefa", "password": OWN_PASSWORD}, **ELSEWHERE[0])
    assert answer.status_code == 302


def test_the_first_account_is_offered_where_only_shut_out_ones_administer(eva: User, settings: Any) -> None:
    assert setup_link_create() == ""
    settings.DEMO_ALLOWED = False
    assert [user.username for user in users_shut_out()] == ["eva"]
    assert Client().get(f"/primera-cuenta/{setup_link_create()}").status_code == 200
    make_user("jefa", Role.ADMIN, password=OWN_PASSWORD)
    assert setup_link_create() == ""


def test_who_changed_the_password_stays_in(eva: User, settings: Any) -> None:
    settings.DEMO_ALLOWED = False
    eva.set_password(OWN_PASSWORD)
    eva.save()
    assert (users_shut_out(), setup_link_create(), users_of_the_demo()) == ([], "", [])
    assert Client().post("/entrar", {"username": "eva", "password": OWN_PASSWORD}).status_code == 302


OPEN = {
    "SECRET_KEY": ("k" * 40,),
    "ALLOWED_HOSTS": ("pr.planta.mx", "localhost,pr.planta.mx", "*", ".planta.mx", "10.0.0.5", "localhost.planta.mx"),
    "PRS_WEB_HOST": ("0.0.0.0", "::", "192.168.1.20"),
    "TRUSTED_PROXIES": ("10.0.0.0/8", "127.0.0.0/8,10.0.0.1", "0.0.0.0/0"),
    "PRS_WEBAUTHN_ORIGINS": ("https://pr.planta.mx",),
}
CLOSED = {
    "ALLOWED_HOSTS": ("localhost,127.0.0.1", "[::1]", "prs.localhost"),
    "PRS_WEB_HOST": ("127.0.0.1", "::1", "localhost", ""),
    "TRUSTED_PROXIES": ("127.0.0.0/8", "::1"),
    "PRS_WEBAUTHN_ORIGINS": ("http://localhost:8000",),
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in OPEN.items() for value in values])
def test_what_opens_a_site_to_others(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    assert exposure.opened_by() == [name]


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in CLOSED.items() for value in values])
def test_what_leaves_it_to_this_machine(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    assert exposure.opened_by() == []


def test_the_demo_is_not_loaded_there(settings: Any) -> None:
    settings.DEMO_ALLOWED = False
    with pytest.raises(DemoRefused):
        demo_load()
