"""Signed-in requests of the demo's people, and the number of queries that an address takes."""

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from prsystem.accounts.models import User
from prsystem.accounts.sessions.tokens import access_token_for

from .load import Request, WrongAnswer

BACKEND = "django.contrib.auth.backends.ModelBackend"


def page_request(username: str, path: str) -> Request:
    """A page as the person's browser asks for it."""
    return Request(path, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={_session_key(username)}"})


def token_headers(username: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {access_token_for(User.objects.get(username=username))}"}


def _session_key(username: str) -> str:
    client = Client()
    client.force_login(User.objects.get(username=username), backend=BACKEND)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def statements_of(request: Request) -> list[str]:
    """The SQL statements of one request, the second of its kind in this process."""
    for _turn in range(2):
        with CaptureQueriesContext(connection) as captured:
            response = _answer(request)
    if response != request.status:
        raise WrongAnswer(f"{request.method} {request.path} -> {response}")
    return [query["sql"] for query in captured.captured_queries]


def _answer(request: Request) -> int:
    body = request.body() if request.body else b""
    kind = request.headers.get("Content-Type", "application/octet-stream")
    return Client().generic(request.method, request.path, body, kind, headers=dict(request.headers)).status_code
