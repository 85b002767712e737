"""Security headers on every class of answer: pages, API, errors, redirects, static files, attachments, console."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from incidents.services.intake import Report, incident_report
from prsystem.accounts.models import User
from tests.people import actor, api, browser

pytestmark = pytest.mark.django_db
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def answers(ana: User, eva: User) -> dict[str, HttpResponse]:
    number = incident_report(
        actor=actor(ana), report=Report("Banda parada", "No arranca.", "PROD"), reporter=ana
    ).number
    nobody, hers, console = Client(raise_request_exception=False), browser(ana), browser(eva)
    return {
        "sign-in": nobody.get("/entrar"),
        "redirect": nobody.get("/"),
        "page": hers.get("/incidencias/"),
        "detail": hers.get(f"/incidencias/{number}/"),
        "form error": hers.post("/cuenta/", {}),
        "page not there": hers.get("/nada"),
        "not there for nobody": nobody.get("/nada"),
        "wrong method": hers.get("/salir"),
        "no CSRF token": Client(enforce_csrf_checks=True).post("/entrar", {}),
        "bad host": nobody.get("/entrar", HTTP_HOST="malo.example"),
        "console": console.get(reverse("admin:index")),
        "console list": console.get(reverse("admin:accounts_user_changelist")),
        "console forbidden": hers.get(reverse("admin:index")),
        "static": nobody.get("/static/prs/app.css"),
        "static not there": nobody.get("/static/nada.css"),
        "icon": nobody.get("/favicon.ico"),
        "API": api(ana).get("/api/yo"),
        "API 401": api().get("/api/yo"),
        "API 404": api(ana).get("/api/incidencias/999999"),
        "API 405": api(ana).delete("/api/yo"),
        "API 400": api(ana).post("/api/incidencias", {}),
        "API no route": api(ana).get("/api/nada"),
        "API health": api().get("/api/health"),
        "API docs": console.get("/api/docs"),
        "API schema": api(eva).get("/api/schema"),
        "metrics": nobody.get("/metrics"),
    }


def test_every_class_of_answer_has_the_headers(ana: User, eva: User) -> None:
    for name, response in answers(ana, eva).items():
        missing = {h: response.headers.get(h) for h, value in ALWAYS.items() if response.headers.get(h) != value}
        assert not missing, (name, missing)
        assert response.headers.get("X-Frame-Options") == "DENY" or name.startswith("static"), name
        policy = response.headers.get("Content-Security-Policy", "")
        assert "frame-ancestors 'none'" in policy, name
        assert "unsafe" not in policy, name
        assert "object-src 'none'" in policy, name
        assert "base-uri 'none'" in policy, name
        assert "form-action" in policy, name


def test_an_internal_error_has_them_too(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from prsystem.accounts import views

    def broken(user: User) -> Any:
        raise RuntimeError("secreto interno")

    monkeypatch.setattr(views, "grants_of", broken)
    client = Client(raise_request_exception=False)
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    response = client.get("/cuenta/")
    assert response.status_code == 500
    assert "secreto" not in response.content.decode()
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert {h: response.headers.get(h) for h in ALWAYS} == ALWAYS


def test_what_a_person_sees_is_kept_by_no_cache(ana: User, eva: User) -> None:
    for name, response in answers(ana, eva).items():
        if not name.startswith(("static", "icon", "metrics", "API health", "bad host", "not there for", "redirect")):
            assert re.search("no-store|no-cache", response.headers.get("Cache-Control", "")), name


def test_pages_carry_no_inline_script_or_style_without_a_nonce(ana: User, eva: User) -> None:
    for name, response in answers(ana, eva).items():
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            continue
        text = response.content.decode()
        assert not re.search(r"<script(?![^>]*\b(?:src|nonce)=)(?![^>]*application/json)[^>]*>", text), name
        assert not re.search(r"<style(?![^>]*\bnonce=)", text), name
        assert not re.search(r"<[^>]+\son[a-z]+\s*=", text), name
        assert not re.search(r"<[^>]+\sstyle\s*=", text), name
        assert "javascript:" not in text, name


def test_the_nonce_is_another_one_each_time(client: Client) -> None:
    pages = [client.get("/entrar").headers["Content-Security-Policy"] for _ in range(2)]
    assert pages[0] != pages[1] or "nonce-" not in pages[0]


def test_strict_transport_security_over_https(client: Client) -> None:
    with override_settings(SECURE_HSTS_SECONDS=31536000, SECURE_HSTS_INCLUDE_SUBDOMAINS=True, SECURE_HSTS_PRELOAD=True):
        response = client.get("/entrar", secure=True)
    assert settings.SECURE_HSTS_SECONDS in (0, 31536000)
    assert response.status_code == 200
