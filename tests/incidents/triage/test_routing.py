"""Administrators' rules: the first that holds routes a report as it comes in; a preview says what one would change."""

from typing import Any

import pytest
from django.urls import reverse

from audit.models import AuditEntry
from incidents.models import TriageRule
from incidents.triage.routing import rule_preview
from incidents.triage.services import incident_triage
from prsystem.accounts.models import Area, User
from tests.incidents.makers import make_incident
from tests.people import api, browser

pytestmark = pytest.mark.django_db


def rule(name: str, **fields: Any) -> TriageRule:
    return TriageRule.objects.create(name=name, **fields)


def test_the_first_rule_sets_level_priority_and_assignee_at_intake(ana: User, luis: User, marta: User) -> None:
    rule("Segunda", position=20, if_words="prensa", set_level="L3")
    rule("Prensas", position=10, if_words="prensa*", set_level="L2", set_priority="P2", set_assignee=marta)
    body = {"titulo": "Prensas paradas", "descripcion": "No arrancan.", "area": "PROD"}
    made = api(ana).post("/api/incidencias", body).json()
    assert (made["nivel"], made["prioridad"], made["asignado_a"], made["estado"]) == ("L2", "P2", "marta", "nuevo")
    page = browser(luis).get(f"/incidencias/{made['numero']}/").content.decode()
    assert page.count("Prensas: prensas") >= 3
    trail = AuditEntry.objects.get(accion="incident.reported").detalles
    assert set(trail["automatico"]) == {"nivel", "prioridad", "asignado_a"}


@pytest.mark.parametrize(
    ("condition", "matches"),
    [
        ({"if_source": "web"}, True),
        ({"if_source": "erp"}, False),
        ({"if_priority": "P3"}, True),
        ({"if_priority": "P1"}, False),
        ({"if_words": "no hay"}, False),
    ],
)
def test_every_condition_counts(condition: dict[str, str], matches: bool, ana: User) -> None:
    rule("Una", set_level="L3", **condition)
    assert (make_incident(ana).level == "L3") is matches


def test_rules_by_reporter_and_area(ana: User, luis: User, prod: Area, mant: Area) -> None:
    rule("De Luis", position=1, if_reporter=luis, set_level="L3")
    rule("MANT", position=2, if_area=mant, set_level="L2")
    assert (make_incident(luis).level, make_incident(ana).level) == ("L3", "L1")


def test_what_a_person_gave_is_kept_and_an_area_is_only_proposed(ana: User, mant: Area) -> None:
    rule("A MANT", if_words="prensa", set_priority="P1", set_area=mant)
    incident = make_incident(ana, priority="P4")
    assert (incident.priority, incident.area.code) == ("P4", "PROD")
    assert "prioridad" not in incident.automatic
    assert incident.automatic["area"]["valor"] == "MANT"


def test_nobody_from_outside_of_the_area_is_assigned(ana: User, ivan: User) -> None:
    rule("A Iván", if_words="prensa", set_level="L2", set_assignee=ivan)
    incident = make_incident(ana)
    assert (incident.assignee, incident.level) == (None, "L2")
    assert "asignado_a" not in incident.automatic


def test_what_a_rule_said_stays_after_the_job(ana: User, mant: Area) -> None:
    rule("Prisa", if_words="urge*", set_priority="P3", set_area=mant)
    incident = make_incident(ana, "Es urgente en la línea")
    incident_triage(incident.pk)
    incident.refresh_from_db()
    assert incident.priority == "P3"
    assert incident.automatic["area"]["metodo"] == "regla"


def test_the_targets_are_those_of_the_new_level_and_priority(ana: User) -> None:
    plain = make_incident(ana)
    rule("L2 P1", if_words="prensa", set_priority="P1", set_level="L2")
    routed = make_incident(ana)
    assert routed.resolution_due_at < plain.resolution_due_at
    assert routed.response_due_at < plain.response_due_at


def test_a_report_asks_once_for_the_rules(ana: User, django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        rule(f"Regla {number}", if_words=f"palabra{number}", set_level="L2")
    make_incident(ana)  # the policies are known from now on
    with django_assert_max_num_queries(8):
        make_incident(ana)


class TestPreview:
    def test_only_what_would_change_is_told(self, ana: User) -> None:
        presses = [make_incident(ana), make_incident(ana)]
        make_incident(ana, "La banda no gira", description="Está quieta.")
        first = rule("Prensas", position=10, if_words="prensa", set_level="L2")
        assert rule_preview(first) == []
        first.set_level = "L3"
        found = rule_preview(first)
        assert [change.incident for change in found] == presses[::-1]
        assert (found[0].before, found[0].after) == ({"nivel": "L2"}, {"nivel": "L3"})
        later = TriageRule(name="Tarde", position=99, if_words="prensa\nbanda", set_level="L3")
        assert [change.incident.title for change in rule_preview(later)] == ["La banda no gira"]

    def test_the_newest_fifty_cases(self, ana: User) -> None:
        for number in range(55):
            make_incident(ana, f"Prensa {number}")
        candidate = TriageRule(name="Prensas", if_words="prensa", set_level="L2")
        assert len(rule_preview(candidate)) == 50

    def test_in_the_console_it_is_shown_and_not_saved(self, ana: User, eva: User, luis: User) -> None:
        incident = make_incident(ana)
        values = {"name": "Prensas", "position": "10", "is_enabled": "on", "if_words": "prensa", "set_level": "L2"}
        add = reverse("admin:incidents_triagerule_add")
        answer = browser(eva).post(add, {**values, "_preview": "1"})
        assert answer.status_code == 200
        assert incident.number in answer.content.decode()
        assert 'value="Prensas"' in answer.content.decode()
        assert not TriageRule.objects.exists()
        assert browser(eva).post(add, {**values, "set_level": "", "_preview": "1"}).context["errors"]
        assert browser(luis).post(add, {**values, "_preview": "1"}).status_code in (302, 403)
        assert browser(eva).post(add, values).status_code == 302
        stored = TriageRule.objects.get()
        change = reverse("admin:incidents_triagerule_change", args=[stored.pk])
        shown = browser(eva).post(change, {**values, "set_level": "L3", "_preview": "1"}).content.decode()
        assert "nivel: L3" in shown
        stored.refresh_from_db()
        assert stored.set_level == "L2"
