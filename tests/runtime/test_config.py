"""Configuration as a file: export, wipe, apply gives no difference; plans change nothing; no secret is written."""

import json
from datetime import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.test import RequestFactory
from django.utils import translation

from audit.models import AuditEntry
from incidents.escalation.models import EscalationRule
from incidents.macros.models import ChecklistTemplate, Macro
from incidents.models import BusinessCalendar, SavedView, SlaPolicy, TriageRule
from integrations.nodes.models import ModelNode
from integrations.webhooks.models import AllowedTarget, Endpoint
from integrations.webhooks.sealing import new_secret, opened, sealed
from knowledge.models import GlossaryTerm
from prsystem.accounts.models import Area, DirectoryGroup, User
from prsystem.core.errors import InvalidInput, NotAllowed
from prsystem.core.models import Job
from prsystem.runtime.config.applying import config_apply, config_export, config_plan
from prsystem.runtime.config.files import from_yaml, to_yaml
from prsystem.runtime.config.of_models import ModelSection
from prsystem.runtime.config.sections import EXTRA, REMOVED, left_out, sections_of_file
from prsystem.runtime.models import SettingChange, StoredSetting
from prsystem.runtime.selectors import get_setting
from prsystem.runtime.services import setting_set
from tests.people import actor

pytestmark = pytest.mark.django_db
SECRET_PATH = "/services/T0/B0/muy-secreto"


@pytest.fixture
def site(eva: User, prod: Area, mant: Area) -> User:
    """A site with something in every section."""
    setting_set(actor=actor(eva), key="site.name", value="Planta 2")
    calendar = BusinessCalendar.objects.create(name="Turnos NO", zone="America/Monterrey", country="MX")
    calendar.spans.create(weekday=0, starts=time(10, 30), ends=time(19))
    calendar.spans.create(weekday=0, starts=time(6), ends=time(10))
    calendar.days.create(day="2026-12-24", kind="horario", starts=time(8), ends=time(12), name="Nochebuena")
    calendar.areas.create(area=prod)
    SlaPolicy.objects.create(name="Crítica", if_area=mant, response_l1=30, calendar=calendar)
    for words in ("humo\nfuego", "agua"):
        TriageRule.objects.create(name="Repetida", if_words=words, if_area=prod, set_priority="P1")
    EscalationRule.objects.create(name="Sin atender", at_percent=150, if_area=prod, to_level="L2", notify_user=eva)
    Macro.objects.create(name="Pedir foto", area=mant, body="¿Hay foto?")
    Macro.objects.create(name="Pedir foto", owner=eva, body="cuerpo-de-eva")
    filters = {"prioridad": "P1", "asignado_a": "eva"}
    SavedView.objects.create(slug="criticas", name="Críticas", owner=eva, is_shared=True, role="l2", filters=filters)
    SavedView.objects.create(slug="solo-mia", name="Mía", owner=eva, filters={"asignado_a": "yo"})
    ChecklistTemplate.objects.create(name="Arranque", area=prod, steps="Purgar\nMedir")
    for area in (None, prod):
        GlossaryTerm.objects.create(term="Montacargas", area=area, names="pato\nmula")
    group = DirectoryGroup.objects.create(dn="cn=l1,dc=planta", role="l1")
    group.areas.set([prod, mant])
    ModelNode.objects.create(url="http://nodo1.planta:11434", state="acordonado", weight=2)
    AllowedTarget.objects.create(host="erp.planta", networks="10.0.0.0/8", ports="443")
    Endpoint.objects.create(
        name="erp", url="https://erp.example/x", events=["incidencia.creada"], sealed_secret=sealed(new_secret())
    )
    Endpoint.objects.create(
        name="avisos-l1", url=f"https://chat.example{SECRET_PATH}", shape="slack", sealed_secret=sealed(new_secret())
    )
    return eva


def wipe() -> None:
    for model in (
        *(EscalationRule, ChecklistTemplate, GlossaryTerm),
        TriageRule,
        SlaPolicy,
        BusinessCalendar,
        DirectoryGroup,
        AllowedTarget,
        ModelNode,
        StoredSetting,
    ):
        model.objects.all().delete()
    Endpoint.objects.all().delete()
    SavedView.objects.filter(is_shared=True).delete()
    Macro.objects.filter(owner=None).delete()
    Area.objects.all().delete()


