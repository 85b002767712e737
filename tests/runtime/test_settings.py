"""Settings that administrators change while the system runs: values, bounds, history, who may, how soon it is seen."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format
from django.utils.timezone import localtime
from hypothesis import given
from hypothesis import strategies as st

from audit.models import AuditEntry
from incidents.intake.reporting import Report, incident_report
from incidents.models import Suggestion
from incidents.suggestions.services import suggestion_request
from integrations.webhooks.models import Endpoint
from integrations.webhooks.sealing import new_secret, sealed
from integrations.webhooks.selectors import receivers_active
from prsystem.accounts.models import User
from prsystem.core.errors import Conflict, InvalidInput, Missing, NotAllowed, StaleVersion
from prsystem.runtime import registry, selectors
from prsystem.runtime.models import SettingChange, StoredSetting
from prsystem.runtime.registry import Kind, Setting
from prsystem.runtime.selectors import get_setting
from prsystem.runtime.services import setting_reset, setting_revert, setting_set
from tests.people import actor, browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def limit() -> Iterator[Setting]:
    setting = Setting("test.limit", Kind.INTEGER, 5, label="Límite", group="Prueba", minimum=1, maximum=50)
    registry.register(setting)
    yield setting
    del registry._settings["test.limit"]


def test_a_setting_is_its_default_until_it_is_set(eva: User) -> None:
    assert get_setting("test.limit") == 5
    setting_set(actor=actor(eva), key="test.limit", value=9)
    assert get_setting("test.limit") == 9


def test_reading_costs_one_query_per_process_and_while(eva: User) -> None:
    setting_set(actor=actor(eva), key="test.limit", value=9)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert [get_setting("test.limit") for _ in range(100)] == [9] * 100
    assert len(queries) == 1


def test_another_process_sees_a_change_when_its_copy_is_old(eva: User) -> None:
    StoredSetting.objects.create(key="test.limit", value=7)
    assert get_setting("test.limit") == 5
    selectors.forget()
    assert get_setting("test.limit") == 7


def test_a_key_that_nobody_registered_is_missing(eva: User) -> None:
    with pytest.raises(Missing):
        get_setting("test.unknown")
    with pytest.raises(Missing):
        setting_set(actor=actor(eva), key="test.unknown", value=1)


def test_each_change_leaves_history_and_one_audit_entry(eva: User) -> None:
    setting_set(actor=actor(eva), key="test.limit", value=9)
    setting_set(actor=actor(eva), key="test.limit", value=9)
    setting_set(actor=actor(eva), key="test.limit", value=12)
    found = list(SettingChange.objects.order_by("id").values_list("before", "after", "actor", "user_id"))
    assert found == [(None, 9, "eva", eva.pk), (9, 12, "eva", eva.pk)]
    entries = list(AuditEntry.objects.filter(accion="setting.changed").order_by("id"))
    assert [entry.recurso for entry in entries] == ["ajuste:test.limit"] * 2
    assert entries[1].detalles == {"valor": {"antes": 9, "despues": 12}}


def test_a_value_goes_back_to_the_default_and_to_any_earlier_one(eva: User) -> None:
    first = setting_set(actor=actor(eva), key="test.limit", value=9)
    second = setting_set(actor=actor(eva), key="test.limit", value=12)
    assert first and second
    setting_revert(actor=actor(eva), key="test.limit", change_id=second.pk)
    assert get_setting("test.limit") == 9
    setting_revert(actor=actor(eva), key="test.limit", change_id=first.pk)
    assert get_setting("test.limit") == 5
    assert not StoredSetting.objects.exists()
    assert setting_reset(actor=actor(eva), key="test.limit") is None
    assert SettingChange.objects.count() == 4


def test_a_change_of_another_setting_is_not_reverted(eva: User) -> None:
    change = setting_set(actor=actor(eva), key="site.name", value="Planta 2")
    assert change
    with pytest.raises(Missing):
        setting_revert(actor=actor(eva), key="test.limit", change_id=change.pk)


def test_setting_the_default_keeps_nothing(eva: User) -> None:
    setting_set(actor=actor(eva), key="test.limit", value=9)
    setting_set(actor=actor(eva), key="test.limit", value=5)
    assert not StoredSetting.objects.exists()


@pytest.mark.parametrize("value", [0, 51, "9", 9.5, None, True, [9]])
def test_values_of_another_kind_or_out_of_bounds_are_refused(eva: User, value: Any) -> None:
    with pytest.raises(InvalidInput) as refusal:
        setting_set(actor=actor(eva), key="test.limit", value=value)
    assert list(refusal.value.errors) == ["valor"]
    assert not SettingChange.objects.exists()


def test_only_administrators_of_everything_change_settings(luis: User) -> None:
    with pytest.raises(NotAllowed):
        setting_set(actor=actor(luis), key="test.limit", value=9)


def test_a_form_older_than_the_last_change_changes_nothing(eva: User) -> None:
    setting_set(actor=actor(eva), key="test.limit", value=9, seen=0)
    with pytest.raises(StaleVersion):
        setting_set(actor=actor(eva), key="test.limit", value=12, seen=0)
    assert get_setting("test.limit") == 9


def test_a_stored_value_that_this_version_refuses_counts_as_not_set() -> None:
    StoredSetting.objects.create(key="test.limit", value=999)
    StoredSetting.objects.create(key="from.another.version", value=1)
    selectors.forget()
    assert get_setting("test.limit") == 5
    assert selectors.settings_changed() == {}


def test_a_key_is_registered_once_and_its_default_fits(limit: Setting) -> None:
    registry.register(limit)
    with pytest.raises(ValueError, match="registered twice"):
        registry.register(Setting("test.limit", Kind.INTEGER, 6, label="x", group="y"))
    with pytest.raises(InvalidInput):
        registry.register(Setting("test.other", Kind.INTEGER, 0, label="x", group="y", minimum=1))


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text())))
def test_what_is_cleaned_is_clean(value: Any) -> None:
    for kind, default in (("boolean", True), ("integer", 1), ("decimal", 1.0), ("text", ""), ("lines", [])):
        setting = Setting("x", Kind(kind), default, label="x", group="x", minimum=0, maximum=100)
        try:
            cleaned = setting.cleaned(value)
        except InvalidInput:
            continue
        assert setting.cleaned(cleaned) == cleaned


def test_the_page_shows_changes_and_reverts(eva: User) -> None:
    page = browser(eva)
    assert "Límite" in page.get("/admin/ajustes/").content.decode()
    assert page.post("/admin/ajustes/test.limit/", {"valor": "9", "seen": "0"}).status_code == 302
    assert get_setting("test.limit") == 9
    change = SettingChange.objects.get()
    shown = page.get("/admin/ajustes/test.limit/")
    assert shown.status_code == 200
    assert f"/admin/ajustes/test.limit/revertir/{change.pk}/" in shown.content.decode()
    assert page.get(f"/admin/ajustes/test.limit/revertir/{change.pk}/").status_code == 405
    assert page.post(f"/admin/ajustes/test.limit/revertir/{change.pk}/").status_code == 302
    assert get_setting("test.limit") == 5


def test_the_page_says_what_is_wrong_and_keeps_nothing(eva: User) -> None:
    page = browser(eva)
    bad = page.post("/admin/ajustes/test.limit/", {"valor": "99", "seen": "0"})
    assert (bad.status_code, get_setting("test.limit")) == (422, 5)
    assert bad.context["form"].errors["valor"]
    setting_set(actor=actor(eva), key="test.limit", value=7)
    stale = page.post("/admin/ajustes/test.limit/", {"valor": "9", "seen": "0"})
    assert (stale.status_code, get_setting("test.limit")) == (422, 7)
    assert stale.context["form"].non_field_errors()
    assert page.get("/admin/ajustes/nada/").status_code == 404


def test_the_page_sets_back_to_the_default_whatever_is_typed(eva: User) -> None:
    change = setting_set(actor=actor(eva), key="test.limit", value=7)
    assert change
    values = {"valor": "nada", "seen": change.pk, "reset": "1"}
    assert browser(eva).post("/admin/ajustes/test.limit/", values).status_code == 302
    assert get_setting("test.limit") == 5


@pytest.mark.parametrize("path", ["", "site.name/", "site.name/revertir/1/"])
def test_the_pages_are_for_administrators(path: str, luis: User, client: Any) -> None:
    for visitor, code in ((browser(luis), (302, 403)), (client, (302,))):
        assert visitor.get(f"/admin/ajustes/{path}").status_code in code
        assert visitor.post(f"/admin/ajustes/{path}", {"valor": "x", "seen": "0"}).status_code in code
    assert not SettingChange.objects.exists()


def test_every_setting_of_the_product_has_a_page(eva: User) -> None:
    page = browser(eva)
    for setting in registry.settings_all():
        assert page.get(f"/admin/ajustes/{setting.key}/").status_code == 200, setting.key


def test_the_name_of_the_site_is_on_its_pages(eva: User) -> None:
    setting_set(actor=actor(eva), key="site.name", value="Planta <2>")
    assert "Planta &lt;2&gt;" in browser(eva).get("/").content.decode()


def test_times_are_shown_in_the_zone_of_the_site(eva: User) -> None:
    change = setting_set(actor=actor(eva), key="site.time_zone", value="Asia/Tokyo")
    assert change
    there = date_format(localtime(change.changed_at, ZoneInfo("Asia/Tokyo")), "DATETIME_FORMAT")
    assert there in browser(eva).get("/admin/ajustes/site.time_zone/").content.decode()
    with pytest.raises(InvalidInput):
        setting_set(actor=actor(eva), key="site.time_zone", value="Marte/Olimpo")


def test_suggestions_can_be_switched_off(eva: User, ana: User) -> None:
    setting_set(actor=actor(eva), key="suggestions.enabled", value=False)
    incident = incident_report(actor=actor(ana), report=Report("Banda parada", "No arranca.", "PROD"), reporter=ana)
    assert not Suggestion.objects.exists()
    with pytest.raises(Conflict):
        suggestion_request(actor=actor(ana), incident_id=incident.pk)
    assert browser(ana).get(incident.get_absolute_url()).status_code == 200
    setting_set(actor=actor(eva), key="suggestions.enabled", value=True)
    assert suggestion_request(actor=actor(ana), incident_id=incident.pk).pk


def test_known_solutions_while_reporting_can_be_switched_off(eva: User, ana: User) -> None:
    setting_set(actor=actor(eva), key="deflection.enabled", value=False)
    answer = browser(ana).post("/incidencias/nueva/parecidos", {"titulo": "La banda transportadora no arranca"})
    assert (answer.status_code, answer.context["hits"]) == (200, [])


def test_webhooks_can_be_switched_off(eva: User) -> None:
    Endpoint.objects.create(name="erp", url="https://erp.example/x", sealed_secret=sealed(new_secret()))
    assert len(receivers_active()) == 1
    setting_set(actor=actor(eva), key="webhooks.enabled", value=False)
    assert receivers_active() == {}
