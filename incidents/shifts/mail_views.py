"""Which reports are mailed to oneself, and how often; administrators say it for others too."""

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incidents.board.selectors import area_read, board_areas
from prsystem.accounts.requests import SignedInRequest
from prsystem.core.errors import Conflict, InvalidInput
from prsystem.core.web.middleware import actor_of
from prsystem.runtime.selectors import get_setting

from .mailing import board_mail_remove, board_mails_set
from .models import BoardMail
from .selectors import board_mails_of

MOST_NAMES = 4000  # characters


@login_required
def board_mail_list(request: SignedInRequest) -> HttpResponse:
    """One's own, and a form for another; for those who read the incidents of an area. `personas`: user names."""
    area_read(request.user.rights, "")
    if request.method != "POST":
        return _shown(request, [])
    given = {name: request.POST.get(name, "") for name in ("que", "ritmo", "area")}
    try:
        names = re.split(r"[\s,;]+", request.POST.get("personas", "").strip()[:MOST_NAMES])
        board_mails_set(
            actor=actor_of(request),
            what=given["que"],
            rhythm=given["ritmo"],
            area=given["area"],
            usernames=[name for name in names if name],
        )
    except (InvalidInput, Conflict) as error:
        return _shown(request, [str(text) for texts in error.errors.values() for text in texts] or [str(error)])
    messages.success(request, _("Kept."))
    return redirect("board_mails")


@login_required
@require_POST
def board_mail_drop(request: SignedInRequest, board_mail_id: int) -> HttpResponse:
    board_mail_remove(actor=actor_of(request), mail_id=board_mail_id)
    messages.success(request, _("It isn't sent any more."))
    return redirect("board_mails")


def _shown(request: SignedInRequest, errors: list[str]) -> HttpResponse:
    rights = request.user.rights
    rows = list(board_mails_of(rights))
    context: dict[str, Any] = {
        "section": "account",
        "rows": [row for row in rows if row.user_id == rights.user_id],
        "others": sorted(
            (row for row in rows if row.user_id != rights.user_id),
            key=lambda row: (row.area.name if row.area else "", row.what, row.user.username),
        ),
        "areas": board_areas(rights),
        "kinds": BoardMail.What.choices,
        "rhythms": BoardMail.Rhythm.choices,
        "hour": get_setting("mail.digest_hour"),
        "errors": errors,
        "given": request.POST or request.GET,
    }
    return render(request, "incidents/board_mails.html", context, status=InvalidInput.status if errors else 200)
