import re

import pytest
from django.core.management import call_command

from prsystem.accounts.models import User
from prsystem.api_summaries import SUMMARIES
from prsystem.core.management.commands.openapi import document
from tests.people import api, browser

METHODS = {"get", "post", "patch", "put", "delete"}


def test_the_file_in_the_repository_is_up_to_date_and_without_warnings() -> None:
    call_command("openapi", "--check")


def test_every_operation_has_a_summary_and_nothing_else_has() -> None:
    told = {operation["operationId"] for methods in document()["paths"].values() for operation in methods.values()}
    assert told == set(SUMMARIES)


def test_every_write_but_signing_in_and_searching_takes_an_idempotency_key() -> None:
    for path, methods in document()["paths"].items():
        for method in methods.keys() & (METHODS - {"get"}):
            if path.startswith("/api/auth/") or path.endswith(("/buscar", "/gemelos", "/presencia")):
                continue
            names = [parameter["name"] for parameter in methods[method]["parameters"]]
            assert "Idempotency-Key" in names, (path, method)


@pytest.mark.django_db
def test_the_document_is_for_those_who_signed_in(ana: User) -> None:
    for path in ("/api/schema", "/api/docs"):
        answer = api().get(path)
        assert answer.status_code == 401
        assert answer.json()["codigo"] == "no_autenticado"
    answer = api(ana).get("/api/schema", HTTP_ACCEPT="application/json")
    assert answer.json()["openapi"].startswith("3.1")
    assert api(ana).get("/api/schema").content.startswith(b"openapi: 3.1")


@pytest.mark.django_db
def test_the_interactive_page_needs_no_other_server_and_no_inline_script(ana: User) -> None:
    page = browser(ana).get("/api/docs", HTTP_ACCEPT="text/html")
    text = page.content.decode()
    assert page.status_code == 200
    assert "http://" not in text
    assert "https://" not in text
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert "nonce=" in text
    assert "'unsafe" not in page.headers["Content-Security-Policy"]
    script = re.search(r'src="(/api/docs[^"]*)"', text)[1]
    assert "SwaggerUIBundle" in browser(ana).get(script.replace("&amp;", "&")).content.decode()


@pytest.mark.django_db
def test_a_browser_that_is_not_signed_in_is_sent_to_sign_in() -> None:
    answer = api().get("/api/docs", HTTP_ACCEPT="text/html,*/*")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/entrar?next=/api/docs")
