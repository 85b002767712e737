"""The command `evaluate_manuals`, the embedder within the process, on files that the confined reader reads."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from knowledge.models import Passage

from .documents import docx

pytestmark = pytest.mark.django_db
LONG = "Cambiar el sello del cilindro: cerrar la válvula V3 y purgar la presión antes de abrir la tapa. " * 20
MARKDOWN = f"# Sellos\n\n{LONG}\n\n# Filtro\n\nEl filtro de aceite se cambia cada 500 horas; código FA-2207.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "prensa.md").write_text(MARKDOWN)
    (tmp_path / "horno.docx").write_bytes(docx(("Quemador", True), ("Encender el quemador con la chispa.", False)))
    ask(tmp_path, {"file": "prensa.md", "question": "FA-2207", "kind": "código", "lang": "es", "section": "Filtro"})
    return tmp_path


def ask(folder: Path, *questions: dict) -> None:
    with (folder / "questions.jsonl").open("a") as file:
        file.writelines(json.dumps(question) + "\n" for question in questions)


def run(folder: Path, *options: str) -> dict:
    out = io.StringIO()
    call_command("evaluate_manuals", str(folder), "--json", *options, stdout=out)
    return json.loads(out.getvalue())


def test_it_tells_how_often_the_right_place_comes_first(folder: Path, settings, tmp_path: Path) -> None:
    settings.EMBEDDER_URL = ""
    ask(folder, {"file": "horno.docx", "question": "¿cómo se enciende el quemador?", "section": "Quemador"})
    ask(folder, {"file": "prensa.md", "question": "cambiar el sello del cilindro", "section": "No está"})
    values = run(folder, "--rows", str(tmp_path / "rows.jsonl"))
    assert (values["questions"], values["first"], values["first_three"]) == (3, 0.6667, 0.6667)
    assert values["by_kind"]["código"] == {"questions": 1, "first": 1.0, "first_three": 1.0}
    assert values["by_file"]["prensa.md"]["first"] == 0.5
    rows = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text().splitlines()]
    assert [row["rank"] for row in rows] == [1, 1, None]
    assert sum("Sellos" in place for place in rows[2]["found"]) == 1  # the pieces of one place are one hit
    assert not Passage.objects.exists()


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ({"file": "prensa.md", "question": "?"}, "section"),
        ({"file": "falta.pdf", "question": "?", "pages": [1]}, "falta.pdf"),
        ({"question": "?", "pages": [1]}, "file"),
    ],
)
def test_what_is_wrong_with_a_set_is_told(folder: Path, question: dict, told: str) -> None:
    ask(folder, question)
    with pytest.raises(CommandError, match=told):
        run(folder)
