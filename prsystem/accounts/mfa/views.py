"""The second step of signing in, and setting second factors up under «My account»."""

from typing import cast

import segno
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from prsystem.core.errors import InvalidInput
from prsystem.core.middleware import actor_of
from prsystem.core.step_up import step_up
from prsystem.runtime.selectors import get_setting

from ..models import User
from ..requests import SignedInRequest
from ..signed_in import welcome
from ..signing_in import credentials_right
from .codes import address_of, text_of
from .gate import DUE, PENDING, second_step_user
from .selectors import factors_of, recovery_codes_left
from .services import CodeRefused, app_confirm, app_prepare, code_check, factor_remove, recovery_codes_replace


@sensitive_post_parameters("codigo")
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """After the password: a code. Without a first step there is nothing here."""
    user = second_step_user(request)
    if user is None:
        return redirect("sign_in")
    error = ""
    if request.method == "POST":
        try:
            code_check(user, request.POST.get("codigo", "")[:60].replace("\x00", ""))
            return finish(request, user)
        except CodeRefused as refused:
            error = str(refused)
    keys = factors_of(user).filter(kind="webauthn").exists()
    return render(request, "accounts/second_step.html", {"error": error, "has_key": keys}, status=422 if error else 200)


def finish(request: HttpRequest, user: User) -> HttpResponse:
    """Both steps were right: now the session is the person's, under a new key."""
    target = request.session.pop(PENDING)["next"]
    login(request, user, backend=user.backend)  # type: ignore[attr-defined]
    credentials_right(request, user)
    return welcome(request, redirect(target), user)


@login_required
@step_up
def second_factor(request: SignedInRequest) -> HttpResponse:
    """What the person has, and setting up an app, new recovery codes, taking one away."""
    shown: dict[str, object] = {"codes": [], "error": ""}
    if request.method == "POST":
        try:
            shown["codes"] = _changed(request)
        except InvalidInput as error:
            shown["error"] = error.errors["codigo"][0]
        else:
            if not shown["codes"]:
                return redirect("second_factor")
    secret = app_prepare(actor=actor_of(request), user=request.user)
    context = {
        "section": "account",
        "factors": factors_of(request.user),
        "codes_left": recovery_codes_left(request.user),
        "is_due": request.session.get(DUE, False),
        "secret": text_of(secret),
        "qr": _qr(address_of(secret, request.user.username, get_setting("site.name"))),
        **shown,
    }
    return render(request, "accounts/second_factor.html", context, status=422 if shown["error"] else 200)


def _changed(request: SignedInRequest) -> list[str]:
    """Do what the button says; recovery codes to be shown, if there are new ones."""
    actor, user, action = actor_of(request), request.user, request.POST.get("accion", "")
    if action == "quitar":
        number = request.POST.get("factor", "")
        factor_remove(actor=actor, user=user, factor_id=int(number) if number.isdecimal() and len(number) < 18 else 0)
        messages.success(request, _("The second factor was removed."))
        return []
    if action == "codigos":
        return recovery_codes_replace(actor=actor, user=user)
    if action != "confirmar":
        return []
    name = request.POST.get("nombre", "").replace("\x00", "").strip()[:60] or _("App with codes")
    codes = app_confirm(actor=actor, user=user, code=request.POST.get("codigo", ""), name=name)
    request.session.pop(DUE, None)
    messages.success(request, _("The second factor is set up."))
    return codes


def _qr(address: str) -> SafeString:
    """Drawn here, as part of the page: nothing is loaded and nobody else sees the secret."""
    drawing = segno.make(address, error="m").svg_inline(scale=5, border=3, dark="#000", light="#fff")
    return cast(SafeString, mark_safe(drawing))  # noqa: S308  made by segno from our own text
