"""Sign-in, account, language and theme, and the error pages."""

import re
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from prsystem.accounts.models import User
from prsystem.accounts.sign_in import throttle
from prsystem.core.web import pages
from tests.people import PASSWORD, browser, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_attempts_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counters of this test alone: other test processes share the Redis."""
    monkeypatch.setattr(throttle, "_PREFIX", f"prs:login:{uuid4()}:")


def sign_in(username: str, password: str, target: str = "") -> Client:
    client = Client()
    client.post("/entrar", {"username": username, "password": password, "next": target})
    return client


def is_in(client: Client) -> bool:
    return client.get("/cuenta/").status_code == 200


@pytest.mark.parametrize("typed", ["ana", "ANA", " ana "])
def test_one_person_is_one_account_however_it_is_typed(typed: str) -> None:
    make_user("ana", password=PASSWORD)
    assert is_in(sign_in(typed, PASSWORD))


@pytest.mark.parametrize(
    ("username", "password"), [("ana", "mala"), ("nadie", PASSWORD), ("", ""), ("a\x00", "x"), ("a" * 9999, "x")]
)
def test_who_does_not_get_in_is_told_the_same(username: str, password: str) -> None:
    make_user("ana", password=PASSWORD)
    response = Client().post("/entrar", {"username": username, "password": password})
    assert response.status_code == 200
    assert not response.context["user"].is_authenticated


def test_five_failures_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    make_user("ana", password=PASSWORD)
    client = Client()
    answers = [client.post("/entrar", {"username": "ana", "password": f"mala {n}"}).status_code for n in range(6)]
    assert answers == [200] * 5 + [429]
    monkeypatch.setattr(throttle, "_PREFIX", f"prs:login:{uuid4()}:")  # the minute is over
    assert client.post("/entrar", {"username": "ana", "password": PASSWORD}).status_code == 423


@pytest.mark.parametrize("target", ["https://malo.example/", "//malo.example", "javascript:alert(1)"])
def test_sign_in_and_switches_never_lead_away(target: str) -> None:
    make_user("ana", password=PASSWORD)
    answer = Client().post("/entrar", {"username": "ana", "password": PASSWORD, "next": target})
    assert answer.headers["Location"] == "/"
    assert Client().post("/cuenta/tema", {"theme": "dark", "next": target}).headers["Location"] == "/"


def test_language_and_theme_go_with_the_person(ana: User) -> None:
    page = browser(ana)
    page.post("/cuenta/idioma", {"language": "en", "next": "/cuenta/"})
    page.post("/cuenta/tema", {"theme": "dark", "next": "/cuenta/"})
    ana.refresh_from_db()
    seen = page.get("/cuenta/").content.decode()
    assert (ana.language, ana.theme) == ("en", "dark")
    assert re.search(r'<html\s+lang="en"', seen)
    assert 'data-bs-theme="dark"' in seen


@pytest.mark.parametrize("values", [{"theme": "rosa"}, {"theme": ""}, {}])
def test_an_unknown_theme_changes_nothing(values: dict[str, str], ana: User) -> None:
    browser(ana).post("/cuenta/tema", values)
    ana.refresh_from_db()
    assert ana.theme == "auto"


def test_a_password_is_changed_only_knowing_the_old_one() -> None:
    ana = make_user("ana", password=PASSWORD)
    new = "Otra-Clave-2026-larga"
    page = browser(ana)
    wrong = page.post("/cuenta/", {"old_password": "mala", "new_password1": new, "new_password2": new})
    short = page.post("/cuenta/", {"old_password": PASSWORD, "new_password1": "corta", "new_password2": "corta"})
    right = page.post("/cuenta/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert (wrong.status_code, short.status_code, right.status_code) == (422, 422, 302)
    assert is_in(page)
    assert is_in(sign_in("ana", new))


def test_signing_out_takes_a_post(ana: User) -> None:
    page = browser(ana)
    assert page.get("/salir").status_code == 405
    assert page.post("/salir").headers["Location"] == settings.LOGOUT_REDIRECT_URL
    assert not is_in(page)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 423, 429, 500, 503])
def test_error_pages_need_no_database(status: int, django_assert_num_queries: object) -> None:
    request = RequestFactory().get("/algo")
    with django_assert_num_queries(0):  # type: ignore[operator]
        response = pages.error_answer(request, status)
    assert response.status_code == status
    assert str(status) in response.content.decode()


def test_a_page_that_is_not_there(ana: User) -> None:
    assert browser(ana).get("/nada").status_code == 404
    assert Client().get("/nada").status_code == 404
