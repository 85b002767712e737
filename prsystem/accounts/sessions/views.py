"""«My account»: ending sessions and tokens."""

import uuid

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from prsystem.accounts.requests import SignedInRequest
from prsystem.core.web.middleware import actor_of

from .refreshing import family_end
from .services import session_end, sessions_end_all


@login_required
@require_POST
def sessions_end(request: SignedInRequest) -> HttpResponse:
    """One session (`sesion`), one sign-in of the API (`token`), or all but this one."""
    actor, user = actor_of(request), request.user
    if digest := request.POST.get("sesion", ""):
        done = session_end(actor=actor, user_id=user.pk, digest=digest[:40].replace("\x00", ""))
    elif family := request.POST.get("token", ""):
        done = family_end(actor=actor, user_id=user.pk, family=_family(family))
    else:
        update_session_auth_hash(request, sessions_end_all(actor=actor, user_id=user.pk))
        done = True
    messages.success(request, _("Signed out there.") if done else _("It had ended already."))
    return redirect("account")


def _family(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
