"""Parts of a manual that have no sentences speak what the manual speaks."""

from knowledge.manuals.languages import languages_of
from knowledge.manuals.parts import Part
from knowledge.retrieval.language import detect_language

PROSE = "The pump must be primed before it is started. Open the valve and wait until no air comes out of the hose."
SPANISH = "La bomba se ceba antes de arrancar. Abrir la válvula y esperar a que no salga aire por la manguera."
OPTIONS = "pos1-posopt1 =on # (0:off,1:on)\npos1-posopt2 =on # (0:off,1:on)\npos1-posopt3 =on # (0:off,1:on)"
LISTING = "canvas.setStrokeColor(green)\ncanvas.line(x2*u,y2*u, x3*u,y3*u)\n(lastx,lasty) = (x3,y3)"


def _parts(*texts: str) -> list[Part]:
    return [Part(f"p-{n}", f"p. {n}", n, text) for n, text in enumerate(texts, start=1)]


def test_options_and_listings_of_an_english_manual_are_english() -> None:
    assert {detect_language(OPTIONS), detect_language(LISTING)} != {"en"}, "the letters alone mislead"
    assert languages_of(_parts(PROSE, OPTIONS, PROSE, LISTING)) == ["en"] * 4


def test_the_same_ones_of_a_spanish_manual_are_spanish() -> None:
    assert languages_of(_parts(SPANISH, OPTIONS, SPANISH, LISTING)) == ["es"] * 4


def test_a_page_in_another_language_keeps_it() -> None:
    assert languages_of(_parts(SPANISH, PROSE, SPANISH)) == ["es", "en", "es"]


def test_a_manual_without_any_sentence_speaks_no_language_for_sure() -> None:
    assert languages_of(_parts("0 1 2 3", "4711 0815")) == ["", ""]
    assert languages_of([]) == []
