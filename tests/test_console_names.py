"""What the console calls models and fields is Spanish where Spanish is asked for."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, label_for_field
from django.db.models import Model
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import translation

from prsystem.accounts.models import User

pytestmark = pytest.mark.django_db
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
SAME = {
    *("digest", "roles"),  # words that Spanish shares with English, names of formats and measures
    *("24 x 7", "ID", "SHA-256", "URL", "antivirus", "bytes", "error", "host", "macro", "macro-F1", "macros", "manual"),
    *("recall@5", "total", "webhook-id"),
}
NO_COLUMNS = {"__str__", "action_checkbox", "password1", "password2", "usable_password"}


def in_both(label: object) -> tuple[str, str]:
    with translation.override("en"):
        english = str(label)
    with translation.override("es"):
        return english, str(label)


def columns_of(console: admin.ModelAdmin, request: HttpRequest) -> list[tuple[str, type[Model], Any]]:
    """Every name that a list, a page or a row of the model has."""
    names = {*console.get_list_display(request), *flatten_fieldsets(console.get_fieldsets(request))}
    found: list[tuple[str, type[Model], Any]] = [(str(name), console.model, console) for name in names - NO_COLUMNS]
    for inline in console.get_inline_instances(request):
        fields = flatten_fieldsets(inline.get_fieldsets(request))
        found += [(name, inline.model, inline) for name in fields if name != inline.model._meta.pk.name]
    return found


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_models_and_fields_have_spanish_names(model: type[Model], rf: RequestFactory, eva: User) -> None:
    request, console = rf.get("/admin/"), admin.site._registry[model]
    request.user = eva
    labels = {"model": in_both(model._meta.verbose_name), "models": in_both(model._meta.verbose_name_plural)}
    for name, owner, where in columns_of(console, request):
        with translation.override("en"):
            english = str(label_for_field(name, owner, where))
        with translation.override("es"):
            labels[f"{owner.__name__}.{name}"] = english, str(label_for_field(name, owner, where))
    same = {where: english for where, (english, spanish) in labels.items() if english == spanish}
    assert {where: english for where, english in same.items() if english not in SAME} == {}
