"""Security headers on every class of answer: pages, API, errors, redirects, static files, attachments, console."""

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from incidents.intake.reporting import Report, incident_report
from incidents.moves.attachments import attachment_add
from knowledge.models import Manual, ManualEdition
from prsystem.accounts.models import Area, User
from prsystem.accounts.sign_in import checking as signing_in
from tests.people import PASSWORD, actor, api, browser, make_area

pytestmark = pytest.mark.django_db
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


YEAR = "max-age=31536000; includeSubDomains; preload"
TRANSPORT = "Strict-Transport-Security"


def secure(client: Any) -> Any:
    """As a proxy sends what came to it over TLS; errors come back as answers."""
    client.defaults["HTTP_X_FORWARDED_PROTO"] = "https"
    client.raise_request_exception = False
    return client


def of_files(ana: User, area: Area, number: str, incident_id: int) -> dict[str, HttpResponse]:
    """What people have uploaded, by page and API."""
    given = {"incident_id": incident_id, "name": "nota.txt", "user": ana}
    file = attachment_add(actor=actor(ana), file=ContentFile(b"la fuga sigue", "nota.txt"), **given)
    manual = Manual.objects.create(slug="prensa", name="Prensa", area=area)
    for edition, (kind, content) in enumerate((("md", b"# A"), ("pdf", b"%PDF-1.4")), start=1):
        stored = ContentFile(content, "m.bin")
        fields = {"state": "en_uso" if kind == "md" else "reemplazada", "name": f"m.{kind}", "kind": kind, "size": 9}
        ManualEdition.objects.create(manual=manual, number=edition, file=stored, **fields)
    hers, calls = secure(browser(ana)), secure(api(ana))
    return {
        "file of an incident": hers.get(f"/incidencias/{number}/archivos/{file.pk}"),
        "file of an incident, API": calls.get(f"/api/incidencias/{incident_id}/adjuntos/{file.pk}"),
        "file of a manual": hers.get("/conocimiento/manuales/prensa/archivo/1"),
        "file of a manual, PDF": hers.get("/conocimiento/manuales/prensa/archivo/2"),
        "file of a manual, API": calls.get("/api/conocimiento/manuales/prensa/ediciones/1"),
    }


def of_pages(ana: User, eva: User, number: str) -> dict[str, HttpResponse]:
    nobody, hers, console = secure(Client()), secure(browser(ana)), secure(browser(eva))
    return {
        "sign-in": nobody.get("/entrar"),
        "redirect": nobody.get("/"),
        "page": hers.get("/incidencias/"),
        "detail": hers.get(f"/incidencias/{number}/"),
        "form error": hers.post("/cuenta/", {}),
        "page not there": hers.get("/nada"),
        "not there for nobody": nobody.get("/nada"),
        "wrong method": hers.get("/salir"),
        "no CSRF token": secure(Client(enforce_csrf_checks=True)).post("/entrar", {}),
        "bad host": nobody.get("/entrar", HTTP_HOST="malo.example"),
        "console": console.get(reverse("admin:index")),
        "console list": console.get(reverse("admin:accounts_user_changelist")),
        "console forbidden": hers.get(reverse("admin:index")),
        "board as CSV": console.get("/tablero/exportar"),
        "static": nobody.get("/static/prs/app.css"),
        "static not there": nobody.get("/static/nada.css"),
        "icon": nobody.get("/favicon.ico"),
        "app: worker": nobody.get("/sw.js"),
        "app: manifest": nobody.get("/app.webmanifest"),
        "app: offline": nobody.get("/sin-conexion"),
        "metrics": nobody.get("/metrics"),
    }


def of_calls(ana: User, eva: User) -> dict[str, HttpResponse]:
    nobody, hers, console = secure(api()), secure(api(ana)), secure(api(eva))
    return {
        "API": hers.get("/api/yo"),
        "API 400": hers.post("/api/incidencias", {}),
        "API 401": nobody.get("/api/yo"),
        "API 403": hers.get("/api/ajustes"),
        "API 404": hers.get("/api/incidencias/999999"),
        "API 405": hers.delete("/api/yo"),
        "API no route": hers.get("/api/nada"),
        "API health": nobody.get("/api/health"),
        "API docs": secure(browser(eva)).get("/api/docs"),
        "API schema": console.get("/api/schema"),
        "API of other systems": nobody.get("/api/v1/external/conocimiento/buscar"),
        "MCP": nobody.post("/mcp", {}),
    }


