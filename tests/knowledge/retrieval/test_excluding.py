"""Each way in which a report rules an article out, with what looks like it and doesn't."""

import pytest

from knowledge.retrieval import abstain
from knowledge.retrieval.abstain import Asked, Candidate, probabilities
from knowledge.retrieval.excluding import readings, telling, tried
from knowledge.retrieval.excluding.acts import is_contrary_act
from knowledge.retrieval.excluding.codes import is_other_code
from knowledge.retrieval.excluding.limits import is_beyond_other_limit
from knowledge.retrieval.excluding.readings import ABOVE, BELOW, WITHIN, readings_in
from knowledge.retrieval.excluding.telling import parts_of
from knowledge.retrieval.excluding.tried import is_tried_in_vain
from knowledge.retrieval.ruled_out import is_ruled_out
from knowledge.retrieval.usefulness import CEILING

PUMP = "Bomba de lodos pierde caudal"
PUMP_STEPS = """Rodete gastado por arena.
1. Bloquear la bomba y avisar al turno.
2. Cambiar el rodete.
3. Limpiar la malla de succión.
4. Medir el caudal y anotarlo."""
ROUTER, ROUTER_STEPS = "Sala sin internet", "Router colgado.\nReiniciar el router."

IN_VAIN = (
    ("Ya cambiamos el rodete y limpiaron la malla, sigue igual.", PUMP, PUMP_STEPS),
    ("Le cambié el rodete y nada.", PUMP, PUMP_STEPS),
    ("Le puse un rodete nuevo y la bomba sigue sin fuerza.", PUMP, PUMP_STEPS),
    ("El rodete lo cambiaron ayer, aun asi no da caudal.", PUMP, PUMP_STEPS),
    ("We replaced the impeller and cleaned the strainer, still no flow.", PUMP, PUMP_STEPS),
    ("No hay red. Ya reinicié y sigue igual.", ROUTER, ROUTER_STEPS),
    ("No hay red, le di reset al router dos veces, lo mismo.", ROUTER, ROUTER_STEPS),
    ("Already rebooted the router twice, no luck.", ROUTER, ROUTER_STEPS),
    (
        "La calibración ya la hicimos y sigue corrido.",
        "Báscula descalibrada",
        "Golpe en la celda.\nCalibrar la báscula.",
    ),
)
RING = (
    "Cabezal dañado.\n1. Purgar.\n2. Limpiar la guía.\n3. Ajustar la carrera.\n4. Cambiarlo si la holgura pasa de 2 mm."
)
IN_VAIN += (("El cabezal lo cambiamos ayer y sigue igual.", "Prensa con golpe", RING),)  # what the cause begins with
NOT_IN_VAIN = (
    ("Cambié el sello y sigue igual.", PUMP, PUMP_STEPS),  # another remedy
    ("Limpiamos la malla y sigue sin caudal.", PUMP, PUMP_STEPS),  # one of two, not what is to blame
    ("Falta cambiar el rodete, sigue sin caudal.", PUMP, PUMP_STEPS),
    ("No hemos cambiado el rodete y sigue sin caudal.", PUMP, PUMP_STEPS),
    ("Medimos el caudal y avisamos, sigue igual.", PUMP, PUMP_STEPS),  # looking mends nothing
    ("Cambiaron el rodete hace dos meses y otra vez no da caudal.", PUMP, PUMP_STEPS),  # it came back
    ("Desde que cambiaron el rodete sigue sin caudal.", PUMP, PUMP_STEPS),  # it caused it
    ("Cambié el rodete y quedó.", PUMP, PUMP_STEPS),
    ("Cambié el rodete y ya no da caudal.", PUMP, PUMP_STEPS),  # it caused it, too
    ("¿Se puede reiniciar el router? Sigue lento.", ROUTER, ROUTER_STEPS),
    ("Ya cambiamos el rodete y sigue igual.", PUMP, ""),
)


@pytest.mark.parametrize(("report", "title", "steps"), IN_VAIN)
def test_the_remedy_was_tried_in_vain(report: str, title: str, steps: str) -> None:
    assert is_tried_in_vain(parts_of(report), title, steps)


