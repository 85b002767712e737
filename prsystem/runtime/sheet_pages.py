"""Tables in the console: take one out, put one in; what it would change is shown before anything is written."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from prsystem.core.console.pages import console_page
from prsystem.core.errors import InvalidInput
from prsystem.core.web.middleware import actor_of

from .config.applying import config_apply, config_plan
from .config.sections import EXTRA, Section, sections_of_sheets
from .config.sheets import items_from, to_csv, to_xlsx

SALT = "prsystem.runtime.sheet"
SHOWN_SECONDS = 3600
FORMS = {
    "csv": (to_csv, "text/csv; charset=utf-8"),
    "xlsx": (to_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def _section(code: str) -> Section:
    found = next((section for section in sections_of_sheets() if section.code == code), None)
    if found is None:
        raise Http404
    return found


def sheets(request: HttpRequest) -> HttpResponse:
    """Every table, to take out or put in."""
    return console_page(request, "admin/runtime/sheets.html", _("Tables"), {"sections": sections_of_sheets()})


def sheet_download(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """One table as CSV or XLSX."""
    if form not in FORMS:
        raise Http404
    section, (write, kind) = _section(code), FORMS[form]
    headers = {"Content-Disposition": f'attachment; filename="{code}.{form}"'}
    return HttpResponse(write(section), content_type=kind, headers=headers)


@require_POST
def sheet_plan(request: HttpRequest, code: str) -> HttpResponse:
    """What a file would change; nothing is written."""
    section, file = _section(code), request.FILES.get("archivo")
    try:
        if file is None:
            raise InvalidInput.field("archivo", _("Choose a file."))
        items = items_from(section, str(file.name), file.read())
        changes = config_plan(actor=actor_of(request), content={code: items}, among=[section])
    except InvalidInput as error:
        return _page(request, section, {"errors": error.errors or {"": [str(error)]}}, status=422)
    done = [change for change in changes if change.action != EXTRA]
    token = signing.dumps({"code": code, "items": items, "user": request.user.pk}, salt=SALT, compress=True)
    return _page(request, section, {"changes": done, "rows": len(items), "token": token if done else ""})


@require_POST
def sheet_apply(request: HttpRequest, code: str) -> HttpResponse:
    """Write what was shown."""
    section = _section(code)
    try:
        kept = signing.loads(request.POST.get("token", ""), salt=SALT, max_age=SHOWN_SECONDS)
    except signing.BadSignature:
        kept = {}
    if kept.get("code") != code or kept.get("user") != request.user.pk:
        return _page(request, section, {"errors": {"": [_("Send the file again.")]}}, status=422)
    try:
        changes = config_apply(actor=actor_of(request), content={code: kept["items"]}, among=[section])
    except InvalidInput as error:
        return _page(request, section, {"errors": error.errors or {"": [str(error)]}}, status=422)
    count = len([change for change in changes if change.action != EXTRA])
    messages.success(request, ngettext("%(n)d change.", "%(n)d changes.", count) % {"n": count})
    return redirect("admin:sheets")


def _page(request: HttpRequest, section: Section, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    values = {"section": section, **context}
    return console_page(request, "admin/runtime/sheet_plan.html", section.label, values, status=status)