def answers(ana: User, eva: User) -> dict[str, HttpResponse]:
    area = make_area("PROD")
    report = Report("Banda parada", "No arranca.", "PROD")
    incident = incident_report(actor=actor(ana), report=report, reporter=ana)
    pages, calls = of_pages(ana, eva, incident.number), of_calls(ana, eva)
    return {**pages, **calls, **of_files(ana, area, incident.number, incident.pk)}


def assert_headers(name: str, response: HttpResponse) -> None:
    missing = {h: response.headers.get(h) for h, value in ALWAYS.items() if response.headers.get(h) != value}
    assert not missing, (name, missing)
    assert response.headers.get("X-Frame-Options") == "DENY" or name.startswith("static"), name
    policy = response.headers.get("Content-Security-Policy", "")
    if name.startswith("file of"):  # nothing in it runs, loads or sends anything; only a browser's reader of PDF starts
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy, name
        assert "sandbox" in policy or (name.endswith("PDF") and "script-src" not in policy), name
        return
    assert "unsafe" not in policy, name
    for directive in ("frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'", "form-action"):
        assert directive in policy, (name, directive)


def test_every_class_of_answer_has_the_headers(ana: User, eva: User) -> None:
    found = answers(ana, eva)
    for name, response in found.items():
        assert_headers(name, response)
        assert TRANSPORT not in response.headers, (name, "the site isn't set up for TLS")
    assert {response.status_code for response in found.values()} >= {200, 301, 302, 400, 401, 403, 404, 405}


def test_every_class_of_answer_keeps_browsers_on_tls(ana: User, eva: User, behind_tls: None) -> None:
    for name, response in answers(ana, eva).items():
        assert response.headers.get(TRANSPORT) == YEAR, name


def test_what_came_in_clear_is_not_told_to_stay_on_tls(client: Client, behind_tls: None) -> None:
    assert TRANSPORT not in client.get("/entrar").headers


@pytest.fixture
def behind_tls(settings: Any) -> None:
    """As settings/auth.py sets it for a site that serves HTTPS behind its proxy."""
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 31536000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True


@pytest.mark.parametrize(("error", "status"), [(RuntimeError, 500), (OperationalError, 503)])
def test_what_fails_inside_has_them_too(
    error: type[Exception], status: int, ana: User, behind_tls: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prsystem.accounts import views
    from prsystem.accounts.api import views as api_views

    def broken(*_args: Any) -> Any:
        raise error("secreto interno")

    monkeypatch.setattr(views, "grants_of", broken)
    monkeypatch.setattr(api_views, "areas_in", broken)
    found = {"page": secure(browser(ana)).get("/cuenta/"), "API": secure(api(ana)).get("/api/yo")}
    for name, response in found.items():
        assert response.status_code == status, name
        assert "secreto" not in response.content.decode()
        assert response.headers.get(TRANSPORT) == YEAR, name
        assert_headers(name, response)


def test_too_many_requests_have_them_too(behind_tls: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_in, "attempt_count", lambda address, name: 30)
    body = {"username": "ana", "password": PASSWORD}
    found = {
        "page": secure(Client()).post("/entrar", body, HTTP_REFERER="https://testserver/entrar"),
        "API": secure(api()).post("/api/auth/login", body),
    }
    for name, response in found.items():
        assert (response.status_code, response.headers["Retry-After"]) == (429, "30"), name
        assert response.headers.get(TRANSPORT) == YEAR, name
        assert_headers(name, response)


def test_what_a_person_sees_is_kept_by_no_cache(ana: User, eva: User) -> None:
    for name, response in answers(ana, eva).items():
        if not name.startswith(
            ("static", "icon", "metrics", "API health", "bad host", "not there for", "redirect", "app:")
        ):
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
