"""Lists and queues: one query for a page, refreshed in place."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db import router
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from audit.tokens import change_token
from incidents.case.choices import OPEN_STATES, Level, Priority, State
from incidents.case.look.rows import fingerprint, row_values, rows_from
from incidents.case.models import Incident
from incidents.case.selectors import ORDERS, incidents_filtered, incidents_visible_to
from incidents.moves.bulk import MAX_AT_ONCE
from prsystem.accounts.requests import SignedInRequest
from prsystem.accounts.selectors import areas_in
from prsystem.core.replica.reading import may_be_stale
from prsystem.core.rights import Rights, Role
from prsystem.core.web.paging import keyset_page

from .forms import FilterForm

FILTERS = ("q", "estado", "nivel", "prioridad", "area", "asignado_a")
MINE = "yo"


@login_required
@may_be_stale
def incident_list(request: SignedInRequest) -> HttpResponse:
    """Everything the person may see, newest first, with the contract's filters."""
    return list_page(request, {"section": "incidents", "title": _("Incidents"), "tabs": _tabs(request)})


@login_required
@may_be_stale
def incident_queue(request: SignedInRequest, level: str) -> HttpResponse:
    """Open incidents of a level, the most pressing first."""
    level = level.upper()
    if level not in Level.values or not request.user.rights.is_support:
        raise Http404
    context = {
        "section": level,
        "title": _("Queue %(level)s") % {"level": level},
        "tabs": _queue_tabs(request),
        "hide_level": True,
    }
    return list_page(request, context, fixed={"nivel": level, "estado": "abierto"}, order="prioridad")


def list_page(
    request: SignedInRequest, context: dict[str, Any], fixed: dict[str, str] | None = None, order: str = "reciente"
) -> HttpResponse:
    """A list in its filters. Asked again with the mark of what is shown, it answers 304 while nothing has changed."""
    token = change_token(router.db_for_read(Incident))
    if request.htmx and request.headers.get("If-None-Match") == _mark(token):
        return _unchanged(token)
    rights: Rights = request.user.rights
    given = _given(request)
    values = {**given, **{name: value for name, value in (fixed or {}).items() if name not in given or name == "nivel"}}
    order = given["orden"] if given.get("orden") in ORDERS else order
    incidents = incidents_filtered(incidents_visible_to(rights), for_selector(values, request))
    page = keyset_page(row_values(incidents), ORDERS[order], given.get("cursor", ""))
    rows = rows_from(page.rows, rights)
    context |= {"page": page, "rows": rows, "values": given, "order": order, "huella": fingerprint(rows)}
    context |= {"is_selectable": rights.is_support, "max_at_once": MAX_AT_ONCE}
    context["bulk_filter"] = urlencode({name: values[name] for name in FILTERS if values.get(name)})
    if not request.htmx:
        context |= _choices(rights, fixed or {})
        context["is_filtered"] = any(given.get(name) for name in FILTERS)
        context |= {"mark": _mark(token), "roles": Role.choices}
        context["shown_filters"] = {name: values[name] for name in FILTERS if values.get(name)}
        return render(request, "incidents/list.html", context)
    if given.get("huella") == context["huella"]:
        return _unchanged(token)
    response = render(request, "incidents/_list.html", context)
    response.headers["ETag"] = _mark(token)
    return response


def _mark(token: str) -> str:
    return f'W/"{token}"'


def _unchanged(token: str) -> HttpResponse:
    return HttpResponse(status=304, headers={"ETag": _mark(token)})


def _given(request: SignedInRequest) -> dict[str, str]:
    """The filters that were filled in and are well formed."""
    form = FilterForm(request.GET)
    form.is_valid()
    return {name: value for name, value in form.cleaned_data.items() if value}


def for_selector(values: dict[str, str], request: SignedInRequest) -> dict[str, str]:
    if values.get("asignado_a") == MINE:
        return {**values, "asignado_a": request.user.get_username()}
    return values


def _choices(rights: Rights, fixed: dict[str, str]) -> dict[str, Any]:
    return {
        "states": [("abierto", _("Open")), *State.choices] if "estado" not in fixed else _open_choices(),
        "levels": [] if "nivel" in fixed else Level.choices,
        "priorities": Priority.choices,
        "areas": [(area.code, area.name) for area in areas_in(rights.belongs)],
        "people": [(MINE, _("Me")), ("nadie", _("Nobody"))],
        "orders": [
            ("reciente", _("Newest")),
            ("antigua", _("Oldest")),
            ("prioridad", _("By priority")),
            ("vence", _("By due date")),
        ],
    }


def _open_choices() -> list[tuple[str, Any]]:
    return [(state, state.label) for state in OPEN_STATES]


def _tab(request: SignedInRequest, label: str, **filters: str) -> dict[str, Any]:
    """A tab keeps the other filters; it is the present one when its own filters are exactly those given."""
    names = ("estado", "asignado_a")
    is_current = all(request.GET.get(name, "") == filters.get(name, "") for name in names)
    kept = {n: v for n, v in request.GET.items() if v and n in (*FILTERS, "orden") and n not in names}
    return {"label": label, "url": f"?{urlencode({**kept, **filters})}", "is_current": is_current}


def _tabs(request: SignedInRequest) -> list[dict[str, Any]]:
    tabs = [_tab(request, _("All")), _tab(request, _("Open"), estado="abierto")]
    if request.user.rights.is_support:
        tabs += [
            _tab(request, _("Mine"), estado="abierto", asignado_a=MINE),
            _tab(request, _("Unassigned"), estado="abierto", asignado_a="nadie"),
        ]
    return [*tabs, _tab(request, _("Finished"), estado="resuelto,cerrado")]


def _queue_tabs(request: SignedInRequest) -> list[dict[str, Any]]:
    return [
        _tab(request, _("All open")),
        _tab(request, _("Unassigned"), asignado_a="nadie"),
        _tab(request, _("Mine"), asignado_a=MINE),
        _tab(request, _("Waiting"), estado="en_espera"),
    ]
