"""Danger that no word of the list tells is known by its meaning, with the embedder or, less well, without."""

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from incidents.emergencies import hearing, meaning
from incidents.emergencies.make_weights import WORDINGS
from integrations.embedder.client import EmbedderUnavailable, Identity
from integrations.embedder.model import DEFAULT_MODEL, SECOND_MODEL, EmbeddingModel, load_model

# Written apart from `wordings.jsonl`; none of their words is in the list of `words.toml`.
DANGERS = (
    "el tablero se está derritiendo y truena por dentro",
    "el muchacho del turno está tirado en el suelo y no contesta",
    "nos lloran los ojos a todos desde que abrieron el tambo",
)
HARMLESS = (
    "la impresora de etiquetas no imprime el código",
    "no puedo entrar a SAP, me pide cambiar la contraseña",
    "la prensa 3 marca alarma de aceite bajo",
)
# Machines that grab, jump and go mad, in nobody's harm. Written apart from the wordings too.
WHOLE_HARMLESS = (
    "La remachadora agarra de dos en dos\nSe lleva el remache de junto. Al jalarlo sale barrido. Ya se limpió el riel.",
    "La cortina del andén 7 se volvió loca\nSube y baja sin que pase ningún montacargas. La gente ya ni le hace caso.",
    "La probeta patina en la máquina de tensión\nLa curva sale como escalera y truena antes. Al sacarla se ve barrida.",
    "La terminal no agarra el dedo\nSe queda la última imagen por más que le pico. La prensa sigue golpeando normal.",
)


@cache
def shipped() -> list[EmbeddingModel]:
    return [load_model(DEFAULT_MODEL), load_model(SECOND_MODEL)]


@pytest.fixture(scope="module")
def chances() -> dict[str, meaning.Heard]:
    texts = [*DANGERS, *HARMLESS]
    vectors = np.hstack(
        [model.embed([meaning.as_said(text) for text in texts], "query", ["es"] * len(texts)) for model in shipped()]
    )
    heard = {text: meaning.danger_heard([text], vectors[row : row + 1]) for row, text in enumerate(texts)}
    return {text: one for text, one in heard.items() if one is not None}


@pytest.fixture
def both_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both embedders answer, named in the other order than the weights name them."""
    models = {model.name: model for model in shipped()}

    def embed(texts: list[str], *, model: str, languages: list[str], **_named: object) -> list[list[float]]:
        return models[model].embed(texts, "query", languages).tolist()

    identities = [Identity(model.name, model.dimensions, model.digest) for model in reversed(shipped())]
    monkeypatch.setattr(hearing, "embedder_identities", lambda: identities)
    monkeypatch.setattr(hearing, "embed_texts", embed)


@pytest.mark.parametrize("text", DANGERS)
def test_a_danger_in_other_words_is_heard(chances: dict[str, meaning.Heard], text: str) -> None:
    assert chances[text].is_danger


@pytest.mark.parametrize("text", DANGERS)
@pytest.mark.usefixtures("both_answer")
def test_capitals_and_a_full_stop_change_nothing(text: str) -> None:
    """The wordings are of people in haste, the everyday reports of people with time: the form must not be learned."""
    plain = hearing.report_heard(text)
    for said in (f"{text.capitalize()}.", f"¡{text.upper()}!"):
        heard = hearing.report_heard(said)
        assert heard is not None and plain is not None and heard.window == said
        assert heard.chance == pytest.approx(plain.chance, abs=1e-3)


@pytest.mark.parametrize("text", HARMLESS)
def test_everyday_trouble_is_none(chances: dict[str, meaning.Heard], text: str) -> None:
    assert not chances[text].is_danger


def test_the_weights_belong_to_the_embedders_that_are_shipped() -> None:
    """With other vectors they would mean nothing: whoever changes an embedder runs `make_weights` again."""
    assert meaning.weights_embedders() == tuple(model.digest for model in shipped())


def test_the_wordings_are_of_both_kinds_and_none_twice() -> None:
    rows = [json.loads(line) for line in WORDINGS.read_text(encoding="utf-8").splitlines()]
    texts = [row["text"] for row in rows]
    assert len(texts) == len(set(texts)) > 2000
    assert 0.3 < sum(row["emergency"] for row in rows) / len(rows) < 0.6


def test_a_danger_said_in_passing_is_judged_with_its_neighbour() -> None:
    text = "La prensa 3 no baja. Ya le dimos reset dos veces.\nah y el muchacho no despierta"
    assert meaning.windows_of(text)[1:] == [
        "La prensa 3 no baja. Ya le dimos reset dos veces.",
        "Ya le dimos reset dos veces. ah y el muchacho no despierta",
    ]
    assert meaning.windows_of("Faltan batas\nHay tres.") == ["Faltan batas Hay tres."]
    assert meaning.windows_of(" \n ") == [] and meaning.danger_heard([], None) is None
    assert len(meaning.windows_of("uno dos tres. " * 500 + "x y z. " * 40)) <= meaning.MOST_WINDOWS


def test_without_an_embedder_words_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    def down() -> object:
        raise EmbedderUnavailable("refused")

    monkeypatch.setattr(hearing, "embedder_identities", down)
    heard = hearing.report_heard("un compañero se desplomó y no contesta, está morado")
    assert heard is not None and heard.is_danger
    quiet = hearing.report_heard("la impresora de etiquetas no imprime el código")
    assert quiet is not None and not quiet.is_danger


def test_vectors_of_another_embedder_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    known = [Identity(model.name, model.dimensions, model.digest) for model in shipped()]
    monkeypatch.setattr(hearing, "embed_texts", lambda *texts, **named: asked.append(texts) or np.zeros((1, 384)))
    for others in ([known[0]], [replace(known[0], digest="another"), known[1]]):
        monkeypatch.setattr(hearing, "embedder_identities", lambda others=others: others)
        assert hearing.report_heard("el tablero se está derritiendo") is not None
    assert not asked


@pytest.mark.parametrize("text", WHOLE_HARMLESS)
@pytest.mark.usefixtures("both_answer")
def test_a_whole_report_of_everyday_is_none_although_a_sentence_alone_could_be(text: str) -> None:
    heard = hearing.report_heard(text)
    assert heard is not None and not heard.is_danger


@pytest.mark.usefixtures("both_answer")
def test_the_vectors_of_both_stand_side_by_side() -> None:
    heard = hearing.report_heard("La prensa 3 no baja. El muchacho del turno está tirado en el suelo y no contesta.")
    assert heard is not None and heard.is_danger and "El muchacho" in heard.window
