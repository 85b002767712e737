"""Pages that no address shows by itself: they come after a step, or say what went wrong. By the name of the template,
each with who sees it and the answer. Together with addresses.py that is every page there is, which
tests/pages/test_every_page.py holds against the templates on disk.
"""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import time
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.template import Template
from django.test import Client
from django.test.signals import template_rendered
from django.urls import reverse

from incidents.models import Incident
from integrations.api_keys.models import ApiKey
from knowledge.services import version_publish
from knowledge.writing.services import draft_begin
from knowledge.writing.texts import Draft
from prsystem.accounts.mfa.gate import PENDING
from prsystem.accounts.models import Area, User
from prsystem.accounts.people.erasing import person_erase
from prsystem.accounts.sign_in.first_administrator import setup_link_create
from prsystem.core.web.pages import error_answer
from prsystem.core.web.step_up import PROVED_AT
from prsystem.runner.program import PROJECT
from tests.people import actor, browser

Seen = tuple[Client, Any]
APPS = ("prsystem", "audit", "integrations", "knowledge", "incidents")


def page_templates() -> set[str]:
    """Every template of ours that is a whole page."""
    files = [file for app in APPS for file in (PROJECT / app).rglob("templates/**/*.html")]
    return {_name(file) for file in files if "templates/mail" not in str(file) and _is_whole(file.read_text("utf-8"))}


def _name(file: Path) -> str:
    return str(file).rpartition("/templates/")[2]


def _is_whole(text: str) -> bool:
    return "<html" in text or re.search(r"{%\s*extends", text) is not None


def _session(client: Client, **values: object) -> Client:
    session = client.session
    session.update(values)
    session.save()
    return client


def sign_in(eva: User) -> Seen:
    client = Client()
    return client, client.get(reverse("sign_in"))


def second_step(eva: User) -> Seen:
    backend = "django.contrib.auth.backends.ModelBackend"
    pending = {"user": eva.pk, "backend": backend, "at": int(time()), "next": "/"}
    client = _session(Client(), **{PENDING: pending})
    return client, client.get(reverse("second_step"))


def step_up(eva: User) -> Seen:
    client = _session(browser(eva), **{PROVED_AT: 0})
    return client, client.get(reverse("second_factor"))


def first_administrator(eva: User) -> Seen:
    User.objects.update(is_active=False)
    client = Client()
    return client, client.get(reverse("first_administrator", args=[setup_link_create()]))


def person_erased(eva: User) -> Seen:
    gone = User.objects.create(username="nadie", is_active=False)
    person_erase(actor=actor(eva), username=gone.username)
    client = browser(eva)
    return client, client.get(reverse("admin:person_erase", args=[gone.pk]))


def key_shown(eva: User) -> Seen:
    client, made = browser(eva), ApiKey.objects.get()
    values = {"action": "rotate", "_selected_action": made.pk}
    return client, client.post(reverse("admin:integrations_apikey_changelist"), values)


def setup_end(eva: User) -> Seen:
    client = browser(eva)
    return client, client.get(reverse("admin:setup"), {"todo": ""})


def sheet_plan(eva: User) -> Seen:
    client, file = browser(eva), SimpleUploadedFile("ajustes.csv", b"key,value\nsite.name,Planta 9\n")
    return client, client.post(reverse("admin:sheet_plan", args=["settings"]), {"archivo": file})


def bulk(eva: User) -> Seen:
    client, incident = browser(eva), Incident.objects.order_by("pk").first()
    return client, client.post("/incidencias/acciones", {"accion": "asignar", "ids": incident.pk})


def api_docs(eva: User) -> Seen:
    client = browser(eva)
    return client, client.get(reverse("api_docs"))


def error(status: int, eva: User) -> Seen:
    """As the views and the middleware make it, for somebody who is signed in."""
    client = browser(eva)
    answer = client.get("/nada-de-nada")
    rendered: list[Template] = []

    def note(template: Template, **_kwargs: object) -> None:
        rendered.append(template)

    template_rendered.connect(note)
    shown: HttpResponse = error_answer(answer.wsgi_request, status)
    template_rendered.disconnect(note)
    answer.content, answer.status_code, answer.templates = shown.content, status, rendered
    return client, answer


def draft_written(eva: User) -> Seen:
    version = draft_begin(actor=actor(eva), area=Area.objects.first(), draft=Draft(title="Fuga de aceite"))
    client = browser(eva)
    return client, client.get(reverse("draft_edit", args=[version.article.slug, version.number]))


def draft_lost(eva: User) -> Seen:
    client, sent = browser(eva), {"titulo": "Fuga", "solucion": "Purgar.", "revision": 0}
    return client, client.post(reverse("draft_edit", args=["no-existe", "1.0"]), sent)


def article_corrected(eva: User) -> Seen:
    area = Area.objects.first()
    version = draft_begin(actor=actor(eva), area=area, draft=Draft(title="Fuga", problem="Gotea.", solution="Purgar."))
    version_publish(actor=actor(eva), version_id=version.pk)
    client = browser(eva)
    return client, client.get(reverse("article_correct", args=[version.article.slug]))


ERRORS = (400, 403, 404, 405, 413, 423, 429, 500, 503)
STATES: dict[str, Callable[[User], Seen]] = {
    "sign_in.html": sign_in,
    "step_up.html": step_up,
    "api_docs.html": api_docs,
    "accounts/second_step.html": second_step,
    "accounts/first_administrator.html": first_administrator,
    "accounts/person_erased.html": person_erased,
    "admin/integrations/apikey/shown.html": key_shown,
    "admin/runtime/setup_end.html": setup_end,
    "admin/runtime/sheet_plan.html": sheet_plan,
    "incidents/bulk.html": bulk,
    "knowledge/writing/draft.html": draft_written,
    "knowledge/writing/lost.html": draft_lost,
    "knowledge/writing/correct.html": article_corrected,
    "error.html": partial(error, 409),
    **{f"{status}.html": partial(error, status) for status in ERRORS},
}
