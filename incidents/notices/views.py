"""What a person is told: the list, the bell's count, and how one wants to be told."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incidents.notices.texts import shown_count
from prsystem.accounts.requests import SignedInRequest
from prsystem.core.web.middleware import actor_of
from prsystem.core.web.paging import keyset_page

from . import services as notifying
from .models import Channel, NoticeKind, Rhythm
from .selectors import notifications_of, preferences_of, unread_count, unread_of


@login_required
def notice_list(request: SignedInRequest) -> HttpResponse:
    """One's own notifications, newest first; `?sin_leer=1` for those not read."""
    rights, only_unread = request.user.rights, request.GET.get("sin_leer") == "1"
    found = unread_of(rights) if only_unread else notifications_of(rights)
    page = keyset_page(found, ("-id",), request.GET.get("cursor", ""))
    context = {"section": "notices", "page": page, "rows": page.rows, "only_unread": only_unread}
    return render(request, "incidents/notices.html", context)


@login_required
def notice_count(request: SignedInRequest) -> HttpResponse:
    """The bell, fetched again; nothing when the count is the one that is shown."""
    shown = shown_count(unread_count(request.user.rights))
    if not request.htmx:
        return redirect("notice_list")
    if request.GET.get("visto", "") == shown:
        return HttpResponse(status=204)
    return render(request, "incidents/_bell.html", {"count": shown})


@login_required
@require_POST
def notice_open(request: SignedInRequest, notice_id: int) -> HttpResponse:
    """Mark it as read and go where it leads."""
    notice = notifying.notification_read(actor=actor_of(request), notification_id=notice_id)
    anchor = f"#comentario-{notice.comment_id}" if notice.comment_id else ""
    return redirect(f"{notice.incident.get_absolute_url()}{anchor}")


@login_required
@require_POST
def notices_read_all(request: SignedInRequest) -> HttpResponse:
    notifying.notifications_read_all(actor=actor_of(request))
    return redirect("notice_list")


@login_required
def notice_preferences(request: SignedInRequest) -> HttpResponse:
    """For each kind of event: here, by mail, both or not at all; mails at once or one a day."""
    if request.method == "POST":
        channels = {kind: request.POST[kind] for kind in NoticeKind.values if kind in request.POST}
        rhythm = request.POST.get("ritmo", "")
        notifying.notice_preferences_set(actor=actor_of(request), channels=channels, rhythm=rhythm)
        messages.success(request, _("Kept."))
        return redirect("notice_preferences")
    kept = preferences_of(request.user.pk)
    context: dict[str, Any] = {
        "section": "account",
        "kinds": [(kind, kind.label, kept.channel(kind)) for kind in NoticeKind],
        "channels": Channel.choices,
        "rhythms": Rhythm.choices,
        "rhythm": kept.rhythm,
    }
    return render(request, "incidents/notice_preferences.html", context)
