"""One action on the incidents chosen in a list: asks for what it needs, says what became of them."""

from collections import defaultdict
from collections.abc import Sequence
from urllib.parse import parse_qsl

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from incidents.case.numbers import incident_number
from incidents.case.selectors import ORDERS, incidents_filtered, incidents_visible_to
from incidents.moves.bulk import ACTIONS, MAX_AT_ONCE, MERGE, Outcome, incidents_act, merge_target
from prsystem.accounts.requests import SignedInRequest
from prsystem.core.errors import DomainError
from prsystem.core.web.middleware import actor_of

from .bulk_forms import FORMS
from .lists import FILTERS, for_selector

SHOWN = 12
MAX_REASONS = 8


@login_required
@require_POST
def incidents_action(request: SignedInRequest) -> HttpResponse:
    """First the form of an action that needs something, then back to the list with what became of each."""
    user, action = request.user, request.POST.get("accion", "")
    if not user.rights.is_support or action not in ACTIONS:
        raise PermissionDenied
    ids, back = _chosen(request), _back(request)
    if not ids:
        messages.warning(request, _("Choose at least one incident."))
        return redirect(back)
    is_sent = "confirmado" in request.POST
    form = FORMS[action](user.rights, request.POST if is_sent else None) if action in FORMS else None
    if form is not None and not (is_sent and form.is_valid()):
        return _ask(request, action, ids, form, 422 if is_sent else 200)
    data = form.cleaned_data if form else {}
    actor = actor_of(request)
    try:
        target = merge_target(actor, ids, data) if action == MERGE else None
        rows = incidents_act(actor=actor, user=user, incident_ids=ids, action=action, data=data)
    except DomainError as error:
        if form is None:
            messages.error(request, _told(error))
            return redirect(back)
        form.add_error(None, _told(error))
        return _ask(request, action, ids, form, 422)
    _tell(request, rows)
    if target and any(row.is_done for row in rows):
        return redirect("incident_detail", number=incident_number(target))
    return redirect(back)


def _chosen(request: SignedInRequest) -> list[int]:
    """The ids of the boxes, or the first MAX_AT_ONCE of the list's filter, in the list's order."""
    if "todas" not in request.POST:
        raw = [part for value in request.POST.getlist("ids") for part in value.split(",")]
        return [int(part) for part in raw if part.isdecimal() and len(part) < 19]
    given = dict(parse_qsl(request.POST.get("filtro", "").replace("\x00", "")))
    values = {name: value for name, value in given.items() if name in FILTERS}
    order = ORDERS.get(request.POST.get("orden", ""), ORDERS["reciente"])
    found = incidents_filtered(incidents_visible_to(request.user.rights), for_selector(values, request))
    return list(found.order_by(*order).values_list("pk", flat=True)[:MAX_AT_ONCE])


def _back(request: SignedInRequest) -> str:
    """The list that one came from."""
    target = request.POST.get("volver", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if is_ours and target.startswith("/") else reverse("incident_list")


def _ask(request: SignedInRequest, action: str, ids: Sequence[int], form: forms.Form, status: int) -> HttpResponse:
    context = {
        "section": "incidents",
        "action": action,
        "form": form,
        "ids": ",".join(str(pk) for pk in ids),
        "count": len(ids),
        "numbers": [incident_number(pk) for pk in ids[:SHOWN]],
        "more": max(len(ids) - SHOWN, 0),
        "back": _back(request),
    }
    return render(request, "incidents/bulk.html", context, status=status)


def _told(error: DomainError) -> str:
    return " ".join(str(text) for found in error.errors.values() for text in found) or str(error)


def _tell(request: SignedInRequest, rows: Sequence[Outcome]) -> None:
    """How many were done, and the refused ones together under each reason."""
    done = sum(row.is_done for row in rows)
    if done:
        text = ngettext("%(count)d incident done.", "%(count)d incidents done.", done)
        messages.success(request, text % {"count": done})
    reasons: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if not row.is_done:
            reasons[row.reason].append(row.number)
    for reason, numbers in list(reasons.items())[:MAX_REASONS]:
        shown = ", ".join(numbers[:SHOWN]) + (" …" if len(numbers) > SHOWN else "")
        text = ngettext("%(count)d refused", "%(count)d refused", len(numbers)) % {"count": len(numbers)}
        messages.warning(request, f"{text} ({shown}): {reason}")
