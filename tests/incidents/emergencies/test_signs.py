"""Words that tell danger to people, and sentences with the same words that tell none."""

import pytest

from incidents.emergencies.signs import Kind, danger_in

DANGER = {
    Kind.FIRE: (
        "se esta quemando el tablero de la prensa 4",
        "huele a quemado por la subestación",
        "SALE HUMO DEL MOTOR",
        "tronó el transformador y echó chispas",
        "el cargador de litio está muy caliente y huele a quemado",
        "flamazo en el quemador de la caldera",
        "burning smell from the panel",
        "el tablero de la soldadora echa humo y chispas",
        "No prende la luz.\nHay lumbre atrás de la tolva",
        "La máquina no enciende y sale humo",
        "no arranca y huele a quemado",
        "El sistema hidráulico estalló junto al operador",
        "Incendio en curso en la nave 2",
    ),
    Kind.GAS: (
        "huele a gas en el comedor",
        "fuga de amoniaco en el cuarto frio",
        "nos arden los ojos y hay un olor fuerte",
        "evacuamos por vapores de solvente",
    ),
    Kind.SPILL: ("se derramó ácido en el área de baterias", "hay un charco de sosa en el piso"),
    Kind.SHOCK: (
        "la carcasa del taladro da toques",
        "me dio un toque la soldadora",
        "cable pelado en el pasillo",
        "got a shock from the welder",
    ),
    Kind.INJURY: (
        "se cortó los dedos Juan en la guillotina",
        "el compañero se desmayó junto al horno",
        "le cayó una caja encima a Pedro",
        "se machuco la mano con la prensa",
        "alguien se cayó de la escalera",
        "Operator hurt his hand with the drill",
    ),
    Kind.TRAPPED: ("quedó un operador atrapado en el elevador", "le agarró la manga el torno", "worker trapped inside"),
    Kind.COLLAPSE: (
        "el rack 5 está a punto de caerse",
        "el polipasto se baja solo con la carga",
        "el techo se esta cuarteando",
    ),
}
NONE = (
    "simulacro de incendio el viernes, avisar a todos",
    "no hubo lesionados pero se paró la línea",
    "extintor vencido en el pasillo 3",
    "el detector de humo pita cada 5 minutos",
    "se cortó la luz en oficinas",
    "motor quemado, requiere cambio",
    "el firewall bloquea el ERP",
    "se cayó el sistema SAP",
    "pallet atrapado en la estación 2",
    "papel atorado en la impresora",
    "paro de emergencia no rearma",
    "la pantalla se quema (imagen fantasma)",
    "capacitación de primeros auxilios, sala sin proyector",
    "se prendió la alarma de baja presión",
    "sin riesgo de incendio, solo cambio de foco",
    "ya no sale humo",
    "no hay humo y fuego tampoco",
    "explotó la hoja de cálculo con tantas macros",
    "el programa explota y andamos apagando fuegos",
    "fire drill on Friday",
    "el robot de soldadura echa mucha chispa y salpica",
    "la extrusora suelta el humo de siempre y la campana lo jala",
    "la tela azul: sangrado de color al lavar",
    "derrame de café en el teclado",
    "para el simulacro dos hacen de lesionados",
    "video de la práctica con fuego y bomberos no se reproduce",
    "",
)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in DANGER.items() for text in texts])
def test_danger_is_told_with_its_kind(kind: Kind, text: str) -> None:
    found = danger_in(text)
    assert found is not None
    assert found.kind == kind
    assert found.reason


@pytest.mark.parametrize("text", NONE)
def test_negations_drills_and_things_tell_none(text: str) -> None:
    assert danger_in(text) is None


def test_a_negation_counts_in_its_own_clause_only() -> None:
    assert danger_in("No hubo lesionados. El motor sigue echando humo") is not None
    assert danger_in("no hay gas en la línea, pero huele a quemado") is not None


def test_the_site_adds_words_and_names_what_is_none() -> None:
    assert danger_in("se disparó el código rojo en naves", words=["código roj*"]) is not None
    assert danger_in("otra vez el Humo Negro marca error", never=["humo negro"]) is None
    assert danger_in("otra vez el Humo Negro marca error. Hay fuego en la nave", never=["humo negro"]) is not None


def test_a_text_without_end_is_read_up_to_its_bound() -> None:
    assert danger_in("sin humo " * 100_000) is None
    assert danger_in("x " * 20_000 + "hay fuego") is None
