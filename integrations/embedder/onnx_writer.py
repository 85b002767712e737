"""Writes ONNX models: the few messages of ONNX's protobuf schema that a feed-forward graph needs.

Field numbers from onnx.proto3 (ModelProto, GraphProto, NodeProto, AttributeProto, TensorProto, ValueInfoProto). The
`onnx` package would bring 20 MB and its own protobuf for the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

ELEMENT_TYPES = {np.dtype("float32"): 1, np.dtype("uint8"): 2, np.dtype("int8"): 3, np.dtype("int64"): 7}
MICROSOFT = "com.microsoft"
OPSETS = {"": 17, MICROSOFT: 1}
IR_VERSION = 8


@dataclass
class Graph:
    """Nodes and constants in the order of execution; `model` turns them into bytes."""

    _parts: list[bytes] = field(default_factory=list)
    _names: int = 0

    def constant(self, value: np.ndarray) -> str:
        """Add an initializer and give its name back."""
        name = self._new_name("c")
        dims = b"".join(_number(1, size) for size in value.shape)
        tensor = dims + _number(2, ELEMENT_TYPES[value.dtype]) + _text(8, name) + _bytes(9, value.tobytes())
        self._parts.append(_bytes(5, tensor))
        return name

    def node(self, operator: str, *inputs: str, domain: str = "", output: str = "", **attributes: int | float) -> str:
        """Add a node with one output and give its name back; an empty input name leaves an optional input out."""
        name = output or self._new_name("v")
        parts = [_text(1, item) for item in inputs]
        parts += [_text(2, name), _text(3, name), _text(4, operator), _text(7, domain)]
        parts += [_bytes(5, _attribute(key, value)) for key, value in attributes.items()]
        self._parts.append(_bytes(1, b"".join(parts)))
        return name

    def model(self, *, source: str, source_shape: Iterable[int | str], result: str) -> bytes:
        """The serialized model with one float32 input and one float32 output of the same shape."""
        shape = list(source_shape)
        graph = b"".join(self._parts) + _text(2, "graph")
        graph += _bytes(11, _value_info(source, shape)) + _bytes(12, _value_info(result, shape))
        opsets = b"".join(_bytes(8, _text(1, domain) + _number(2, version)) for domain, version in OPSETS.items())
        return _number(1, IR_VERSION) + _bytes(7, graph) + opsets

    def _new_name(self, prefix: str) -> str:
        self._names += 1
        return f"{prefix}{self._names}"


def _attribute(name: str, value: int | float) -> bytes:
    if isinstance(value, int):
        return _text(1, name) + _number(3, value & (1 << 64) - 1) + _number(20, 2)
    return _text(1, name) + _tag(2, 5) + np.float32(value).tobytes() + _number(20, 1)


def _value_info(name: str, shape: list[int | str]) -> bytes:
    dims = b"".join(_bytes(1, _number(1, size) if isinstance(size, int) else _text(2, size)) for size in shape)
    tensor = _number(1, ELEMENT_TYPES[np.dtype("float32")]) + _bytes(2, dims)
    return _text(1, name) + _bytes(2, _bytes(1, tensor))


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _tag(field_number: int, wire_type: int) -> bytes:
    return _varint(field_number << 3 | wire_type)


def _number(field_number: int, value: int) -> bytes:
    return _tag(field_number, 0) + _varint(value)


def _bytes(field_number: int, value: bytes) -> bytes:
    return _tag(field_number, 2) + _varint(len(value)) + value


def _text(field_number: int, value: str) -> bytes:
    return _bytes(field_number, value.encode())
