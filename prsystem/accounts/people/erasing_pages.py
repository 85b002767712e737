"""Erasing a person from the console: what goes and what stays is told before, and the name is typed to go on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prsystem.accounts.selectors import is_erasure_pending, person_erased_at, person_holdings, user_numbered
from prsystem.core.console.pages import console_page
from prsystem.core.errors import DomainError, Missing
from prsystem.core.web.middleware import actor_of
from prsystem.core.web.step_up import step_up

from .erasing import person_erase

NAME = "usuario"


@step_up
def person_erase_page(request: HttpRequest, user_id: int) -> HttpResponse:
    user = user_numbered(user_id)
    if user is None:
        raise Missing()
    if is_erasure_pending(user) or person_erased_at(user):
        context = {"person": user, "is_pending": is_erasure_pending(user), "erased_at": person_erased_at(user)}
        return console_page(request, "accounts/person_erased.html", _("Erased person"), context)
    error = ""
    if request.method == "POST":
        error = "" if request.POST.get(NAME, "").strip().lower() == user.username else _("That is another user name.")
        if not error:
            try:
                return _erased(request, person_erase(actor=actor_of(request), username=user.username))
            except DomainError as refused:
                error = str(refused)
    context = {"person": user, "holdings": person_holdings(user), "error": error, "field": NAME}
    return console_page(
        request, "accounts/person_erase.html", _("Erase a person"), context, status=422 if error else 200
    )


def _erased(request: HttpRequest, count: int) -> HttpResponse:
    text = ngettext(
        "The account is erased. %(n)d entry of the audit trail loses the name within seconds.",
        "The account is erased. %(n)d entries of the audit trail lose the name within seconds.",
        count,
    )
    messages.success(request, text % {"n": count})
    return redirect("admin:accounts_user_changelist")
