"""Manuals as files: what their reader makes of good ones, and what hostile ones come to."""

from pathlib import Path

import pytest

from knowledge.manuals.parts import PART_CHARACTERS, heading_parts, joined_lines, page_parts
from knowledge.manuals.process import Reading, manual_read

from .documents import deep_pdf, docx, encrypted_pdf, looping_pdf, package, pdf, swelling_pdf

SEALS = "Cambiar el sello del cilindro: cerrar la válvula V3\ny purgar la presión antes de abrir la tapa (2 bar)."
FILTER = "El filtro de aceite se cambia cada 500 horas de trabajo; el código del repuesto es FA-2207."


@pytest.fixture
def read(tmp_path: Path):  # type: ignore[no-untyped-def]
    def _read(content: bytes | str, kind: str, **options: float) -> Reading:
        path = tmp_path / "manual.bin"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return manual_read(str(path), kind, **options)

    return _read


def test_a_pdf_gives_its_pages(read) -> None:  # type: ignore[no-untyped-def]
    found = read(pdf(SEALS, "", "7", FILTER), "pdf")
    assert (found.fault, found.pages) == ("", 4)
    assert [(part.anchor, part.label, part.page) for part in found.parts] == [("p-1", "p. 1", 1), ("p-4", "p. 4", 4)]
    assert "cerrar la válvula V3 y purgar la presión" in found.parts[0].text
    assert "FA-2207" in found.parts[1].text


def test_a_docx_gives_its_headings(read) -> None:  # type: ignore[no-untyped-def]
    found = read(
        docx(("Prensa H-200", True), ("Uso diario.", False), ("Cambio de sellos", True), (SEALS, False)), "docx"
    )
    assert [(part.anchor, part.label) for part in found.parts] == [
        ("prensa-h-200", "Prensa H-200"),
        ("cambio-de-sellos", "Cambio de sellos"),
    ]


def test_markdown_and_html_give_the_same_parts(read) -> None:  # type: ignore[no-untyped-def]
    table = "| Pieza | Código |\n|---|---|\n| Sello | S-1 |\n"
    markdown = f"Antes de todo.\n\n# Uso\n\n1. Abrir\n2. Cerrar\n\n## Sellos\n\n{table}"
    html = (
        "<p>Antes de todo.</p><h1 onclick=x()>Uso</h1><ol><li>Abrir<li>Cerrar</ol><h2>Sellos</h2><table><tr><th>Pieza"
        "<th>Código<tr><td>Sello<td>S-1</table><script>robar()</script><style>p{}</style>"
    )
    html = f"<!doctype html><html><head><title>Manual</title></head><body>{html}</body></html>"
    found = read(markdown, "md")
    assert read(html, "html").parts == found.parts
    assert [(part.label, part.text) for part in found.parts] == [
        ("", "Antes de todo."),
        ("Uso", "1. Abrir\n2. Cerrar"),
        ("Uso › Sellos", "Pieza | Código\nSello | S-1"),
    ]


def test_headings_of_one_name_and_long_sections_have_anchors_of_their_own() -> None:
    long = "Una frase del manual. " * 120
    parts = heading_parts(f"<h2>Ajuste</h2><p>{long}</p><h2>Ajuste</h2><p>Otro.</p>")
    assert [part.anchor for part in parts] == ["ajuste", "ajuste-2", "ajuste-3"]
    assert all(len(part.text) <= PART_CHARACTERS for part in parts)
    assert [part.anchor for part in page_parts([long])] == ["p-1", "p-1-2"]


def test_broken_lines_are_put_together() -> None:
    text = "Cerrar la vál-\nvula y esperar\nhasta que baje.\nAbrir la tapa\n- guantes\n- llave 13"
    expected = "Cerrar la válvula y esperar hasta que baje.\nAbrir la tapa\n- guantes\n- llave 13"
    assert joined_lines(text) == expected


BILLION = "<!DOCTYPE x [<!ENTITY a0 'ja'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
OUTSIDE = "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
HOSTILE = {
    "encrypted": (encrypted_pdf(SEALS), "pdf", {"encrypted"}),
    "scanned": (pdf("", "", "3"), "pdf", {"no_text"}),
    "cut in the middle": (pdf(SEALS)[:200], "pdf", {"unreadable", "no_text"}),
    "only a head": (b"%PDF-1.7\n", "pdf", {"unreadable", "no_text"}),
    "noise": (b"%PDF-1.7\n" + bytes(range(256)) * 400, "pdf", {"unreadable", "no_text"}),
    "pages in a circle": (looping_pdf(), "pdf", {"unreadable", "too_heavy", "no_text"}),
    "pages too deep": (deep_pdf(), "pdf", {"unreadable", "too_heavy", "no_text"}),
    "more pages than are read": (pdf(*[""] * 1501), "pdf", {"too_long"}),
    "billion laughs": (docx(("&a11;", False), prolog=BILLION + "]>"), "docx", {"unreadable", "too_heavy"}),
    "no document": (package({"word/other.xml": "<x/>"}), "docx", {"unreadable"}),
    "no archive": (b"PK\x03\x04 and nothing", "docx", {"unreadable"}),
    "broken XML": (docx(body="<w:p><w:r>"), "docx", {"unreadable"}),
    "an empty page": ("<html><script>robar()</script></html>", "html", {"no_text"}),
    "deep HTML": ("<div>" * 5_000, "html", {"no_text", "too_heavy"}),
    "too many headings": ("<h1>x</h1><p>y</p>" * 5_100, "html", {"too_long"}),
    "no words": ("\n\n---\n", "md", {"no_text"}),
}


@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_file_ends_with_a_reason(label: str, read) -> None:  # type: ignore[no-untyped-def]
    content, kind, faults = HOSTILE[label]
    found = read(content, kind)
    assert found.fault in faults
    assert found.parts == []


def test_html_nested_too_deep_is_not_even_cleaned(read) -> None:  # type: ignore[no-untyped-def]
    assert read("<ul><li>" * 300_000 + SEALS, "html").fault == "too_heavy"
    assert read(f"<table><tr><td>{'<p>' * 5_000}{SEALS}</table>" * 50, "html").fault == ""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_what_swells_is_stopped(kind: str, read) -> None:  # type: ignore[no-untyped-def]
    content = swelling_pdf(400) if kind == "pdf" else docx(body="<w:p/>" * 6_000_000)
    assert read(content, kind).fault in {"unreadable", "too_heavy", "no_text"}


def test_nothing_outside_the_file_is_read(read) -> None:  # type: ignore[no-untyped-def]
    found = read(docx(("Antes &e; después de todo", False), prolog=OUTSIDE), "docx")
    assert "root:" not in "".join(part.text for part in found.parts)


def test_the_reader_is_stopped_in_time(read) -> None:  # type: ignore[no-untyped-def]
    assert read(pdf(SEALS), "pdf", seconds=0.01).fault == "too_heavy"
