"""What a small model is shown before the report: one that its passages don't answer, one
answered from two passages. In this order: what came last is what a small model does.

The steps come in the order in which they are done, which isn't that of the passages: a model that only copies the first
passage does otherwise than it was shown. Made up; the words of no plant.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Example:
    """A report, its passages (number, title, text) and the answer that is wanted."""

    report: str
    passages: tuple[tuple[int, str, str], ...]
    answer: str


EXAMPLES = {
    "es": (
        Example(
            "El correo no deja adjuntar archivos.",
            ((1, "Etiquetas borrosas", "Limpiar el cabezal de la impresora con alcohol."),),
            "SIN_RESPUESTA",
        ),
        Example(
            "La banda transportadora patina cuando lleva carga.",
            (
                (1, "Banda que patina", "Tensar la banda hasta 20 mm de flecha.\nLimpiar el tambor motriz."),
                (2, "Antes de tocar una banda", "Bajar el interruptor Q3 y colocar el candado."),
            ),
            "Bajar el interruptor Q3 y colocar el candado [2].\n"
            "Tensar la banda hasta 20 mm de flecha [1].\n"
            "Limpiar el tambor motriz [1].",
        ),
    ),
    "en": (
        Example(
            "The mail doesn't let me attach files.",
            ((1, "Blurred labels", "Clean the print head with alcohol."),),
            "SIN_RESPUESTA",
        ),
        Example(
            "The conveyor belt slips under load.",
            (
                (1, "Belt that slips", "Tighten the belt to 20 mm of sag.\nClean the drive drum."),
                (2, "Before touching a belt", "Open switch Q3 and fit the padlock."),
            ),
            "Open switch Q3 and fit the padlock [2].\nTighten the belt to 20 mm of sag [1].\nClean the drive drum [1].",
        ),
    ),
}
