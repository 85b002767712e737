"""The first-run guide in the console: one page per step, progress, skip; it can be opened again at any time."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from prsystem.core.console.pages import console_page
from prsystem.core.errors import InvalidInput
from prsystem.core.web.middleware import actor_of

from .setup import Step, progress, step_of, step_take, steps


def setup(request: HttpRequest) -> HttpResponse:
    """The next step, or what to do once all are taken."""
    following = progress().next
    if following is not None and "todo" not in request.GET:
        return redirect("admin:setup_step", following.code)
    return console_page(request, "admin/runtime/setup_end.html", _("First steps"), _shown(None))


def setup_step(request: HttpRequest, code: str) -> HttpResponse:
    """One step: do it, or leave it for later."""
    step, actor = step_of(code), actor_of(request)
    if request.method == "POST" and "skip" in request.POST:
        step_take(actor=actor, code=code, is_skipped=True)
        return redirect("admin:setup")
    form = step.make_form(request.POST if request.method == "POST" else None, actor)
    if request.method == "POST" and form.is_valid() and _saved(form):
        step_take(actor=actor, code=code)
        messages.success(request, _("Kept."))
        return redirect("admin:setup_step", code) if "more" in request.POST else redirect("admin:setup")
    context = {**_shown(step), "form": form}
    return console_page(request, "admin/runtime/setup.html", step.title, context, status=422 if form.errors else 200)


def _saved(form: Any) -> bool:
    try:
        form.save()
    except InvalidInput as error:
        for name, found in error.errors.items():
            form.add_error(name if name in form.fields else None, [str(message) for message in found])
        return False
    return True


def _shown(step: Step | None) -> dict[str, Any]:
    found = progress()
    return {
        "step": step,
        "steps": [(known, _mark(known, found.done, found.skipped)) for known in steps()],
        "progress": found,
        "total": len(steps()),
    }


def _mark(step: Step, done: list[str], skipped: list[str]) -> str:
    return "done" if step.code in done else "skipped" if step.code in skipped else "open"


class NothingToFill(forms.Form):
    """A step that only tells something; `rows` are facts to show, as on the health page."""

    rows: list[Any] = []

    def __init__(self, *args: Any, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def save(self) -> None:
        """Nothing to keep."""
