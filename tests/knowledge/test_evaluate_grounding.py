"""The command `evaluate_grounding`, over four sets written for it. The rules were tuned on three of them in the end and
the weights fitted on all; in `grounding_free` and `grounding_trades` the faithful sentences are free paraphrases, and
still the weak side."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

DATA = Path(__file__).with_name("data")
PASSAGE = {"n": 1, "title": "Bomba", "text": "1. Bloquear la energía.\n2. Apretar los tornillos a 45 Nm."}


def measured(path: Path, *options: str) -> str:
    out = io.StringIO()
    call_command("evaluate_grounding", str(path), *options, stdout=out)
    return out.getvalue()


def written(path: Path, rows: list[dict]) -> Path:
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def row(name: str, kind: str, text: str) -> dict:
    return {"id": name, "kind": kind, "passages": [PASSAGE], "text": text}


def test_prints_the_measures_of_the_contract(tmp_path: Path) -> None:
    rows = [
        row("1", "ok", "Los tornillos se aprietan a 45 Nm [1]."),
        row("2", "ok", "Pintar la bomba de verde [1]."),
        row("3", "unit", "Apretar los tornillos a 45 ft-lb [1]."),
        row("4", "number", "Apretar los tornillos a 45 Nm [1]."),
    ]
    values = json.loads(measured(written(tmp_path / "set.jsonl", rows), "--json"))
    assert (values["caught"], values["false_alarms"]) == (0.5, 0.5)
    assert values["by_kind"]["unit"] == {"right": 1, "of": 1, "share": 1.0}
    assert values["by_kind"]["number"]["right"] == 0


def test_names_the_sentences_that_went_wrong(tmp_path: Path) -> None:
    told = measured(written(tmp_path / "set.jsonl", [row("loss", "ok", "Pintar la bomba de verde [1].")]))
    assert "loss ok [words] 'Pintar la bomba de verde [1].'" in told


@pytest.mark.parametrize("text", ["", "{}", "no es JSON", '{"id": 1, "kind": "ok", "passages": [{}], "text": "x"}'])
def test_says_what_it_cannot_read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError):
        measured(path)


@pytest.mark.parametrize(
    ("name", "caught", "false_alarms"),
    [
        ("grounding_tuned", 0.98, 0.04),
        ("grounding_held", 0.95, 0.05),
        ("grounding_free", 0.90, 0.15),
        ("grounding_trades", 0.85, 0.57),
    ],
)
def test_what_the_rules_are_worth(name: str, caught: float, false_alarms: float) -> None:
    values = json.loads(measured(DATA / f"{name}.jsonl", "--json"))
    assert values["caught"] >= caught, values
    assert values["false_alarms"] <= false_alarms, values
