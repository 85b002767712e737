"""The pure parts of pages: Markdown, citations, differences, excerpts, keyset cursors."""

import re

import pytest

from knowledge.citing import Span, locate, span_from
from knowledge.differences import compare
from prsystem.core.errors import InvalidInput
from prsystem.core.templatetags.ui import excerpt
from prsystem.core.text.markdown import render, render_marked
from prsystem.core.web.paging import _decoded, _encoded


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        '<a href="https://a.example" onclick="x()">x</a>',
        "![x](https://a.example/pixel.png)",
    ],
)
def test_markdown_never_runs_or_loads_anything(text: str) -> None:
    html = str(render(text))
    for active in ("<script", "<img", 'href="javascript', 'href="data', '<a href="https://a.example" onclick'):
        assert active not in html


@pytest.mark.parametrize(
    "text",
    [
        *("<x@host>", "<mailto:x@host>", "<https://malo.example/a>", "malo.example", "www.malo.example/a"),
        *("[x](malo.example)", "[x](//malo.example)", "[x](https:malo.example)", "[a]: malo.example\n\n[a]"),
    ],
)
def test_addresses_that_nobody_made_a_link_can_not_be_clicked(text: str) -> None:
    assert "href" not in str(render(text))


def test_links_that_somebody_made_can_be_followed() -> None:
    for address in ("https://planta.example/a", "/conocimiento/a/", "mailto:ti@planta.example"):
        assert f'<a href="{address}"' in str(render(f"[ver]({address})"))


TEXT = "Revisar la banda.\n\n- Tensar\n- Limpiar\n  - el sensor\n  - el espejo\n- Probar\n\nAvisar al turno."


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        ("la banda", ["Revisar la banda."]),
        ("Tensar", ["Tensar"]),
        ("el espejo", ["el espejo"]),
        ("Tensar\n- Limpiar\n  - el sensor", ["Tensar", "el sensor"]),
        ("Probar\n\nAvisar", ["Probar", "Avisar al turno."]),
    ],
)
def test_the_smallest_parts_that_hold_the_passage_are_marked(words: str, marked: list[str]) -> None:
    start = TEXT.index(words)
    html = str(render_marked(TEXT, start, start + len(words), "aqui"))
    assert re.findall(r'class="passage"[^>]*>([^<]*)', html) == marked
    assert html.count('id="aqui"') == 1
    assert re.sub(r' (class="passage"|id="aqui")', "", html) == str(render(TEXT))


def test_a_passage_outside_the_text_marks_nothing() -> None:
    assert str(render_marked(TEXT, 900, 999, "aqui")) == str(render(TEXT))


def test_a_passage_is_found_whatever_its_white_space() -> None:
    texts = {"solution": "Parar la prensa.\nCambiar   el sensor\nSKF-6205.", "cause": "Sensor sucio."}
    span = locate(texts, "Cambiar el sensor SKF-6205.")
    assert span is not None
    assert texts["solution"][span.start : span.end] == "Cambiar   el sensor\nSKF-6205."
    assert locate(texts, "Sensor sucio.") == Span("cause", 0, 13)
    assert locate(texts, "Otra cosa") is None
    assert locate(texts, " … ") is None


def test_a_long_passage_with_a_gap_is_found_by_its_ends() -> None:
    text = (
        "Abrir la guarda y bloquear la energía del equipo. "
        + "Paso intermedio. " * 20
        + "Cerrar y probar cinco ciclos completos."
    )
    span = locate(
        {"solution": text},
        "Abrir la guarda y bloquear la energía del equipo. … Cerrar y probar cinco ciclos completos.",
    )
    assert span == Span("solution", 0, len(text))


@pytest.mark.parametrize(
    "address", ["", "solution", "solution-1", "title-1-2", "solution-1-2-3", "solution-1-99999999"]
)
def test_other_addresses_mark_nothing(address: str) -> None:
    assert span_from(address) is None


def test_a_span_survives_its_address() -> None:
    assert span_from(str(Span("cause", 4, 90))) == Span("cause", 4, 90)


def test_differences_mark_words_and_leave_long_runs_out() -> None:
    old = "\n".join([f"paso {n}" for n in range(20)])
    new = old.replace("paso 10", "paso 10 a <b>6</b> bar")
    lines = compare(old, new)
    assert [line.kind for line in lines] == ["skip", *["same"] * 3, "del", "add", *["same"] * 3, "skip"]
    assert [line.skipped for line in lines if line.kind == "skip"] == [7, 6]
    assert "<ins> a &lt;b&gt;6&lt;/b&gt; bar</ins>" in "".join(line.html for line in lines)
    assert compare(old, old) == [line for line in compare(old, old) if line.kind in ("same", "skip")]


def test_differences_with_an_empty_side() -> None:
    assert [(line.kind, line.html) for line in compare("", "a\nb")] == [("add", "a"), ("add", "b")]
    assert [(line.kind, line.html) for line in compare("a", "")] == [("del", "a")]


def test_an_excerpt_is_one_line_without_marks() -> None:
    assert excerpt("- **Cambiar** el sensor\n- Probar `E-4012`") == "Cambiar el sensor · Probar E-4012"
    assert excerpt("Abrir GPO_PLANOS_LECTURA") == "Abrir GPO_PLANOS_LECTURA"
    assert len(excerpt("palabra " * 100, 60)) <= 60


@pytest.mark.parametrize("cursor", ["zzz", "W10", "WyJzIl0", "WyJ4IiwxXQ", "WyJzIixbMV1d", "bnVsbA", "ñ"])
def test_a_cursor_that_was_not_made_here_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput):
        _decoded(cursor, 1)


def test_a_cursor_keeps_numbers_texts_and_nothing() -> None:
    row = {"priority": "P2", "resolution_due_at": None, "id": 7}
    cursor = _encoded("s", ("priority", "-resolution_due_at", "id"), row)
    assert _decoded(cursor, 3) == ("s", ["P2", None, 7])
