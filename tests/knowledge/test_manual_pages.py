"""Pages of manuals as text: what belongs to the page, in whole words, under its headings."""

from knowledge.manuals.pages import is_listing, knowledge_pages, readable, without_running_lines
from knowledge.manuals.parts import headings_above, page_parts, place_of_label

SIZES = {5: 6, 6: 10, 8: 25, 10: 49, 12: 86, 14: 135, 16: 210, 18: 290, 20: 410, 22: 550, 24: 710, 27: 1050, 30: 1420}
TORQUES = "\n".join(f"Tornillo de cabeza hexagonal M{size} {torque}" for size, torque in SIZES.items())


def test_letters_come_whole() -> None:
    assert readable("Conﬁguraci´on del tama˜no de p´agina, ´Indice, Cap´ıtulo, ¨Uber") == (
        "Configuración del tamaño de página, Índice, Capítulo, Über"
    )
    assert readable("co\x02rrespondence, so\u00adft") == "correspondence, soft"
    assert readable("don´t use `a` or ~/x^2") == "don´t use `a` or ~/x^2"  # no letter has such an accent
    assert readable("10 m², ½ in") == "10 m², ½ in"


def test_running_heads_and_feet_belong_to_no_page() -> None:
    pages = [
        f"Prensa H-200 — Manual {n}\nCapítulo {n}\nCambiar el sello número {n * 7}.\nPágina {n} de 9"
        for n in range(1, 10)
    ]
    pages = [
        page.replace(f"Capítulo {n}\n", f"Sellos de la parte {'abcdefghi'[n - 1]}\n") for n, page in enumerate(pages, 1)
    ]
    cleaned = without_running_lines(pages)
    assert cleaned[2] == "Sellos de la parte c\nCambiar el sello número 21."
    assert not any("Prensa" in page or "Página" in page for page in cleaned)


def test_a_line_that_comes_back_far_away_stays() -> None:
    pages = [
        f"Texto propio {'abcdefghijklmnopqrst'[n]} de la página.\nOtra línea {'abcdefghijklmnopqrst'[n]}."
        for n in range(20)
    ]
    pages[1] = pages[9] = pages[18] = "Sintaxis\nLo que sigue."
    assert without_running_lines(pages)[9] == "Sintaxis\nLo que sigue."


def test_rows_of_a_table_that_goes_on_stay() -> None:
    rows = enumerate(SIZES.items())
    pages = [f"M{size} {torque}\nTexto {'abcdefghijklm'[n]}.\nE-{torque} aviso" for n, (size, torque) in rows]
    assert without_running_lines(pages) == pages


def test_contents_and_indexes_are_no_knowledge() -> None:
    leaders = "\n".join(f"{n}.1. Cambio de sellos . . . . . . . . . . . . {n * 3}" for n in range(1, 9))
    dotted = "Table of Contents\n" + "\n".join(f"2.{n}. Seals ................. {n}" for n in range(1, 9))
    plain = "CONTENTS\n" + "\n".join(f"Heading number {word} {n}" for n, word in enumerate("abcdefghijklmnop", start=3))
    index = "A\naceite . . . . 4\najuste. . . . . . 7\nbomba . . . . . . 9\nbanda . . . . . . . . 12\nbase . . . . 3"
    assert [is_listing(text, 90) for text in (leaders, dotted, plain, index)] == [True] * 4
    assert knowledge_pages([leaders, "Cambiar el sello del cilindro."]) == ["", "Cambiar el sello del cilindro."]


def test_tables_of_values_are_knowledge() -> None:
    fitted = "Pieza y cantidad\n" + "\n".join(f"Retén de eje, código FA-{n} 1" for n in range(2200, 2220))
    specs = "Presión máxima ........ 12\nPeso ........ 250\nCaudal de la bomba 40 l/min\nTensión de red trifásica 400 V"
    assert [is_listing(text, 90) for text in (TORQUES, fitted, specs)] == [False] * 3


def test_a_page_stands_under_its_headings() -> None:
    begun = [[(0, "Mantenimiento"), (1, "Sellos")], [], [(1, "Filtro"), (1, "Bomba")], [], [(0, "Anexos")]]
    assert headings_above(begun) == [
        "Mantenimiento",
        "Mantenimiento › Sellos",
        "Mantenimiento › Filtro",
        "Mantenimiento › Bomba",
        "Anexos",
    ]
    parts = page_parts(["Uno.", "Dos."], ["Mantenimiento", ""])
    assert [(part.anchor, part.label) for part in parts] == [("p-1", "p. 1 · Mantenimiento"), ("p-2", "p. 2")]
    assert place_of_label("Uso › Sellos (3)") == place_of_label("Uso › Sellos") == "Uso › Sellos"
