"""Sends each form of a page as the browser does, past scripts and checks of fields, and says which were refused.

The server checks origin and token as ever; then it answers 204 in place of the view, so that nothing is done and the
page stays.
"""

import re
from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as Late

TAKEN, WAIT_MS = 204, 10_000
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
# By attribute: a field named `action` or `method` would stand in for the form's own.
FORMS = """() => [...document.querySelectorAll('form')].map(form =>
  (form.getAttribute('method') || '').toLowerCase() === 'post' ? (form.getAttribute('action') || '') : null)"""
SEND = "number => HTMLFormElement.prototype.submit.call(document.querySelectorAll('form')[number])"


@pytest.fixture
def forms_end_here(monkeypatch: pytest.MonkeyPatch) -> None:
    plain: Callable[..., None] = CsrfViewMiddleware._accept

    def accept(self: CsrfViewMiddleware, request: HttpRequest) -> HttpResponse | None:
        plain(self, request)
        is_of_a_browser = not getattr(request, "_dont_enforce_csrf_checks", False)  # Django's test client isn't checked
        return HttpResponse(status=TAKEN) if is_of_a_browser and request.method not in SAFE else None

    monkeypatch.setattr(CsrfViewMiddleware, "_accept", accept)


class Sender:
    """`refused` sends the forms of the page that is shown; those that other pages have too are sent once."""

    def __init__(self) -> None:
        self.sent: set[str] = set()

    def refused(self, page: Page) -> list[str]:
        found = [(number, action) for number, action in enumerate(page.evaluate(FORMS)) if action is not None]
        chosen = [one for place, one in enumerate(found) if place == 0 or self._is_new(page, one[1])]
        return [fault for number, action in chosen if (fault := self._send(page, number, action))]

    def _is_new(self, page: Page, action: str) -> bool:
        """Whether no page before had a form to this address, numbers aside; one without an address is the page's."""
        key = re.sub(r"\d+", "0", action or page.url)
        is_new = key not in self.sent
        self.sent.add(key)
        return is_new

    def _send(self, page: Page, number: int, action: str) -> str:
        def is_it(response: object) -> bool:
            return response.request.method == "POST" and response.request.is_navigation_request()  # type: ignore[attr-defined]

        try:
            with page.expect_response(is_it, timeout=WAIT_MS) as answer:
                page.evaluate(SEND, number)
        except Late:
            return f"form to «{action}»: the browser never sent it"
        return "" if answer.value.status == TAKEN else f"form to «{action}»: {answer.value.status}"
