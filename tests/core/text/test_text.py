import pytest
from hypothesis import given
from hypothesis import strategies as st

from prsystem.core.text import markdown
from prsystem.core.text.cleaning import clean_line, clean_text, fold, has_forbidden_controls, shorten


def test_controls_and_bidi_go_line_ends_are_one_kind() -> None:
    assert clean_text("a\x07b\u202ec\r\nd\re\x1b[31m") == "abc\nd\ne[31m"


def test_a_line_is_one_line() -> None:
    assert clean_line("  Banda \n\t E-4012  ") == "Banda E-4012"


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing_and_leaves_no_control(value: str) -> None:
    once = clean_text(value)
    assert clean_text(once) == once
    assert not has_forbidden_controls(once)
    assert not any(ord(c) < 32 and c not in "\n\t" for c in once)


def test_shorten_cuts_at_a_word() -> None:
    assert shorten("La banda transportadora no gira", 20) == "La banda…"
    assert shorten("corto", 20) == "corto"


def test_fold() -> None:
    assert fold("Válvula Ñandú") == "valvula nandu"


@pytest.mark.parametrize("levels", [1, 11, 12, 20, 21, 38, 39, 40, 41, 200])
@pytest.mark.parametrize("shape", ["list", "quote", "both"])
def test_no_word_of_deep_markdown_is_lost(levels: int, shape: str) -> None:
    text = {
        "list": "\n".join("  " * level + f"- paso{level}" for level in range(levels)) + "\n\n" + "  " * levels + "fin",
        "quote": ">" * levels + " fin",
        "both": "> - " * levels + "fin",
    }[shape]
    shown = markdown.render(text)
    assert "fin" in shown and (shape != "list" or all(f"paso{level}" in shown for level in range(levels)))
    assert "fin" in markdown.render_marked(text, 0, len(text), "aqui")
