"""The settings in the console: all of them, one with its history, back to what was."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from prsystem.core.console.pages import console_page
from prsystem.core.errors import InvalidInput, StaleVersion
from prsystem.core.web.middleware import actor_of

from .forms import SettingForm
from .models import SettingChange
from .registry import Setting, setting_of
from .selectors import Shown, changes_of, settings_shown
from .services import setting_reset, setting_revert, setting_set

HISTORY = 100


def settings_list(request: HttpRequest) -> HttpResponse:
    """Every setting by group."""
    context = {"groups": settings_shown()}
    return console_page(request, "admin/runtime/settings.html", _("Settings"), context)


def setting_edit(request: HttpRequest, key: str) -> HttpResponse:
    """One setting: change it, set it back to its default, see who changed it."""
    setting, history = setting_of(key), list(changes_of(key)[:HISTORY])
    seen = history[0].pk if history else 0
    if request.method == "POST":
        form = SettingForm(setting, request.POST, is_reset="reset" in request.POST)
        if "preview" not in request.POST and form.is_valid() and _saved(request, setting, form):
            return redirect("admin:settings")
    else:
        form = SettingForm(setting, initial={"valor": _shown(key).value, "seen": seen})
    context = {"setting": setting, "shown": _shown(key), "form": form, "history": history, "subtitle": key}
    if "preview" in request.POST:
        context["preview"] = _previewed(setting, form)
    status = 422 if form.errors else 200
    return console_page(request, "admin/runtime/setting.html", setting.label, context, status=status)


def _previewed(setting: Setting, form: SettingForm) -> dict[str, Any] | None:
    """What the typed value would change; None when it is none, which the form says."""
    if setting.preview is None or not form.is_valid():
        return None
    try:
        return setting.preview.told(setting.cleaned(form.cleaned_data["valor"]))
    except InvalidInput as error:
        _refuse(form, error)
        return None


def _refuse(form: SettingForm, error: InvalidInput) -> None:
    for found in error.errors.values():
        form.add_error("valor", [str(message) for message in found])


def _shown(key: str) -> Shown:
    return next(shown for group in settings_shown().values() for shown in group if shown.setting.key == key)


def _saved(request: HttpRequest, setting: Setting, form: SettingForm) -> bool:
    """Whether it was kept; the form says why not."""
    actor, seen = actor_of(request), form.cleaned_data["seen"]
    try:
        if "reset" in request.POST:
            change = setting_reset(actor=actor, key=setting.key, seen=seen)
        else:
            change = setting_set(actor=actor, key=setting.key, value=form.cleaned_data["valor"], seen=seen)
    except InvalidInput as error:
        _refuse(form, error)
        return False
    except StaleVersion as error:
        form.add_error(None, _("%(reason)s Reload the page to see the value of now.") % {"reason": error})
        return False
    _say(request, change)
    return True


def _say(request: HttpRequest, change: SettingChange | None) -> None:
    if change is None:
        messages.info(request, _("It was that already: nothing changed."))
    else:
        messages.success(request, _("Kept. All processes follow within a few seconds."))


@require_POST
def setting_revert_now(request: HttpRequest, key: str, change_id: int) -> HttpResponse:
    """Undo one change of the history."""
    _say(request, setting_revert(actor=actor_of(request), key=key, change_id=change_id))
    return redirect("admin:setting", key)
