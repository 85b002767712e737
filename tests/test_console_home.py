"""The console's front page: every model and page of the console is on it, once, under the group it belongs to."""

import pytest
from django.contrib import admin
from django.db import models

from incidents.models import Incident, TriageRule
from integrations.api_keys.models import ApiKey
from integrations.webhooks.models import Endpoint
from knowledge.models import IndexGeneration
from prsystem.accounts.models import Area, User
from prsystem.console_groups import OTHERS, group_of
from prsystem.core.console import pages as console_pages
from tests.people import browser

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("model", "group"),
    [
        (User, "people"),
        (Area, "areas"),
        (TriageRule, "rules"),
        (Incident, "incidents"),
        (Endpoint, "integrations"),
        (ApiKey, "integrations"),
        (IndexGeneration, "models"),
    ],
)
def test_models_are_where_one_looks_for_them(model: type[models.Model], group: str) -> None:
    assert group_of(model) == group


def test_what_no_group_claims_is_under_others() -> None:
    stranger = type("Stranger", (), {"__module__": "elsewhere.models"})
    assert group_of(stranger) == OTHERS
    assert group_of(stranger, "backups") == "backups"
    assert group_of(stranger, "unheard of") == OTHERS


def test_the_front_page_holds_everything_once(eva: User) -> None:
    answer = browser(eva).get("/admin/")
    entries = [entry["admin_url"] for group in answer.context["app_list"] for entry in group["models"]]
    listed = [page for page in console_pages.pages() if page.title]
    assert len(entries) == len(set(entries)) == len(admin.site._registry) + len(listed)
    assert {"/admin/ajustes/", "/admin/salud/"} <= set(entries)


def test_pages_and_what_can_be_changed_come_first(eva: User) -> None:
    groups = {group["app_label"]: group["models"] for group in browser(eva).get("/admin/").context["app_list"]}
    people = [entry["view_only"] for entry in groups["people"]]
    assert people == sorted(people)
    assert [bool(entry.get("is_page")) for entry in groups["system"]][:2] == [True, True]


def test_the_page_of_an_app_still_works(eva: User) -> None:
    assert browser(eva).get("/admin/incidents/").status_code == 200