@pytest.mark.parametrize(("report", "title", "steps"), NOT_IN_VAIN)
def test_another_remedy_or_one_of_many_leaves_hope(report: str, title: str, steps: str) -> None:
    assert not is_tried_in_vain(parts_of(report), title, steps)


LOW, LOW_TOLD = "Presión baja en la caldera", "La caldera se queda en 4 bar y el mínimo es 6."
HOT, HOT_TOLD = "Tanque de mezcla caliente", "El tanque pasa de 45 °C a media mañana."
COLD = "Cámara de pintura fría"
ROOM, ROOM_TOLD = "Cuarto de pruebas fuera de 23 ± 2 °C", "El cuarto de pruebas no mantiene la temperatura."
BEYOND = (
    ("La caldera marca 9 bar y el máximo es 8.", LOW, LOW_TOLD),
    ("La caldera no da vapor, la presión está en 7.2 bar.", LOW, LOW_TOLD),
    ("El tanque de mezcla está a 12 °C y se corta la pasta.", HOT, HOT_TOLD),
    ("La cámara de pintura anda en 41 y le pedimos 25.", COLD, ""),
    ("Paint chamber sits 15 degrees above setpoint.", "Paint chamber runs cold", ""),
    ("El cuarto de pruebas tiene mucho polvo, la temperatura está en 22.4.", ROOM, ROOM_TOLD),
    ("La caja trae 30 g de más.", "Caja con peso bajo", "La caja pesa menos de lo pedido."),
)
STEPS = "Fuga en el acumulador: el vacío del acumulador baja de 40 mbar.\n1. Medir; menor a 40 mbar lo confirma."
ON_THIS_SIDE = (
    ("La caldera marca 4.5 bar.", LOW, LOW_TOLD),
    ("La caldera marca 3 bar y el mínimo es 6, el tanque de condensado está en 80.", LOW, LOW_TOLD),
    ("El tanque de mezcla ya va en 51 °C.", HOT, HOT_TOLD),
    ("El tanque de mezcla está caliente y la bomba trae 12 bar.", HOT, HOT_TOLD),  # of another quantity
    ("El tanque de mezcla 12 está caliente.", HOT, HOT_TOLD),  # its name
    ("El cuarto de pruebas está en 27.", ROOM, ROOM_TOLD),
    ("La cámara de pintura no pasa de 18 y le pedimos 25.", COLD, ""),
    ("La caja pesa 800 g y la tarima 8 t.", "Caja con peso bajo", "La caja pesa 850 g y el mínimo es 900 g."),
    ("A las 7 se bajó la presión de la caldera.", LOW, LOW_TOLD),
)


@pytest.mark.parametrize(("report", "title", "problem"), BEYOND)
def test_a_number_on_the_other_side_of_the_limit(report: str, title: str, problem: str) -> None:
    assert is_beyond_other_limit(report, title, problem)


@pytest.mark.parametrize(("report", "title", "problem"), ON_THIS_SIDE)
def test_a_number_on_this_side_or_of_something_else(report: str, title: str, problem: str) -> None:
    assert not is_beyond_other_limit(report, title, problem)


def test_a_limit_of_the_cause_holds_for_a_number_of_its_unit() -> None:
    title, problem = "Sellador no jala", "El sellador no jala la bolsa."
    assert is_beyond_other_limit("El acumulador marca 55 mbar y no jala", title, problem, STEPS)
    assert not is_beyond_other_limit("El acumulador marca 20 mbar y no jala", title, problem, STEPS)
    assert not is_beyond_other_limit("El acumulador tiene 55 y no jala", title, problem, STEPS)
    assert not is_beyond_other_limit("La bomba marca 55 mbar y no jala", title, problem, STEPS)


@pytest.mark.parametrize(
    ("text", "value", "side"),
    (
        ("Marca 97, la consigna es 80.", 97, ABOVE),
        ("Salió en .9 y piden .8", 0.9, ABOVE),
        ("Anda en 3 mil ppm y debe estar en 5 mil", 3000, BELOW),
        ("Mide 5 mm y debe estar entre 4 y 6", 5, WITHIN),
        ("El motor MT-205 está en -12", -12, None),
    ),
)
def test_a_reading_and_its_limit(text: str, value: float, side: int | None) -> None:
    assert [(r.value, r.side) for r in readings_in(text)] == [(value, side)]


