"""A report whose own words rule a problem out isn't answered by the article about it."""

import pytest

from knowledge.retrieval import ruled_out
from knowledge.retrieval.abstain import Asked, Candidate, probabilities
from knowledge.retrieval.excluding import telling
from knowledge.retrieval.ruled_out import is_ruled_out
from knowledge.retrieval.usefulness import CEILING

RULED = (
    ("La PH-02 baja a jalones. No hay fuga y el ruido es otro.", "Fuga de aceite en la prensa PH-02"),
    ("La prensa pega a destiempo. No hay fuga de aceite ni golpe.", "Fuga de aceite en la prensa PH-02"),
    ("El robot se para a medio ciclo, sin alarma.", "Robot de la celda 2 con alarma SRVO-050"),
    ("El robot se para, no trae aviso en pantalla.", "Robot de la celda 2 con alarma SRVO-050"),
    ("La banda no patina, está rota la grapa.", "Banda BT-03 se patina con carga"),
    ("La impresora imprime bien, pero no aparece en la red.", "Impresora ZT410 imprime etiquetas en blanco"),
    ("Temperatura normal, pero no carga.", "Compresor se dispara por alta temperatura"),
    ("La cámara se ve borrosa, grabación sí hay.", "Cámara de seguridad sin grabación"),
    ("El chiller se bota por alta presión de descarga.", "Chiller se apaga por baja presión"),
    ("The pump starts fine but it makes noise.", "Pump does not start after a power cut"),
    ("There is no leak at the valve, it just sticks.", "Leak at the dosing valve"),
    ("There is no leak at the pump.", "Coolant leak at the pump"),
    ("LA IMPRESORA IMPRIME BIEN PERO NO APARECE EN LA RED", "Impresora ZT410 imprime etiquetas en blanco"),
)
OPEN = (
    ("No hay aire en la nave.", "Baja presión de aire en la nave 2"),
    ("La puerta no cierra.", "Puerta rápida no cierra"),
    ("No enciende el montacargas.", "Montacargas no arranca en frío"),
    ("Sella bien el lado izquierdo pero el derecho se despega.", "Bolsa mal sellada en la empacadora"),
    ("Ayer no había fuga, hoy sí hay fuga en la válvula.", "Fuga en la válvula de dosificado"),
    ("La tapa está bien cerrada y marca cabezal abierto.", "«Cabezal abierto» con la tapa cerrada"),
    ("No sale la entrega.", "No sale la entrega en VL02N: «Déficit de stock»"),
    ("No hay orden de mantenimiento en IW38.", "Orden de mantenimiento preventivo no generada"),
    ("¿Cómo imprimo sin márgenes?", "¿Cómo imprimir con márgenes?"),
    ("La impresora ZT410 imprime en blanco, sin ruido.", "Impresora ZT410 imprime etiquetas en blanco"),
    ("Marca E-2207, sin otro aviso.", "E-2207: aceite caliente en la INY-07"),
    ("La bomba gira bien, pero hace ruido.", "Ruido en la bomba"),
    ("Imprime bien pero se atasca el papel.", "Atasco de papel en la impresora"),
    ("There is no license for me.", "CATIA license not available"),
    ("It prints nothing, no network.", "Printer offline after network change"),
)


@pytest.mark.parametrize(("report", "title"), RULED)
def test_what_the_report_denies_or_finds_well_is_ruled_out(report: str, title: str) -> None:
    assert is_ruled_out(report, title)


@pytest.mark.parametrize(("report", "title"), OPEN)
def test_a_lack_or_a_word_of_doubt_rules_nothing_out(report: str, title: str) -> None:
    assert not is_ruled_out(report, title)


def test_what_the_description_tells_is_denied_with_two_words() -> None:
    title, problem = "INY-07: E-4012 por presión que no llega", "Se detiene y deja piezas incompletas en la cavidad 2."
    assert is_ruled_out("Otra vez parada. Llena y no hay piezas incompletas.", title, problem)
    assert not is_ruled_out("Otra vez parada. Sin piezas en la banda.", title, problem)


def test_what_is_ruled_out_is_not_likely_enough_to_be_proposed() -> None:
    candidate = Candidate(
        "Banda BT-12 se patina con carga", "La banda BT-12 avanza a tirones.\n\nTensar la banda.", "es", words=14.0
    )
    said, denied = (
        probabilities(Asked(f"La banda BT-12 {verb} con carga, avanza a tirones", "es"), [candidate])[0]
        for verb in ("se patina", "no se patina")
    )
    assert said > CEILING >= denied


def test_a_report_of_denials_alone_is_read_in_few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = ruled_out._terms_in
    monkeypatch.setattr(ruled_out, "_terms_in", lambda part, said: asked.append(said) or real(part, said))
    report = " ".join(f"sin a{n}b" for n in range(20_000)) + ". no hay nada. " * 5000
    assert not is_ruled_out(report, "Fuga de aceite en la prensa PH-02")
    assert 0 < len(asked) <= 2 * ruled_out.MOST_DENIALS * telling.MOST_PARTS
