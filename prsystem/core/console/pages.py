"""Pages of the administration console that aren't those of a model: apps register theirs in `AppConfig.ready()`.

The console checks that the visitor is an administrator before it calls a view.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


@dataclass(frozen=True)
class ConsolePage:
    """`path` is below /admin/, `view` a dotted path, `name` the one for `reverse("admin:<name>")`.

    With a title it is listed on the console's front page, in the group named by its code.
    """

    path: str
    view: str
    name: str
    title: Any = ""
    group: str = "others"


_pages: dict[str, ConsolePage] = {}


def register(*pages: ConsolePage) -> None:
    _pages.update({page.name: page for page in pages})


def pages() -> list[ConsolePage]:
    return list(_pages.values())


def console_page(
    request: HttpRequest, template: str, title: object, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page with the console's header and navigation."""
    values = {**admin.site.each_context(request), "title": title, **context}
    return TemplateResponse(request, template, values, status=status)
