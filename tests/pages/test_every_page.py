# ruff: noqa: F401, F811  fixtures of another module
"""No page is left out of the browser tests: every address that they make up leads somewhere, and every template of a
page is shown by one of them. What a page says of itself is looked at here too."""

import re
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse

from audit.models import AuditEntry
from incidents.intake.reporting import Report, incident_report
from incidents.models import Incident
from knowledge.models import Version
from prsystem.accounts.models import Area, User
from prsystem.runtime.selectors import forget
from tests.browser.addresses import addresses, of_models
from tests.browser.states import STATES, page_templates
from tests.people import actor
from tests.test_admin import MODELS, area, eva, rows, signed_in

pytestmark = pytest.mark.django_db
SITE_NAME = "Planta 2"  # as `rows` keeps it
# A browser that may not say where a form comes from sends `Origin: null`, which the server refuses.
SENDS_AN_ORIGIN = {
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
    "origin",
    "origin-when-cross-origin",
}
# Of the models' pages those whose templates are ours; tests/test_admin.py opens the others too.
SHOWS_OWN_TEMPLATE = re.compile(r"^/admin/\w+/\w+/$|/change/$").search
HAS_FORM = re.compile(rb"""<form[^>]*method=["']?post""", re.IGNORECASE)
OWN_POLICY = re.compile(rb"""<meta[^>]*name=["']?referrer""", re.IGNORECASE)


def faults(answer: Any) -> list[str]:
    found = []
    if HAS_FORM.search(answer.content) and answer.headers.get("Referrer-Policy") not in SENDS_AN_ORIGIN:
        found.append(f"Referrer-Policy: {answer.headers.get('Referrer-Policy')}")
    if OWN_POLICY.search(answer.content):
        found.append("a referrer policy of its own")
    title = re.search(r"<title>(.*?)</title>", answer.content.decode(), re.DOTALL)
    if title is None or SITE_NAME not in title[1]:
        found.append(f"title {title and title[1]}")
    if "testserver" in re.sub(r"<(script|style).*?</\\1>|<[^>]*>", "", answer.content.decode(), flags=re.DOTALL):
        found.append("names the host")
    return found


def is_page(answer: HttpResponse) -> bool:
    is_html = answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming
    return is_html and b"<html" in answer.content


def test_every_page_is_shown_and_says_whose_it_is(rows: dict[type[Model], Model], eva: User, area: Area) -> None:
    incident = incident_report(actor=actor(eva), report=Report("Banda parada", "No **arranca**.", "PROD"), reporter=eva)
    entry = AuditEntry.objects.order_by("pk").first()
    known, unknown = addresses(Incident.objects.get(pk=incident.pk), Version.objects.get(), eva.pk, entry.pk)
    assert not unknown
    forget()  # the name of the site was kept by `rows` without the service
    client, rendered, wrong = signed_in(eva), set(), {}
    answers = {path: client.get(path) for path in [*known, *filter(SHOWS_OWN_TEMPLATE, of_models(MODELS, rows))]}
    assert not [path for path in known if answers[path].status_code == 404]
    answers |= {name: _apart(state, eva) for name, state in STATES.items()}
    for name, answer in answers.items():
        if is_page(answer):
            wrong |= {name: found} if (found := faults(answer)) else {}
            rendered |= {template.name for template in answer.templates}
    assert not wrong
    left_out = page_templates() - rendered
    assert not left_out, "an address or a state of tests/browser must show them"


def _apart(state: Any, eva: User) -> Any:
    """What a state changes is undone, so that the next one begins anew."""
    with transaction.atomic():
        _client, answer = state(eva)
        transaction.set_rollback(True)
    return answer
