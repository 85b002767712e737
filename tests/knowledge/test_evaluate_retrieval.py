"""The command `evaluate_retrieval`, with the embedder loaded into the process."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    documents = [
        ("d1", "es", "Fuga en la bomba", "Cambiar el retén del eje y limpiar el aceite."),
        ("d2", "en", "Pump leaks", "Replace the shaft seal and clean the oil."),
        ("d3", "es", "Impresora sin red", "Reiniciar el servicio de impresión."),
    ]
    queries = [
        ("q1", "es", "la bomba pierde aceite"),
        ("q2", "en", "printer has no network"),
        ("q3", "es", "otra cosa"),
    ]
    names = ("id", "lang", "title", "text")
    lines = [json.dumps(dict(zip(names, row, strict=True))) for row in documents]
    (tmp_path / "documents.jsonl").write_text("\n".join(lines))
    lines = [json.dumps({"id": key, "lang": lang, "text": text}) for key, lang, text in queries]
    (tmp_path / "queries.jsonl").write_text("\n".join(lines))
    (tmp_path / "qrels.tsv").write_text("q1\td1\t1\nq1\td2\t1\nq2\td3\t1\n")
    return tmp_path


def run(folder: Path, *options: str) -> dict:
    out = io.StringIO()
    call_command("evaluate_retrieval", str(folder), "--json", *options, stdout=out)
    return json.loads(out.getvalue())


def test_prints_the_measures_of_the_contract(folder: Path, settings) -> None:
    settings.EMBEDDER_URL = ""
    values = run(folder)
    assert {"ndcg@10", "recall@5", "mrr@10", "ms_per_query"} <= values.keys()
    assert (values["queries"], values["ndcg@10"], values["recall@5"]) == (2, 1.0, 1.0)


def test_it_tells_how_the_decision_abstains(folder: Path, settings) -> None:
    """Where every query has an answer, each is asked again with the answer taken away; else as the rows say."""
    settings.EMBEDDER_URL = ""
    rows = [json.loads(line) for line in (folder / "queries.jsonl").read_text().splitlines()]
    judged = [row | {"answerable": True} for row in rows[:2]]
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, judged)))
    signs = folder / "signs.jsonl"
    taken = run(folder, "--signs", str(signs))["abstention"]
    assert {"auroc", "false_accepts_at_95", "answered_without_answer"} <= taken.keys()
    told = [json.loads(line) for line in signs.read_text().splitlines()]
    assert {row["is_answerable"] for row in told} == {True, False}
    assert not any(row["is_right"] for row in told if not row["is_answerable"])
    other = {"id": "q9", "lang": "es", "text": "quién ganó el partido de fútbol", "answerable": False}
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, [*judged, other])))
    assert run(folder)["abstention"]["answered_without_answer"] == 0.0


def test_without_judged_questions_nothing_is_told_of_abstention(folder: Path) -> None:
    assert "abstention" not in run(folder, "--mode", "lexical")


def test_words_alone_do_not_cross_languages(folder: Path) -> None:
    values = run(folder, "--mode", "lexical")
    assert values["mrr@10"] == 0.5
    assert run(folder, "--mode", "lexical", "--query-lang", "es", "--document-lang", "es")["ndcg@10"] == 1.0


def test_the_knowledge_base_is_left_alone(folder: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO knowledge_lexicaldocument VALUES (1, 'es', 3)")
        run(folder, "--mode", "lexical")
        cursor.execute("SELECT article_id FROM knowledge_lexicaldocument")
        assert cursor.fetchall() == [(1,)]


def test_an_unreadable_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"read|leer"):
        run(tmp_path)


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("documents.jsonl", '{"id": "d1", "text": "a"}\n[1, 2]', "documents.jsonl"),
        ("documents.jsonl", '{"id": "d1"}', "documents.jsonl"),
        ("queries.jsonl", "[" * 5000, "queries.jsonl"),
        ("qrels.tsv", "q1 d1 1", "qrels.tsv"),
        ("qrels.tsv", "otra\td1\t1\n", "qrels.tsv"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_by_its_name(folder: Path, file: str, content: str, told: str) -> None:
    """Identifiers that don't meet are told too: zeros would be taken for a measure."""
    (folder / file).write_text(content)
    with pytest.raises(CommandError, match=told):
        run(folder, "--mode", "lexical")
