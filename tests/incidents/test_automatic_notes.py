"""What the system set or proposes at a case is said in whole sentences, each by what found the value."""

from typing import Any

import pytest
from django.utils.translation import override

from incidents.models import Incident
from incidents.templatetags.automatic_notes import automatic_notes
from prsystem.accounts.models import User


def told(value: str, method: str, **more: Any) -> dict[str, Any]:
    return {"valor": value, "motivo": "humo", "metodo": method, **more}


def notes(automatic: dict[str, Any], **fields: Any) -> list[str]:
    with override("en"):
        return automatic_notes(Incident(automatic=automatic, level="L1", **fields))


@pytest.mark.parametrize(
    "name, value, sentence",
    [
        ("prioridad", told("P1", "regla"), "Priority P1 was set by the rule «humo»."),
        (
            "prioridad",
            told("P1", "modelo", confianza=0.824),
            "The language model proposes P1: «humo». (confidence: 82 %)",
        ),
        ("prioridad", told("P1", "palabras"), "Priority P1 was set by the words «humo». Change it if it is wrong."),
        ("nivel", told("L1", "modelo"), "Level L1 was set by the rule «humo»."),
        ("nivel", told("L2", "modelo"), "The language model proposes L2: «humo»."),
        ("nivel", told("L2", "casos"), "Cases like this one were solved in level L2 (humo)."),
        ("area", told("MTTO", "regla"), "The rule «humo» proposes the area MTTO."),
        ("area", told("MTTO", "modelo"), "The language model proposes MTTO: «humo»."),
        ("area", told("MTTO", "casos", confianza=0.5), "Similar cases belong to the area MTTO. (confidence: 50 %)"),
    ],
)
def test_a_value_is_a_sentence(name: str, value: dict[str, Any], sentence: str) -> None:
    assert notes({name: value}) == [sentence]


def test_what_is_pending_or_no_longer_so_is_not_told() -> None:
    assert notes({"prioridad": {"estado": "pendiente"}, "emergencia": {"estado": "x"}, "duplicadas": []}) == []
    assert notes({"asignado_a": told("ana", "regla")}) == []
    assert notes({"asignado_a": told("ana", "regla")}, assignee=User(username="luz")) == []
    assert notes({"asignado_a": told("ana", "regla")}, assignee=User(username="ana")) == [
        "Assigned by the rule «humo»."
    ]


def test_proposals_go_with_the_case() -> None:
    proposed = {"prioridad": told("P1", "regla"), "nivel": told("L2", "casos"), "area": told("MTTO", "casos")}
    assert len(notes(proposed)) == 3
    assert notes(proposed, state=Incident(state="cerrado").state) == ["Priority P1 was set by the rule «humo»."]
