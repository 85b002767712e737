"""What makes the site an application to install, as the server gives it: to anybody, with nothing of anybody."""

import json
import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from incidents.models import Incident
from prsystem import app_pages
from prsystem.accounts.models import Area, User
from prsystem.accounts.sign_in import throttle
from prsystem.core.rights import Role
from tests.people import PASSWORD, browser, make_user

pytestmark = pytest.mark.django_db


def test_the_manifest_is_in_spanish_and_names_icons_that_are_there(client: Client) -> None:
    answer = client.get("/app.webmanifest")
    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert "no-cache" in answer.headers["Cache-Control"]
    body = json.loads(answer.content)
    assert (body["lang"], body["name"]) == ("es", "PR-System: resolución de problemas")
    assert body["start_url"] == body["scope"] == "/" and body["display"] == "standalone"
    assert {(icon["sizes"], icon["purpose"]) for icon in body["icons"]} == {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }
    assert all(finders.find(icon["src"].removeprefix("/static/")) for icon in body["icons"])
    assert all(client.get(shortcut["url"]).status_code in (200, 302) for shortcut in body["shortcuts"])


def test_the_worker_governs_the_whole_site_and_is_asked_for_each_time(client: Client) -> None:
    answer = client.get("/sw.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer.headers["Cache-Control"] and "max-age" not in answer.headers["Cache-Control"]
    shell = json.loads(re.search(r"const SHELL = (\[.*\]);", answer.content.decode())[1])
    assert all(finders.find(path.removeprefix("/static/")) for path in shell)


def test_all_that_the_page_without_a_connection_loads_is_kept(client: Client) -> None:
    page = client.get("/sin-conexion").content.decode()
    loaded = set(
        re.findall(r'<(?:script|link rel="stylesheet"|link rel="preload")[^>]* ?(?:src|href)="/static/([^"]+)"', page)
    )
    assert len(loaded) > 5
    assert loaded <= set(app_pages.SHELL)


def test_the_policy_allows_worker_and_manifest_of_the_site_alone(client: Client) -> None:
    policy = client.get("/sin-conexion").headers["Content-Security-Policy"]
    assert "worker-src 'self';" in f"{policy};" and "manifest-src 'self';" in f"{policy};"


def test_the_page_that_is_kept_is_the_same_for_everybody(client: Client, ana: User) -> None:
    theirs, hers = client.get("/sin-conexion"), browser(ana).get("/sin-conexion")
    assert theirs.content == hers.content
    assert "ana" not in re.findall(r">([^<]+)<", hers.content.decode())


def test_who_is_there(client: Client, ana: User, prod: Area) -> None:
    assert client.get("/sin-conexion/persona").status_code == 401
    answer = browser(ana).get("/sin-conexion/persona")
    assert "no-store" in answer.headers["Cache-Control"]
    body = answer.json()
    assert (body["usuario"], body["nombre"]) == ("ana", str(ana))
    assert body["areas"] == [{"codigo": "PROD", "nombre": prod.name}]


def signed_in(client: Client, name: str) -> None:
    """By the form, in place of whoever it was: that is what changes the browser's token."""
    throttle.attempts_forget("127.0.0.1", name)  # other tests of this minute sign in by the same name
    client.cookies.pop(settings.SESSION_COOKIE_NAME, None)
    client.get("/entrar")
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    form = {"username": name, "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert client.post("/entrar", form).status_code == 302


def test_the_token_is_worth_nothing_to_the_next_person_of_the_browser(prod: Area) -> None:
    for name in ("ana", "luis"):
        make_user(name, Role.REPORTER, areas=[prod], password=PASSWORD)
    client = Client(enforce_csrf_checks=True)
    signed_in(client, "ana")
    token = client.get("/sin-conexion/persona").json()["csrf"]
    report = {"titulo": "Fuga", "descripcion": "Gotea.", "area": "PROD"}

    def post(key: str) -> int:
        headers = {"X-CSRFToken": token, "Idempotency-Key": key}
        return client.post("/api/incidencias", report, content_type="application/json", headers=headers).status_code

    assert post("uno") == 201
    signed_in(client, "luis")
    assert post("dos") == 403
    assert Incident.objects.get().source == "web"
