"""Every page of the site and of its console, out of the URL configuration: a new page is found by itself.

An address whose parts aren't known here is an error of the test that asks, so that no page is left out unseen.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from incidents.models import Incident, SavedView, Suggestion
from incidents.services.desk import view_save
from knowledge.models import GlossaryTerm, Version
from prsystem.accounts.models import User
from tests.people import actor

OUTSIDE = ("api/", "mcp", "metrics", "favicon.ico")
# Django's own; their pages are made below from the models.
OF_MODELS = re.compile(r"_(changelist|add|change|delete|history)$")
# What a page needs that can't be had here: a one-time link, a file on disk.
ELSEWHERE = {
    *("first_administrator", "incident_file", "manual_file", "sheet_download"),
    *("view_on_site", "autocomplete", "jsi18n", "logout"),
}
VALUES: dict[str, Any] = {
    "level": "L1",
    "action": "tomar",
    "code": "areas",
    "key": "site.name",
    "app_label": "incidents",
    "suggestion_id": 1,
    "notice_id": 1,
    "change_id": 1,
    "macro_id": 1,
    "term_id": 1,
    "board_mail_id": 1,
    "gap_id": 1,
}


def patterns(found: list[URLPattern | URLResolver], start: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in found:
        address = start + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, address)
        elif not address.startswith(OUTSIDE):
            yield address, one


def _values(incident: Incident, version: Version, user_id: int, entry_id: int) -> dict[str, Any]:
    numbers = {"old": version.number, "new": version.number, "id": user_id, "user_id": user_id, "entry_id": entry_id}
    return {**VALUES, **numbers, "slug": version.article.slug, "number": incident.number}


def addresses(incident: Incident, version: Version, user_id: int, entry_id: int) -> tuple[list[str], list[str]]:
    """Addresses of everything that isn't the page of a model, and the patterns that couldn't be filled in."""
    values, known, unknown = _values(incident, version, user_id, entry_id), [], []
    values["view"] = _world(incident, user_id).slug
    for address, pattern in patterns(get_resolver().url_patterns):
        if pattern.name in ELSEWHERE or pattern.name is None or OF_MODELS.search(pattern.name):
            continue
        filled = _filled(address, values, version)
        (known if filled else unknown).append(filled or address)
    return known, unknown


def _world(incident: Incident, user_id: int) -> SavedView:
    """What pages of a finished proposal, of a kept view and of a term need."""
    Suggestion.objects.create(
        incident=incident, state="lista", rung="extractiva", text="Purgar.", finished_at=timezone.now()
    )
    GlossaryTerm.objects.update_or_create(pk=VALUES["term_id"], defaults={"term": "Prensa", "names": "la gorda"})
    return view_save(actor=actor(User.objects.get(pk=user_id)), name="Mis abiertas", filters={"estado": "abierto"})


def _filled(address: str, values: dict[str, Any], version: Version) -> str:
    if address.startswith("admin/^"):
        return f"/admin/{values['app_label']}/"
    parts = set(re.findall(r"<(?:\w+:)?(\w+)>", address))
    if not parts <= set(values):
        return ""
    numbers = {**values, "number": version.number} if "<slug:slug>/versiones" in address else values
    if address.startswith("vistas/"):
        numbers = {**numbers, "slug": values["view"]}
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(numbers[part[1]]), address)


def of_models(models: list[type[Model]], rows: dict[type[Model], Model]) -> Iterator[str]:
    """List, form to add, form to change and question before removing, of every model in the console."""
    for model in models:
        start = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        yield from (start, f"{start}add/")
        if model in rows:
            yield from (f"{start}{rows[model].pk}/change/", f"{start}{rows[model].pk}/delete/")


def shown(client: Client, paths: list[str]) -> list[str]:
    """Those that answer with a whole page: no redirect, no fragment, no file, nothing that only takes a POST."""
    return [path for path in dict.fromkeys(paths) if _is_page(client, path)]


def _is_page(client: Client, path: str) -> bool:
    answer = client.get(path)
    assert answer.status_code < 500, path
    is_html = answer.headers.get("Content-Type", "").startswith("text/html")
    return answer.status_code == 200 and is_html and not answer.streaming and b"<html" in answer.content