def test_export_wipe_apply_gives_no_difference(site: User, monkeypatch: pytest.MonkeyPatch) -> None:
    text = to_yaml(config_export())
    wipe()
    assert to_yaml(config_export()) != text
    monkeypatch.setenv("WEBHOOK_AVISOS_L1_URL", f"https://chat.example{SECRET_PATH}")
    changes = config_apply(actor=actor(site), content=from_yaml(text))
    assert {change.section for change in changes} == set(config_export())
    assert to_yaml(config_export()) == text
    assert config_plan(actor=actor(site), content=from_yaml(text)) == []
    assert config_apply(actor=actor(site), content=from_yaml(text), prune=True) == []
    assert get_setting("site.name") == "Planta 2"
    assert Endpoint.objects.get(name="avisos-l1").url.endswith(SECRET_PATH)
    assert opened(Endpoint.objects.get(name="erp").sealed_secret)
    assert Job.objects.filter(kind="sla.recompute").count() == 1
    assert (Macro.objects.filter(owner=site).count(), SavedView.objects.filter(is_shared=False).count()) == (1, 1)
    assert SavedView.objects.get(slug="criticas").owner == site


def test_the_trail_names_the_people_of_a_file_by_number(site: User) -> None:
    content = config_export()
    SavedView.objects.filter(is_shared=True).delete()
    EscalationRule.objects.all().delete()
    config_apply(actor=actor(site), content=content)
    number = f"usuario:{site.pk}"
    view = AuditEntry.objects.get(accion="saved_view.created").detalles
    assert view["owner"]["despues"] == number
    assert view["filters"]["despues"] == {"prioridad": "P1", "asignado_a": number}
    rules = AuditEntry.objects.filter(accion="escalation_rule.created").values_list("detalles", flat=True)
    assert {rule["notify_user"]["despues"] for rule in rules if "notify_user" in rule} == {number}


def test_no_secret_and_no_id_is_written(site: User) -> None:
    text = to_yaml(config_export())
    assert SECRET_PATH not in text
    assert "secret" not in text
    assert "cuerpo-de-eva" not in text and "solo-mia" not in text
    assert "env:WEBHOOK_AVISOS_L1_URL" in text
    for items in yaml.safe_load(text).values():
        assert isinstance(items, int) or not any("id" in item or "pk" in item for item in items)


def test_what_the_console_edits_is_in_the_file_or_is_said_to_be_left_out(rf: RequestFactory, eva: User) -> None:
    request = rf.get("/admin/")
    request.user = eva
    edited = {
        model._meta.label
        for model, console in admin.site._registry.items()
        if console.has_add_permission(request) or console.has_change_permission(request)
    }
    held = {section.model for section in sections_of_file() if isinstance(section, ModelSection)}
    assert edited - held - set(left_out()) == set()
    assert set(left_out()) <= edited | held
    assert all(str(reason) for reason in left_out().values())


def test_the_file_begins_with_what_is_left_out(site: User) -> None:
    with translation.override("en"):
        text = to_yaml(config_export())
    preface, _version, _rest = text.partition("version: 1\n")
    assert all(line.startswith("# ") for line in preface.splitlines())
    assert "- API keys: a key is shown once and belongs to its site" in preface


def test_a_plan_says_what_an_apply_does_and_changes_nothing(site: User) -> None:
    content = config_export()
    content["areas"][0]["name"] = "Otro nombre"
    content["areas"].append({"code": "CAL", "name": "Calidad"})
    content["policies"][0]["if_area"] = "CAL"
    entries = AuditEntry.objects.count()
    planned = config_plan(actor=actor(site), content=content)
    assert [(change.section, change.key, change.action) for change in planned] == [
        ("areas", "MANT", "updated"),
        ("areas", "CAL", "created"),
        ("policies", "Crítica", "updated"),
    ]
    assert not Area.objects.filter(code="CAL").exists()
    assert (AuditEntry.objects.count(), Job.objects.count()) == (entries, 0)
    assert config_apply(actor=actor(site), content=content) == planned
    assert AuditEntry.objects.count() == entries + 3
    found = AuditEntry.objects.get(accion="area.updated")
    assert found.detalles == {"name": {"antes": "Mantenimiento", "despues": "Otro nombre"}}


def test_a_change_to_one_of_two_with_the_same_name_finds_it(site: User) -> None:
    content = config_export()
    content["triage_rules"][1]["set_priority"] = "P2"
    assert len(config_apply(actor=actor(site), content=content)) == 1
    assert list(TriageRule.objects.order_by("pk").values_list("set_priority", flat=True)) == ["P1", "P2"]


def test_what_the_file_lacks_stays_unless_pruned(site: User) -> None:
    content: dict[str, Any] = {name: [] for name in config_export()}
    del content["calendars"]
    kept = config_plan(actor=actor(site), content=content)
    assert {change.action for change in kept} == {EXTRA}
    done = config_apply(actor=actor(site), content=content, prune=True)
    assert {change.action for change in done} == {REMOVED}
    assert not TriageRule.objects.exists()
    assert not SlaPolicy.objects.exists()
    assert set(Area.objects.values_list("code", "is_active")) == {("PROD", False), ("MANT", False)}
    assert set(Endpoint.objects.values_list("state", flat=True)) == {"disabled"}
    assert not StoredSetting.objects.exists()
    assert config_apply(actor=actor(site), content=content, prune=True) == []


