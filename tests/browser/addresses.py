"""Every page of the site and of its console, out of the URL configuration: a new page is found by itself.

An address whose parts aren't known here is an error of the test that asks, so that no page is left out unseen.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from incidents.desk.services import view_save
from incidents.models import Attachment, Incident, Suggestion
from knowledge.models import GlossaryTerm, ManualEdition, Version
from prsystem.accounts.models import User
from tests.people import actor

OUTSIDE = ("api/", "mcp", "metrics", "favicon.ico")
# The console's pages of models are made below from the models; what only leads to one has no name.
OF_MODELS = {
    f"{model._meta.app_label}_{model._meta.model_name}_{page}"
    for model in admin.site._registry
    for page in ("changelist", "add", "change", "delete", "history")
}
UNNAMED = re.compile(r"admin/(\w+/\w+/<path:object_id>/|\(\?P<url>\.\*\)\$)")
# In states.py, because it isn't there while somebody administers.
ELSEWHERE = {"first_administrator"}
QUERIES = {"autocomplete": "?app_label=incidents&model_name=triagerule&field_name=if_reporter"}
VALUES: dict[str, Any] = {
    "level": "L1",
    "action": "tomar",
    "code": "areas",
    "form": "csv",
    "key": "site.name",
    "app_label": "incidents",
    "suggestion_id": 1,
    "notice_id": 1,
    "change_id": 1,
    "macro_id": 1,
    "term_id": 1,
    "board_mail_id": 1,
    "gap_id": 1,
    "act": "ocultar",
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
    place = {"content_type_id": ContentType.objects.get_for_model(Incident).pk, "object_id": incident.pk}
    return {**VALUES, **numbers, **place, "slug": version.article.slug, "number": incident.number}


def addresses(incident: Incident, version: Version, user_id: int, entry_id: int) -> tuple[list[str], list[str]]:
    """Addresses of everything that isn't the page of a model, and the patterns that couldn't be filled in."""
    values, known, unknown = _values(incident, version, user_id, entry_id), [], []
    values |= _world(incident, user_id)
    for address, pattern in patterns(get_resolver().url_patterns):
        if pattern.name in ELSEWHERE | OF_MODELS or (pattern.name is None and UNNAMED.fullmatch(address)):
            continue
        filled = _filled(address, values, version)
        (known if filled else unknown).append(filled + QUERIES.get(pattern.name or "", "") if filled else address)
    return known, unknown


def _world(incident: Incident, user_id: int) -> dict[str, Any]:
    """What pages of a finished proposal, of a kept view, of a term and of a file need."""
    Suggestion.objects.create(
        incident=incident, state="lista", rung="extractiva", text="Purgar.", finished_at=timezone.now()
    )
    GlossaryTerm.objects.update_or_create(pk=VALUES["term_id"], defaults={"term": "Prensa", "names": "la gorda"})
    view = view_save(actor=actor(User.objects.get(pk=user_id)), name="Mis abiertas", filters={"estado": "abierto"})
    return {"view": view.slug, "file_id": _attachment(incident).pk, "edition": _edition().number}


def _attachment(incident: Incident) -> Attachment:
    kept = {"name": "nota.txt", "content_type": "text/plain", "size": 4, "sha256": "s"}
    return Attachment.objects.create(incident=incident, file=ContentFile(b"nota", "nota.txt"), **kept)


def _edition() -> ManualEdition:
    edition: ManualEdition = ManualEdition.objects.get()
    edition.file = default_storage.save("manuales/a.md", ContentFile(b"# Bomba"))
    edition.state = ManualEdition.State.IN_USE
    edition.save()
    return edition


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
    """List, form to add, form to change, question before removing and history, of every model in the console."""
    for model in models:
        start = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        yield from (start, f"{start}add/")
        if model in rows:
            yield from (f"{start}{quote(rows[model].pk)}/{page}/" for page in ("change", "delete", "history"))


def shown(client: Client, paths: list[str]) -> list[str]:
    """Those that answer with a whole page: no redirect, no fragment, no file, nothing that only takes a POST."""
    return [path for path in dict.fromkeys(paths) if _is_page(client, path)]


def _is_page(client: Client, path: str) -> bool:
    answer = client.get(path)
    assert answer.status_code < 500, path
    is_html = answer.headers.get("Content-Type", "").startswith("text/html")
    return answer.status_code == 200 and is_html and not answer.streaming and b"<html" in answer.content
