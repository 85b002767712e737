"""Merkle trees as RFC 6962, section 2.1, defines them: leaves and nodes are hashed under different prefixes, so that
neither can pass for the other. Pure."""

import hashlib
from collections.abc import Sequence

LEAF, NODE = b"\x00", b"\x01"


def leaf_hash(content: bytes) -> bytes:
    return hashlib.sha256(LEAF + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(NODE + left + right).digest()


def _levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """From the leaves to the root. A last node without a partner rises as it is, which makes the tree of the RFC."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        row = levels[-1]
        above = [node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
        levels.append(above + ([row[-1]] if len(row) % 2 else []))
    return levels


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes; that of no leaves is the hash of nothing."""
    return _levels(leaves)[-1][0] if leaves else hashlib.sha256(b"").digest()


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The neighbours that lead from a leaf to the root, lowest first."""
    path = []
    for row in _levels(leaves)[:-1]:
        neighbour = index ^ 1
        if neighbour < len(row):
            path.append(row[neighbour])
        index //= 2
    return path


def root_from(leaf: bytes, index: int, count: int, path: Sequence[bytes]) -> bytes:
    """The root that a leaf at `index` of `count` and its path lead to; ValueError when the path doesn't fit."""
    found, neighbours, last = leaf, list(path), count - 1
    if not 0 <= index < count:
        raise ValueError("index")
    while last > 0:
        if index % 2:
            found = node_hash(_next(neighbours), found)
        elif index < last:
            found = node_hash(found, _next(neighbours))
        index, last = index // 2, last // 2
    if neighbours:
        raise ValueError("path")
    return found


def _next(neighbours: list[bytes]) -> bytes:
    if not neighbours:
        raise ValueError("path")
    return neighbours.pop(0)
