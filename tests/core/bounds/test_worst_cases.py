"""The worst that people and files can bring, each with its bound: ended, refused or small, and nothing is cut unsaid.

The work runs in a child with little processor time: a bound that fails shows as a killed process.
"""

import io
import re
import struct
import sys
import tracemalloc
import zipfile
from types import ModuleType
from typing import Any

import pytest

from incidents.gaps.clusters import clusters
from incidents.gaps.services import MAX_CASES
from incidents.suggestions.record import text_diff
from integrations.mail.parsing import HEAD_BYTES, Unreadable, head_of, parse_confined
from integrations.ollama import client as ollama
from integrations.ollama.errors import NodeError
from knowledge.differences import compare
from knowledge.manuals import process
from knowledge.retrieval.lexical import search_statement
from prsystem.core.bounds import stores
from prsystem.core.bounds.confined import Limits, TooHeavy, run_confined
from prsystem.core.bounds.differences import Steps
from prsystem.core.bounds.stores import StoreNonsense
from prsystem.core.errors import InvalidInput
from prsystem.core.files import checks as filechecks
from prsystem.core.text import markdown
from prsystem.core.text.markup import bounded
from prsystem.runtime.config import sheets
from prsystem.runtime.config.files import from_yaml, to_yaml
from tests.standins.hostile import answering, hostile, http_answer

from .clients import storage
from .limited import limited, peak_bytes
from .worst import BOMB, LONGEST, MB, SHEETS, letters

