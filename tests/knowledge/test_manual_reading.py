"""Manuals as files: what their reader makes of good ones, and what hostile ones come to."""

from pathlib import Path

import pytest

from knowledge.manuals.parts import PART_CHARACTERS, heading_parts, joined_lines, page_parts
from knowledge.manuals.process import Reading, manual_read

from .documents import DOCX_NAMESPACE, deep_pdf, docx, encrypted_pdf, looping_pdf, package, pdf, swelling_pdf

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
        ("Uso › Sellos", "Pieza | Código\nPieza: Sello | Código: S-1"),
    ]


def lines_of(html: str) -> list[str]:
    return [line for part in heading_parts(html) for line in part.text.split("\n")]


def row(*cells: str, tag: str = "td") -> str:
    return f"<tr>{''.join(f'<{tag}><p>{cell}</p></{tag}>' for cell in cells)}</tr>"


def test_a_row_of_a_table_says_what_its_values_are() -> None:
    marked = row("Alarma", "Remedio", tag="th") + row("E-41", "Purgar<br>y rearmar") + row("E-42", "")
    assert lines_of(f"<table>{marked}</table>") == [
        "Alarma | Remedio",
        "Alarma: E-41 | Remedio: Purgar y rearmar",
        "Alarma: E-42",
    ]
    long = "Purgar la línea. " * 30
    told = lines_of(f"<table>{row('Alarma', 'Remedio', tag='th')}{row('E-44', long)}</table>")[1]
    assert told.startswith("Alarma: E-44 | Remedio: Purgar")
    bare = row("Alarma", "Causa", "Remedio") + row("E-41", "Aire", "Purgar") + row("E-43", "Bomba")
    assert lines_of(f"<table>{bare}</table>")[1:] == ["Alarma: E-41 | Causa: Aire | Remedio: Purgar", "E-43 | Bomba"]
    assert lines_of(f"<table>{row('Color', 'rojo')}{row('Peso', '4 kg')}</table>") == ["Color | rojo", "Peso | 4 kg"]


def test_a_table_of_word_is_read_by_rows(read) -> None:  # type: ignore[no-untyped-def]
    rows = (("Alarma", "Causa", "Remedio"), ("E-41", "Aire en la línea", "Purgar"))
    cells = [[f"<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>" for text in row] for row in rows]
    table = "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in cells)
    found = read(docx(("Alarmas", True), body=f"<w:tbl>{table}</w:tbl>"), "docx")
    assert found.parts[0].text.split("\n")[1:] == ["Alarma: E-41 | Causa: Aire en la línea | Remedio: Purgar"]


def test_a_table_that_lays_out_a_page_keeps_its_lines_and_headings() -> None:
    steps = "<ol><li>Parar</li><li>Purgar</li></ol>"
    assert lines_of(f"<table><tr><td>{steps}</td></tr></table>") == ["1. Parar", "2. Purgar"]
    menu, text = "<p>Inicio</p><p>Menú</p>", f"<p>{'Texto largo. ' * 40}</p><p>Fin.</p>"
    assert lines_of(f"<table><tr><td>{menu}</td><td>{text}</td></tr></table>")[:2] == ["Inicio", "Menú"]
    inner = f"<table>{row('a', 'b')}</table>"
    assert lines_of(f"<table><tr><td>Antes</td><td>{inner}</td></tr></table>") == ["Antes | a b"]
    framed = heading_parts(f"<table><tr><td>Menú</td><td><h2>Uso</h2><p>Abrir.</p>{steps}</td></tr></table><p>Fin.</p>")
    assert [(part.label, part.text) for part in framed] == [
        ("", "Menú"),
        ("Uso", "Abrir.\n1. Parar\n2. Purgar\nFin."),
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


CANARY = "abrir la tapa con la prensa en marcha"


def run(properties: str, text: str = CANARY) -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


@pytest.mark.parametrize(
    "body",
    [
        run("<w:vanish/>"),
        run("<w:webHidden/>"),
        run('<w:color w:val="FFFFFF"/>'),
        run('<w:color w:val="FEFEFE"/>'),
        run('<w:sz w:val="2"/>'),
        run('<w:shd w:val="clear" w:fill="1F3864"/><w:color w:val="1F3864"/>'),
        run('<w:rStyle w:val="Oculto"/>'),
        run('<w:rStyle w:val="MuyOculto"/>'),
    ],
)
def test_letters_that_nobody_sees_in_word_are_no_text(body: str, read) -> None:  # type: ignore[no-untyped-def]
    styles = (
        f'<?xml version="1.0"?><w:styles xmlns:w="{DOCX_NAMESPACE}"><w:style w:type="character" w:styleId="Oculto">'
        '<w:rPr><w:vanish/></w:rPr></w:style><w:style w:type="character" w:styleId="MuyOculto">'
        '<w:basedOn w:val="Oculto"/></w:style></w:styles>'
    )
    content = docx((SEALS, False), body=f"<w:p>{body}{run('', 'Después probar.')}</w:p>", styles=styles)
    found = read(content, "docx")
    assert found.fault == ""
    assert CANARY not in found.parts[0].text
    assert "purgar la presión" in found.parts[0].text
    assert "Después probar." in found.parts[0].text


@pytest.mark.parametrize(
    "body",
    [
        run('<w:vanish w:val="0"/><w:color w:val="404040"/><w:sz w:val="16"/>'),
        run('<w:shd w:val="clear" w:fill="1F3864"/><w:color w:val="FFFFFF"/>'),
        run('<w:highlight w:val="black"/><w:color w:val="FFFFFF"/>'),
    ],
)
def test_letters_that_are_seen_in_word_stay(body: str, read) -> None:  # type: ignore[no-untyped-def]
    assert CANARY in read(docx((SEALS, False), body=f"<w:p>{body}</w:p>"), "docx").parts[0].text


def test_white_on_a_dark_cell_of_word_is_seen(read) -> None:  # type: ignore[no-untyped-def]
    white = f"<w:p>{run('<w:color w:val=' + chr(34) + 'FFFFFF' + chr(34) + '/>')}</w:p>"
    cell = '<w:tc><w:tcPr><w:shd w:val="clear" w:fill="1F3864"/></w:tcPr>'
    assert CANARY in read(docx(body=f"<w:tbl><w:tr>{cell}{white}</w:tc></w:tr></w:tbl>"), "docx").parts[0].text
    plain = read(docx((SEALS, False), body=f"<w:tbl><w:tr><w:tc>{white}</w:tc></w:tr></w:tbl>"), "docx")
    assert CANARY not in plain.parts[0].text


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (f"<h1>Sellos</h1><p>{SEALS}</p><p style='display:none'>{CANARY}</p>", "html"),
        (f"# Sellos\n\n{SEALS}\n\n<p hidden>{CANARY}</p>\n\n<!-- {CANARY} -->\n", "md"),
    ],
)
def test_hidden_elements_of_manuals_are_no_text(content: str, kind: str, read) -> None:  # type: ignore[no-untyped-def]
    text = "\n".join(part.text for part in read(content, kind).parts)
    assert CANARY not in text
    assert "purgar la presión" in text
