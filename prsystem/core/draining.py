"""Whether this web server is on its way out. Its processes share a mark in a folder of theirs."""

import os
from collections.abc import Callable
from pathlib import Path

from django.http import HttpRequest, HttpResponse

_VARIABLE = "PRS_DRAINING_MARK"


def use(mark: Path) -> None:
    """Called by the parent before it starts its workers, which inherit the environment."""
    os.environ[_VARIABLE] = str(mark)


def begin() -> None:
    Path(os.environ[_VARIABLE]).touch()


def is_draining() -> bool:
    mark = os.environ.get(_VARIABLE)
    return mark is not None and os.path.exists(mark)  # noqa: PTH110 -- asked for at every probe; no Path is made


class LastAnswerMiddleware:
    """On the way out each answer is the last one on its connection: a proxy that kept it would send its next request
    into the end of the server."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_draining():
            response.headers["Connection"] = "close"
        return response