@pytest.mark.parametrize(
    ("section", "item", "place"),
    [
        ("areas", {"code": "minúscula", "name": "x"}, "areas[minúscula].code"),
        ("areas", {"code": "CAL", "nombre": "x"}, "areas[CAL]"),
        ("policies", {"name": "P", "if_area": "NADA"}, "policies[P].if_area"),
        ("policies", {"name": "P", "response_l1": 0}, "policies[P].response_l1"),
        ("calendars", {"name": "C", "country": False}, "calendars[C].country"),
        ("calendars", {"name": "C", "zone": "Marte/Olimpo"}, "calendars[C].zone"),
        ("endpoints", {"name": "chat", "url": "env:WEBHOOK_CHAT_URL", "shape": "slack"}, "endpoints[chat].url"),
        ("shared_views", {"slug": "v", "name": "V", "owner": "nadie", "role": "l2"}, "shared_views[v].owner"),
        ("shared_views", {"slug": "v", "name": "V", "owner": "eva", "filters": ["x"]}, "shared_views[v].filters"),
        ("shared_views", {"slug": "v", "name": "V", "owner": "eva", "filters": {"x": "1"}}, "shared_views[v].filters"),
        ("settings", {"key": "nada", "value": 1}, "settings[nada]"),
        ("settings", {"key": "site.name", "value": 1}, "settings[site.name].valor"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_done(
    site: User, section: str, item: dict[str, Any], place: str
) -> None:
    content = {"areas": [{"code": "LOG", "name": "Logística"}]}
    content[section] = [*content.get(section, []), item]
    for act in (config_plan, config_apply):
        with pytest.raises(InvalidInput) as refusal:
            act(actor=actor(site), content=content)
        assert place in refusal.value.errors
    assert not Area.objects.filter(code="LOG").exists()


def test_times_without_quotes_are_read_as_people_mean_them(site: User) -> None:
    text = "version: 1\ncalendars:\n- name: Tarde\n  spans:\n  - {weekday: 1, starts: 10:30, ends: 19:00}\n"
    config_apply(actor=actor(site), content=from_yaml(text))
    span = BusinessCalendar.objects.get(name="Tarde").spans.get()
    assert (span.starts, span.ends) == (time(10, 30), time(19))


@pytest.mark.parametrize(
    "text",
    [
        *("", "a: [", "version: 2", "version: 1\notra: []", "version: 1\nareas: 3"),
        *("version: 1\nareas:\n- {code: 2026-13-45}", "[" * 5000),
    ],
)
def test_what_is_no_configuration_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        from_yaml(text)


def test_only_administrators_apply(luis: User) -> None:
    with pytest.raises(NotAllowed):
        config_apply(actor=actor(luis), content={})


def run(*arguments: str) -> tuple[int, str]:
    output = StringIO()
    try:
        call_command("config", *arguments, stdout=output)
    except SystemExit as end:
        return int(str(end.code)), output.getvalue()
    return 0, output.getvalue()


def test_the_command_exports_plans_and_applies(site: User, tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    assert run("export", str(file))[0] == 0
    assert run("export")[1] == file.read_text(encoding="utf-8")
    assert run("plan", str(file))[0] == 0
    file.write_text(file.read_text(encoding="utf-8").replace("Planta 2", "Planta 3"), encoding="utf-8")
    code, text = run("plan", str(file))
    assert (code, "~ settings site.name" in text) == (2, True)
    assert get_setting("site.name") == "Planta 2"
    code, text = run("apply", str(file), "--json")
    assert (code, json.loads(text)["cambios"][0]["accion"]) == (0, "updated")
    assert get_setting("site.name") == "Planta 3"
    assert SettingChange.objects.first().actor == "pr-system"
    assert run("plan", str(file))[0] == 0


def test_the_command_fails_on_what_it_cannot_read(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("version: 1\nareas:\n- {code: x, name: y}\n", encoding="utf-8")
    for file in (bad, tmp_path / "missing.yaml"):
        with pytest.raises(CommandError):
            call_command("config", "plan", str(file))


def test_the_command_says_which_file_it_can_neither_read_nor_write(tmp_path: Path) -> None:
    """A folder that isn't there, a folder in the place of the file, bytes that aren't text."""
    binary = tmp_path / "binario.yaml"
    binary.write_bytes(b"version: 1\nareas: \xff\xfe")
    for arguments in (("export", tmp_path / "no" / "x.yaml"), ("export", tmp_path), ("plan", binary)):
        with pytest.raises(CommandError):
            call_command("config", *map(str, arguments))
