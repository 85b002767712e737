"""Sign-in, sign-out, and a person's own account."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from prsystem.accounts.mfa.gate import factor_due_note, second_step_begin
from prsystem.accounts.mfa.selectors import has_factor
from prsystem.accounts.sessions.engine import key_digest
from prsystem.accounts.sign_in.checking import credentials_right
from prsystem.accounts.sign_in.first_administrator import administrator_create_first, setup_link_check
from prsystem.accounts.sign_in.signed_in import keep, welcome
from prsystem.core.errors import InvalidInput
from prsystem.core.web.context_processors import THEME_COOKIE, THEMES
from prsystem.core.web.middleware import actor_of
from prsystem.runtime.selectors import get_setting

from .forms import FirstAdministratorForm, OwnPasswordForm, SignInForm
from .models import User
from .requests import SignedInRequest
from .selectors import families_of, grants_of, is_new_site, sessions_of, users_of_the_demo
from .services import password_change, preferences_set

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


class SignIn(LoginView):
    """The only page that needs no session. Brings the person's language and theme into this browser."""

    template_name = "sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        """The first administrator of a site without areas is led through the first steps."""
        user = cast(User, self.request.user)
        if user.is_authenticated and user.rights.is_admin and is_new_site():
            return reverse("admin:setup")
        return str(super().get_default_redirect_url())

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Django's own `site_name` is the host of the request: the site has a name."""
        name = get_setting("site.name")
        return {**super().get_context_data(demo_accounts=users_of_the_demo(), **kwargs), "site_name": name}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Whoever has a second factor isn't signed in yet."""
        user = cast(User, form.get_user())
        if has_factor(user):
            second_step_begin(self.request, user, self.get_success_url())
            return redirect("second_step")
        credentials_right(self.request, user)
        response = super().form_valid(form)
        factor_due_note(self.request, user)
        return welcome(self.request, response, user)


sign_in = SignIn.as_view()
sign_out = login_required(LogoutView.as_view())


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page the form was on, if it is one of ours."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    return HttpResponseRedirect(target)


@require_POST
def theme_set(request: HttpRequest) -> HttpResponse:
    """Light, dark or as the device; in this browser, and for the account when signed in."""
    theme = request.POST.get("theme", "")
    response = _back(request)
    if theme not in THEMES:
        return response
    if request.user.is_authenticated:
        preferences_set(actor=actor_of(request), user_id=request.user.pk, theme=theme)
    keep(response, THEME_COOKIE, theme)
    return response


@require_POST
def language_set(request: HttpRequest) -> HttpResponse:
    """Spanish or English; in this browser, and for the account when signed in."""
    language = request.POST.get("language", "")
    response = _back(request)
    if language not in LANGUAGES:
        return response
    if request.user.is_authenticated:
        preferences_set(actor=actor_of(request), user_id=request.user.pk, language=language)
    keep(response, settings.LANGUAGE_COOKIE_NAME, language)
    return response


@sensitive_post_parameters()
def first_administrator(request: HttpRequest, token: str) -> HttpResponse:
    """The page of the link on the console: whoever holds it becomes the first administrator."""
    setup_link_check(token)
    form = FirstAdministratorForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _first_created(form, token):
        messages.success(request, _("The account was made. Sign in with it."))
        return redirect("sign_in")
    return render(request, "accounts/first_administrator.html", {"form": form}, status=422 if form.errors else 200)


def _first_created(form: FirstAdministratorForm, token: str) -> bool:
    values = form.cleaned_data
    try:
        administrator_create_first(
            token=token,
            username=values["username"],
            full_name=values["full_name"],
            password=values["new_password1"],
        )
    except InvalidInput as error:
        for name, found in error.errors.items():
            form.add_error(name if name in form.fields else None, [str(message) for message in found])
        return False
    return True


@login_required
def account(request: SignedInRequest) -> HttpResponse:
    """Who I am, my roles, my language and theme, my password."""
    form = OwnPasswordForm(request.user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user = password_change(
            actor=actor_of(request), user_id=request.user.pk, password=form.cleaned_data["new_password1"]
        )
        update_session_auth_hash(request, user)
        messages.success(request, _("Password changed."))
        return redirect("account")
    context = {
        "section": "account",
        "form": form,
        "grants": grants_of(request.user),
        "has_password": request.user.has_usable_password(),
        "sessions": sessions_of(request.user),
        "present": key_digest(str(request.session.session_key)),
        "tokens": families_of(request.user),
    }
    return render(request, "accounts/account.html", context, status=422 if form.errors else 200)
