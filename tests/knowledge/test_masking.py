"""What tells who somebody is doesn't reach a model, comes back in the answer, and machines and codes stay."""

import pytest

from integrations.ollama.wire import ChatMetrics
from knowledge.assistant.grounding import GrowingAnswer
from knowledge.assistant.masking import KnownNames, Masks
from knowledge.assistant.prompts import build_prompt
from knowledge.assistant.records import Passage
from knowledge.services import assisting
from tests.knowledge.samples import PUMP

KNOWN = KnownNames.of([("Ana", "Ruiz"), ("Marta María", "Gil Torres"), ("Norma", "Peña")])


@pytest.mark.parametrize(
    ("text", "private"),
    [
        ("La reportó Ana Ruiz del turno.", "Ana Ruiz"),
        ("Marta avisó a las seis.", "Marta"),
        ("Preguntar a Marta María Gil Torres.", "Marta María Gil Torres"),
        ("Avisar al Ing. Ramiro Cantú antes de parar.", "Ramiro Cantú"),
        ("Lo pidió la Sra. Lozano.", "Lozano"),
        ("Soy Pedro Salas, de almacén.", "Pedro Salas"),
        ("Tel. 81 8123 4567", "81 8123 4567"),
        ("marcar al 8181234567 de noche", "8181234567"),
        ("cel. 811 234 5678 o ext. 4410", "4410"),
        ("con lada +52 (81) 8123-4567", "+52 (81) 8123-4567"),
        ("escribir a ana.ruiz@planta.example.mx", "ana.ruiz@planta.example.mx"),
    ],
)
def test_people_are_masked_and_put_back(text: str, private: str) -> None:
    masks = Masks(KNOWN)
    hidden = masks.hide(text)
    assert private not in hidden
    assert masks.restore(hidden) == text


@pytest.mark.parametrize(
    "text",
    [
        "La Prensa Hidráulica H-200 marca E-4012; rodamiento 6205-2RS, sello FA-2207.",
        "Norma ISO 9001 y Torres de enfriamiento: revisar el variador Siemens 6SL3220-3YE24-0UF0.",
        "Marcar 1200 mm en la guía y apretar a 12.5 Nm; lote 20261130, serie 4410-7781-22.",
        "Ing. de planta: revisar GPO_PLANOS_LECTURA en 10.20.30.40:8080.",
        "El usuario PERSONA_1 no existe en SAP.",
    ],
)
def test_machines_codes_and_figures_stay(text: str) -> None:
    masks = Masks(KNOWN)
    assert masks.hide(text) == text
    assert masks.restore(text) == text


def test_the_prompt_holds_nobody_and_the_growing_answer_names_them() -> None:
    text = "Llamar al Ing. Ramiro Cantú, extensión 4410, y cerrar la válvula V3 de la bomba."
    passage = Passage(**{**vars(PUMP), "text": text, "n": 1})
    prompt = build_prompt("Ana Ruiz dice que la bomba vibra", [passage], lang="es", names=KNOWN)
    sent = prompt.messages[1]["content"]
    assert not any(private in sent for private in ("Ana", "Ruiz", "Ramiro", "Cantú", "4410"))
    assert "válvula V3" in sent
    masked = prompt.masks.hide(text)
    restoring, growing = prompt.masks.restoring(), GrowingAnswer(prompt.passages)
    for letter in f"{masked} [1]\n":  # in the smallest pieces a node may send
        growing.feed(restoring.feed(letter))
    growing.feed(restoring.rest())
    assert "Ramiro Cantú, extensión 4410" in growing.finish().text


def test_what_a_model_streams_is_restored_before_it_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The path of every answer, with a cluster that sends a placeholder in two pieces."""
    text = "Avisar al Ing. Ramiro Cantú y purgar la bomba."
    prompt = build_prompt("La bomba vibra", [Passage(**{**vars(PUMP), "text": text, "n": 1})], lang="es")
    done = ChatMetrics("n", "m", "stop", 1, 1, 0.1, 0.1)

    class Cluster:
        def chat_stream(self, *_args: object, **_named: object) -> object:
            yield from ("Avisar al Ing. PERS", "ONA_1 y purgar la bomba. [1]\n", done)

    monkeypatch.setattr(assisting, "get_cluster", Cluster)
    shown: list[str] = []
    attempt = assisting._asked_once(prompt, shown.append, "m", 1e12, 0)
    assert attempt.grounding is not None
    assert "Ramiro Cantú" in attempt.grounding.text
    assert "Ramiro Cantú" in shown[-1]
