"""Passages of a small plant, as retrieval hands them over."""

from dataclasses import replace

from knowledge.assistant.records import Passage

REPORT = "La bomba hidráulica de la prensa 3 vibra mucho y marca el código E-4012."

PUMP = Passage(
    n=1,
    passage_id=11,
    article_slug="bomba-vibra",
    article_title="Bomba hidráulica vibra y marca E-4012",
    version="1.2",
    kind="solution",
    lang="es",
    text=(
        "1. Parar la prensa y bloquear la energía.\n"
        "2. Purgar el aire de la línea de succión.\n"
        "3. Apretar los tornillos del acoplamiento a 45 Nm.\n"
        "4. Reiniciar la alarma E-4012 con `RST ALM 4012`."
    ),
    score=0.9,
    cosine=0.82,
)
PUMP_CAUSE = replace(PUMP, n=2, passage_id=10, kind="cause", text="Entró aire en la línea de succión.", score=0.7)
SEAL = Passage(
    n=3,
    passage_id=21,
    article_slug="reten-fuga",
    article_title="Fuga de aceite en el retén",
    version="1.0",
    kind="solution",
    lang="es",
    text="No arranque la bomba sin aceite. Cambiar el retén MC02 del eje. Rellenar 2,5 litros de aceite.",
    score=0.4,
    cosine=0.6,
)
PROBLEM = replace(PUMP, n=4, passage_id=9, kind="problem", text="La bomba vibra con E-4012.", score=0.95)
ENGLISH = Passage(
    n=5,
    passage_id=31,
    article_slug="pump-vibrates",
    article_title="Hydraulic pump vibrates",
    version="1.0",
    kind="solution",
    lang="en",
    text="Bleed the air from the suction line. Tighten the coupling bolts to 45 Nm.",
    score=0.86,
)
PASSAGES = [PUMP, PUMP_CAUSE, SEAL, PROBLEM]
