"""What a search in one language shows of articles in another one: with the shipped embedders, questions of a few words.
The questions were written for this test, beside those that the floors were measured with."""

from typing import Any, Literal

import pytest

from integrations.embedder.model import DEFAULT_MODEL, SECOND_MODEL, load_model
from knowledge.retrieval.abstain import is_near_abroad
from knowledge.services.search import Hit, SearchResult

FORKLIFT = """Montacargas eléctrico no levanta después de cargar batería
El montacargas eléctrico avanza pero las horquillas no suben. La batería se cargó toda la noche.
El interruptor de elevación queda bloqueado cuando el conector de la batería no entra hasta el fondo."""
VPN = """VPN no conecta desde casa: «No se pudo validar el certificado»
Al abrir la VPN fuera de la planta aparece un error de certificado. El certificado del equipo está vencido."""


@pytest.fixture(scope="module")
def models() -> list[Any]:
    return [load_model(name) for name in (DEFAULT_MODEL, SECOND_MODEL)]


def cosines(models: list[Any], question: str, article: str) -> tuple[float, float]:
    first, second = (
        float(model.embed([question], "query", ["en"])[0] @ model.embed([article], "passage", ["es"])[0])
        for model in models
    )
    return first, second


@pytest.mark.parametrize(
    ("question", "article", "is_shown"),
    [
        ("forklift does not lift", FORKLIFT, True),
        ("electric forklift will not raise the forks", FORKLIFT, True),
        ("vpn fails with a certificate error", VPN, True),
        ("recipe for scrambled eggs with ham", FORKLIFT, False),
        ("who sings this song", FORKLIFT, False),
        ("cheap hotel near the beach", VPN, False),
    ],
)
def test_a_short_question_finds_what_answers_it(models: list[Any], question: str, article: str, is_shown: bool) -> None:
    assert is_near_abroad(*cosines(models, question, article)) is is_shown


def test_an_embedder_that_is_away_lets_nothing_in() -> None:
    assert not is_near_abroad(0.9, None)
    assert not is_near_abroad(None, 0.9)


@pytest.mark.parametrize(
    ("probability", "meaning", "words", "is_shown"),
    [
        (0.001, "near", 0.0, True),
        (0.001, "", 0.0, False),
        (0.12, "", 0.5, True),
        (0.12, "far", 0.5, False),
        (0.12, "far", 1.0, True),
    ],
)
def test_meaning_decides_where_words_are_few(
    probability: float, meaning: Literal["", "near", "far"], words: float, is_shown: bool
) -> None:
    # The score of what leads both rankings is 1: it holds no name for that.
    hit = Hit("a", 1, 1, "1.0", "A", "PROD", "", "whole", "", 1.0, 0.4, "both", probability, words, meaning=meaning)
    unlike = Hit("b", 2, 2, "1.0", "B", "PROD", "", "whole", "", 0.7, 0.3, "dense", 0.001)
    shown = SearchResult([hit, unlike], "hibrido", probability).related
    assert shown == ([hit] if is_shown else [])