DRAFTS = {
    "no word in common place": (letters(LONGEST, 1), letters(LONGEST, 2)),
    "no line in common place": (letters(LONGEST, 1).replace(" ", "\n"), letters(LONGEST, 2).replace(" ", "\n")),
    "one sign": ("." * LONGEST, "." * (LONGEST // 2) + "," * (LONGEST // 2)),
    "blank lines": ("\n" * LONGEST, "\nx" * (LONGEST // 2)),
    "all words other": ("a " * (LONGEST // 2), "a b " * (LONGEST // 4)),
}


def plain_lines(lines: list[Any], kind: str) -> str:
    return "\n".join(re.sub(r"</?(?:del|ins)>", "", line.html) for line in lines if line.kind in (kind, "same"))


@pytest.mark.parametrize("name", DRAFTS)
def test_differences(name: str) -> None:
    old, new = DRAFTS[name]
    steps = Steps()
    lines = limited(lambda: compare(old, new, steps))
    skipped = any(line.kind == "skip" for line in lines)
    assert skipped or (plain_lines(lines, "del"), plain_lines(lines, "add")) == (old, new)
    told = limited(lambda: text_diff(old, new))
    assert {line[1:] for line in told if line[0] == "+"} and len(told) <= len(old.splitlines() + new.splitlines())
    for sign, text in (("-", old), ("+", new)):
        assert {line[1:] for line in told if line[0] == sign} <= set(text.splitlines())


def test_texts_that_use_the_steps_up_follow_each_other_whole() -> None:
    old, new = "al principio\n" + letters(LONGEST, 1), "al final\n" + letters(LONGEST, 2)
    steps = Steps()
    lines = limited(lambda: compare(old, new, steps))
    assert [(line.kind, line.html) for line in lines] == [
        *(("del", line) for line in old.split("\n")),
        *(("add", line) for line in new.split("\n")),
    ]
    assert text_diff(old, new) == [f"-{line}" for line in old.split("\n")] + [f"+{line}" for line in new.split("\n")]


def test_what_is_alike_is_still_compared_word_by_word() -> None:
    """An ordinary revision of the longest text doesn't use the steps up."""
    words = [f"palabra{number}" for number in range(LONGEST // 12)]
    old = "\n".join(" ".join(words[place : place + 12]) for place in range(0, len(words), 12))
    new = old.replace("palabra500 ", "").replace("palabra900", "otra cosa")
    steps = Steps()
    lines = compare(old, new, steps)
    assert steps.left > 0
    assert any("<del>palabra900</del>" in line.html for line in lines)


def times(text: str) -> str:
    return (text * LONGEST)[:LONGEST]


MARKDOWN = {
    **{name: times(name) for name in (">", "> ", "- ", "1. ", "[", "[a](", "*", "*a_ ", "**a*", "`a ", "<", "&", "\\")},
    **{
        name: times(name)
        for name in ("<http:", "~~a ", "[a]: b\n", "> - ", "- a\n\n", "---\n", "|", "![a](", "_a", "\n")
    },
    "brackets closed": "[" * (LONGEST // 2) + "]" * (LONGEST // 2),
    "links within links": "[a" * (LONGEST // 3) + "](b)" * (LONGEST // 12),
    "lists within lists": "\n".join(" " * (2 * n) + "- a" for n in range(140)),
    "runs of backticks": "".join("`" * n + " " for n in range(199)),
    "wide table": "|a" * 2500 + "|\n" + "|-" * 2500 + "|\n" + "|\n" * 5000,
    "tall table": "a|b\n-|-\n" + "|\n" * 9990,
    "lazy quotes": ">" * 50 + "a\n" + "b\n" * 9970,
    "title without end": "[a]: b '" + "x\n" * 9990,
}


@pytest.mark.parametrize("name", MARKDOWN)
def test_markdown(name: str) -> None:
    text = MARKDOWN[name]
    assert len(limited(lambda: str(markdown.render(text)))) < 3 * MB
    limited(lambda: str(markdown.render_marked(text, 0, 100, "x")))


def test_markdown_of_any_length_is_shown_as_it_was_typed() -> None:
    text = "- [a](" * 100_000
    assert limited(lambda: str(markdown.render(text))) == f"<pre>{text}</pre>"
    assert limited(lambda: str(markdown.render_marked(text, 0, 9, "x"))) == f"<pre>{text}</pre>"


def test_html_nested_without_end() -> None:
    assert limited(lambda: bounded("<div>" * 200_000 + "hola")).strip() == "hola"


SEEDS = (
    *("a", "1", "-", "a-", "a/", "1/", "a1-", "a.", "1.", "[1]", "[1,", "[", "(", "<", "</", "<script ", "<!--", "!"),
    *("![a](", "`", "a ", "1 ", "\n", " ", "\t", " a\n", "_", "@", "a@", "a@a", "<br ", "> ", "El a", "http://", "# "),
    *("1) ", "A 1 ", "AB 12", "à", "é", "{", "{a", "*", "a*", "\u00a0", "¿", "[a]: b\n", " [1,1", "’a", "::", " > "),
    *("= ", "\\ ,", "ignora ", "tus instrucciones ", "a_b ", "no es ", "a b c d ", "<a>", "-----", '"', "1,1,", "+.a"),
)


def product_patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Every compiled expression that a module of the product holds, alone or in a tuple."""
    found = {}
    for name, module in list(sys.modules.items()):
        if isinstance(module, ModuleType) and name.partition(".")[0] in (
            *("prsystem", "knowledge", "incidents", "integrations", "audit"),
        ):
            for attribute, value in vars(module).items():
                for number, item in enumerate(value if isinstance(value, tuple | list) else [value]):
                    if isinstance(item, re.Pattern) and isinstance(item.pattern, str):
                        found[item.pattern, item.flags] = (f"{name}.{attribute}[{number}]", item)
    return sorted(found.values(), key=lambda pair: pair[0])


# Only ever laid on a whole token.
WHOLE = {
    "knowledge.retrieval.text._QUANTITY[0]",
    "knowledge.assistant.words._WITH_UNIT[0]",
    *(
        f"knowledge.assistant.grounding.quantities.{name}[0]"
        for name in ("_NUMBER", "_WITH_UNIT", "_FRACTION", "_RANGE")
    ),
    "knowledge.assistant.grounding.reading._CODE[0]",
}


def matched(name: str, pattern: re.Pattern[str]) -> int:
    if name in WHOLE:
        return sum(1 for seed in SEEDS if pattern.fullmatch(times(seed)))
    return sum(1 for seed in SEEDS for tail in ("", "\x00!") for _ in pattern.finditer(times(seed) + tail))


@pytest.mark.slow
def test_no_expression_goes_wild() -> None:
    """Each over the longest text of every kind of repetition, all of them in the time of a hang guard."""
    patterns = product_patterns()
    assert len(patterns) > 80
    wild = []
    for name, pattern in patterns:
        try:
            limited(lambda name=name, pattern=pattern: matched(name, pattern))  # type: ignore[misc]
        except AssertionError:
            wild.append((name, pattern.pattern))
    assert wild == []


def test_a_long_question_becomes_a_short_query() -> None:
    for seed in SEEDS:
        _sql, params = limited(lambda seed=seed: search_statement(times(seed)[:2000], lang="es", limit=5))  # type: ignore[misc]
        assert len(params["words"]) < 6000


def test_groups_of_cases_all_alike_and_all_other() -> None:
    texts = [f"caso {number} palabra{number % 7} " + "x" * 50 for number in range(MAX_CASES // 4)]
    found = limited(lambda: [len(cluster.members) for cluster in clusters(texts, smallest=3)])
    assert found and sum(found) <= len(texts)
    assert limited(lambda: clusters(["caso"] * len(texts), smallest=3))[0].members == tuple(range(len(texts)))


class Columns:
    """As much of a section as a sheet needs."""

    code = "areas"

    def columns(self) -> list[str]:
        return ["code", "name"]

    def from_row(self, row: dict[str, str]) -> dict[str, str]:
        if not row["code"]:
            raise InvalidInput.field("code", "x")
        return row


@pytest.mark.parametrize("name", SHEETS)
def test_sheets(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "XLSX_LIMITS", Limits(256 * MB, 10, 120.0))
    content = SHEETS[name]()
    assert len(content) < sheets.MOST_BYTES
    refusals: list[InvalidInput] = []

    def work() -> None:
        with pytest.raises(InvalidInput) as caught:
            sheets.items_from(Columns(), "a.xlsx", content)  # type: ignore[arg-type]
        refusals.append(caught.value)

    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "archivo" in refusals[0].errors and peak < 64 * MB


CSV = {
    "rows": b"code\n" + b"1\n" * 2_000_000,
    "columns": b"code" + b",a" * 2_000_000 + b"\n1\n",
    "bad rows": b"code\n" + b"1,2\n" * 1_000_000,
}


@pytest.mark.parametrize("name", CSV)
def test_sheets_as_text(name: str) -> None:
    work = lambda: sheets.items_from(Columns(), "a.csv", CSV[name])  # type: ignore[arg-type]  # noqa: E731
    assert isinstance(limited(work), InvalidInput)
    assert peak_bytes(work) < 400 * MB


def test_errors_of_a_sheet_are_told_up_to_a_hundred() -> None:
    found = limited(lambda: sheets.items_from(Columns(), "a.csv", b"code,name\n" + b",x\n" * 3000))  # type: ignore[arg-type]
    assert isinstance(found, InvalidInput) and len(found.errors) == sheets.MOST_ERRORS


def test_a_sheet_of_too_many_bytes() -> None:
    with pytest.raises(InvalidInput):
        sheets.items_from(Columns(), "a.csv", bytes(sheets.MOST_BYTES + 1))  # type: ignore[arg-type]


LAUGHS = "version: 1\na0: &a0 [ja]\n" + "".join(f"a{n}: &a{n} [{f'*a{n - 1}, ' * 9}]\n" for n in range(1, 10))


@pytest.mark.parametrize("text", [LAUGHS, "[" * 100_000, "a: " * 10_000, "x" * 3 * MB, "a: 1\n" * 100], ids=len)
def test_yaml(text: str) -> None:
    assert isinstance(limited(lambda: from_yaml(text)), InvalidInput)


@pytest.mark.django_db
def test_what_is_written_as_yaml_is_read_again() -> None:
    same = ["PROD"]
    content = {"areas": [{"code": "A", "x": same}, {"code": "B", "x": same}]}
    assert from_yaml(to_yaml(content)) == content


def test_an_archive_of_names_is_refused_before_they_are_read() -> None:
    entry = b"PK\x01\x02" + bytes(24) + struct.pack("<HHH", 1, 0, 0) + bytes(12) + b"a"
    count = 400_000
    tail = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 7, 7, len(entry) * count, 0, 0)
    content = entry * count + tail
    check = lambda: filechecks.fault_of(io.BytesIO(content), "application/zip", "zip")  # noqa: E731
    assert limited(check) == filechecks.SWELLS
    assert peak_bytes(check) < 32 * MB + len(content)


def docx(document: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("[Content_Types].xml", "<Types/>")
        target.writestr("word/document.xml", document)
    return content.getvalue()


def test_a_manual_that_swells_is_too_heavy(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "MEMORY_BYTES", 200 * MB)
    path = tmp_path / "m"
    path.write_bytes(docx(b"<a>" + b" " * 150 * MB))
    assert process.manual_read(str(path), "docx").fault in ("too_heavy", "unreadable")
    path.write_bytes(docx(BOMB.encode()))
    assert process.manual_read(str(path), "docx").fault in ("too_heavy", "unreadable")


def test_work_without_an_end_is_ended() -> None:
    with pytest.raises(TooHeavy):
        run_confined("re:match", "(a+)+$", "a" * 60 + "!", limits=Limits(400 * MB, 1, 120))


def test_waiting_without_an_end_is_ended() -> None:
    with pytest.raises(TooHeavy):
        run_confined("signal:sigwait", "", limits=Limits(400 * MB, 30, 0.01))


def test_an_answer_without_an_end_is_ended() -> None:
    with pytest.raises(TooHeavy):
        run_confined("tests.core.bounds.worst:long_text", limits=Limits(2000 * MB, 30, 120))


ADDRESSES = b"a@b.mx, " * 12_000
HEADS = {
    "To": b"To: " + ADDRESSES,
    "To of one word": b"To: " + b"a" * 100_000,
    "To of quotes": b"To: " + b'"' * 100_000,
    "To of comments": b"To: " + b"(" * 100_000,
    "many To": b"To: a@b.mx\n" * 10_000,
    "From": b"From: " + b"<" * 100_000,
    "From of names": b"From: " + b"a " * 50_000 + b"<a@b.mx>",
    "References": b"References: " + b"<a@b> " * 20_000,
    "Subject": b"Subject: " + b"=?utf-8?q?a?= " * 8_000,
    "Subject of marks": b"Subject: " + b"=?" * 50_000,
    "Message-ID": b"Message-ID: " + b"<" * 100_000,
    "Return-Path": b"Return-Path: " + b"<" * 100_000,
    "Content-Type": b"Content-Type: text/plain" + b"; a*0*=b" * 12_000,
    "folded": b"X: a" + b"\n a" * 50_000,
}


@pytest.mark.parametrize("name", HEADS)
def test_heads_of_mails(name: str) -> None:
    raw = HEADS[name] + b"\nX-End: x\n\nHola"
    found = limited(lambda: head_of(raw))
    assert len(found.recipients) <= 50 and len(found.sender) <= 254


def test_heads_of_mails_without_an_end() -> None:
    assert isinstance(limited(lambda: head_of(b"X-Y: z\n" * HEAD_BYTES)), Unreadable)


NESTED = b"".join(b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (n, n + 1) for n in range(90))
BODIES = {
    "parameters": b"Content-Type: text/plain" + b"; a*0*=b" * 12_000 + b"\n\nHola",
    "boundaries in boundaries": b"Content-Type: multipart/mixed; boundary=b0\n\n" + NESTED + b"a\n" * 200_000,
    "parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 50_000,
    "endless nesting": b"Content-Type: multipart/mixed; boundary=x\n\n"
    + b"--x\nContent-Type: multipart/mixed; boundary=x\n\n" * 5000,
    "mails in mails": b"Content-Type: message/rfc822\n\n" * 5000,
    "file name": b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Disposition: attachment"
    + b"; filename*0*=x" * 9000
    + b"\n\nx\n--b--",
    "html": b"Content-Type: text/html\n\n" + b"<div>" * 500_000,
    "encoded": b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" + b"YQ==\n" * 500_000,
}


@pytest.mark.parametrize("name", BODIES)
def test_bodies_of_mails(name: str) -> None:
    raw = b"From: ana@planta.mx\n" + BODIES[name]
    try:
        found = parse_confined(raw, head_of(raw))
    except (Unreadable, TooHeavy):
        return
    assert len(found.files) <= 10


def test_a_node_of_too_many_models() -> None:
    body = b'{"models": [' + b'{"name": "m"}, ' * ollama.MOST_MODELS + b'{"name": "m"}]}'
    with hostile(answering(http_answer(body))) as server, pytest.raises(NodeError):
        ollama.OllamaNode(f"http://127.0.0.1:{server.port}").tags()


def test_a_file_of_a_store_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores.BoundedS3Storage, "most_bytes", 1000)
    with hostile(answering(http_answer(bytes(2000)))) as server:
        with storage(server.port, monkeypatch).open("a.bin") as file, pytest.raises(StoreNonsense):
            file.read()
        assert server.requests == 1
