"""The second step of signing in, and setting second factors up under «My account»."""

from typing import Any, cast

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

from prsystem.accounts.models import User
from prsystem.accounts.requests import SignedInRequest
from prsystem.accounts.sign_in.checking import credentials_right
from prsystem.accounts.sign_in.signed_in import welcome
from prsystem.core.errors import InvalidInput
from prsystem.core.web.middleware import actor_of
from prsystem.core.web.step_up import step_up
from prsystem.runtime.selectors import get_setting

from .challenges import ADD, assertion_options, challenge_take, creation_options, site_here
from .codes import address_of, text_of
from .gate import DUE, PENDING, factor_check, second_step_user
from .key_services import key_add
from .selectors import factors_of, has_app, recovery_codes_left
from .services import CodeRefused, app_confirm, app_prepare, factor_remove, recovery_codes_replace


@sensitive_post_parameters("codigo", "llave")
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """After the password: a code or a security key. Without a first step there is nothing here."""
    user = second_step_user(request)
    if user is None:
        return redirect("sign_in")
    error = ""
    if request.method == "POST":
        try:
            factor_check(request, user, request.POST.get("llave") or request.POST.get("codigo", ""))
            return finish(request, user)
        except CodeRefused as refused:
            error = str(refused)
    context = {"error": error, "key_options": assertion_options(request, user), "has_app": has_app(user)}
    return render(request, "accounts/second_step.html", context, status=422 if error else 200)


def finish(request: HttpRequest, user: User) -> HttpResponse:
    """Both steps were right: now the session is the person's, under a new key."""
    target = request.session.pop(PENDING)["next"]
    login(request, user, backend=user.backend)
    credentials_right(request, user)
    return welcome(request, redirect(target), user)


@login_required
@step_up
def second_factor(request: SignedInRequest) -> HttpResponse:
    """What the person has, and adding an app or a security key, new recovery codes, taking one away."""
    shown: dict[str, Any] = {"codes": [], "errors": {}}
    if request.method == "POST":
        try:
            shown["codes"] = _changed(request)
        except InvalidInput as error:
            shown["errors"] = {name: found[0] for name, found in error.errors.items()}
        else:
            if not shown["codes"]:
                return redirect("second_factor")
    secret = app_prepare(actor=actor_of(request), user=request.user)
    context = {
        "section": "account",
        "factors": factors_of(request.user),
        "codes_left": recovery_codes_left(request.user),
        "key_options": creation_options(request, request.user),
        "is_due": request.session.get(DUE, False),
        "secret": text_of(secret),
        "qr": _qr(address_of(secret, request.user.username, get_setting("site.name"))),
        **shown,
    }
    return render(request, "accounts/second_factor.html", context, status=422 if shown["errors"] else 200)


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
    if action not in ("confirmar", "llave"):
        return []
    codes = _key_added(request) if action == "llave" else _app_added(request)
    request.session.pop(DUE, None)
    messages.success(request, _("The second factor is set up."))
    return codes


def _app_added(request: SignedInRequest) -> list[str]:
    code, name = request.POST.get("codigo", ""), _name(request) or _("App with codes")
    return app_confirm(actor=actor_of(request), user=request.user, code=code, name=name)


def _key_added(request: SignedInRequest) -> list[str]:
    return key_add(
        actor=actor_of(request),
        user=request.user,
        site=site_here(request),
        challenge=challenge_take(request, ADD),
        answer=request.POST.get("llave", ""),
        name=_name(request) or _("Security key"),
    )


def _name(request: HttpRequest) -> str:
    return request.POST.get("nombre", "").replace("\x00", "").strip()[:60]


def _qr(address: str) -> SafeString:
    """Drawn here, as part of the page: nothing is loaded and nobody else sees the secret."""
    drawing = segno.make(address, error="m").svg_inline(scale=5, border=3, dark="#000", light="#fff")
    return cast(SafeString, mark_safe(drawing))  # noqa: S308  made by segno from our own text