def test_a_report_of_numbers_alone_is_read_up_to_a_bound() -> None:
    assert len(readings_in(" ".join(f"{n}.5 bar" for n in range(10, 500)))) <= readings.MOST_NUMBERS


@pytest.mark.parametrize(
    ("report", "title"),
    (
        ("La compuerta no sube.", "Compuerta del silo no baja"),
        ("El horno ya no se apaga.", "Horno no enciende"),
        ("La ventosa suelta la lámina a medio camino.", "Ventosa no suelta la lámina"),
        ("The hoist lifts the full load, but it drifts.", "Hoist will not lift"),
        ("La válvula no abre.", "Válvula de drenaje no cierra"),
    ),
)
def test_the_contrary_act_is_denied_or_the_act_happens(report: str, title: str) -> None:
    told, named = parts_of(report), parts_of(title)
    assert is_contrary_act(told, named)
    both = f"{report} {title}."
    assert not is_contrary_act(parts_of(both), named), "who tells both has the article's trouble as well"


@pytest.mark.parametrize(
    ("report", "title"),
    (
        ("La compuerta no sube ni baja.", "Compuerta del silo no baja"),
        ("La ventosa a veces suelta la lámina.", "Ventosa no suelta la lámina"),
        ("La ventosa casi no suelta.", "Ventosa no suelta la lámina"),
        ("¿La ventosa suelta la lámina?", "Ventosa no suelta la lámina"),
        ("El horno no enciende.", "Horno no arranca"),
        ("La compuerta se atora al subir.", "Compuerta del silo no baja"),
    ),
)
def test_an_act_in_doubt_rules_nothing_out(report: str, title: str) -> None:
    assert not is_contrary_act(parts_of(report), parts_of(title))


def test_another_alarm_of_the_same_family() -> None:
    title, problem = "Torno TN-02 con alarma E-4012", "Se detiene con E-4012; antes pasa E-4009."
    assert is_other_code("El torno marca E-4013", title, problem)
    assert not is_other_code("El torno marca E-4012 y después E-4013", title, problem)
    assert is_other_code("El torno marca E-4013, no E-4012", title, problem)
    assert not is_other_code("El torno marca E-4009", title, problem)  # the article speaks of it
    assert not is_other_code("El torno marca F-4013", title, problem)  # of another family: both may be shown at once
    assert not is_other_code("El torno TN-05 se para", title, problem)  # the same trouble of another machine


def test_the_steps_of_an_article_are_told_from_its_problem() -> None:
    """`said` holds problem, cause and steps, one behind another."""
    pump = Candidate(PUMP, f"La bomba de lodos pierde caudal.\n{PUMP_STEPS}", "es", words=14.0)
    first, again = (
        probabilities(Asked(f"La bomba de lodos pierde caudal{tail}", "es"), [pump])[0]
        for tail in ("", ". Ya cambiamos el rodete y sigue igual")
    )
    assert first > CEILING >= again


def test_the_rules_are_asked_once_for_each_candidate_that_is_likely(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(abstain, "is_ruled_out", lambda report, title, *rest: bool(asked.append(title)))
    near = [Candidate(f"Bomba {n} pierde caudal", f"La bomba {n} pierde caudal.", "es", words=14.0) for n in range(30)]
    far = [Candidate("Horario del comedor", "Se sirve a las 13 h.", "es")]
    probabilities(Asked("La bomba 3 pierde caudal", "es"), [*near[:3], *far, *near[3:]])
    assert 0 < len(asked) <= abstain.JUDGED
    assert len(asked) == len(set(asked)) and "Horario del comedor" not in asked


def test_steps_without_end_are_read_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[bool] = []
    real = tried._Act.is_of
    monkeypatch.setattr(tried._Act, "is_of", lambda one, other: compared.append(True) or real(one, other))
    steps = "Golpe.\n" + "\n".join(f"Cambiar la pieza p{n}." for n in range(20_000))
    report = ". ".join(f"Ya cambiamos la pieza q{n}" for n in range(20_000)) + ". Sigue igual."
    is_ruled_out(report, PUMP, "", steps)
    assert len(compared) <= 3 * telling.MOST_PARTS**2
