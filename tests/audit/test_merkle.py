"""The tree against RFC 6962's own definition, and the examples of Certificate Transparency."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.seals.merkle import inclusion_path, leaf_hash, root_from, root_of

# From the reference implementation of Certificate Transparency: inputs and roots over the first n of them.
INPUTS = [bytes.fromhex(x) for x in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
}


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1: split at the largest power of two below the count."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + by_definition(leaves[:split]) + by_definition(leaves[split:])).digest()


@pytest.mark.parametrize("count", ROOTS)
def test_the_known_roots(count: int) -> None:
    assert root_of([leaf_hash(x) for x in INPUTS[:count]]).hex() == ROOTS[count]


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_the_tree_is_that_of_the_rfc(contents: list[bytes]) -> None:
    leaves = [leaf_hash(content) for content in contents]
    assert root_of(leaves) == by_definition(leaves)


@given(st.integers(1, 70), st.data())
def test_every_leaf_has_a_path_and_no_other_leaf_fits_it(count: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(str(number).encode()) for number in range(count)]
    index = data.draw(st.integers(0, count - 1))
    path = inclusion_path(leaves, index)
    assert root_from(leaves[index], index, count, path) == root_of(leaves)
    assert root_from(leaf_hash(b"other"), index, count, path) != root_of(leaves)


@pytest.mark.parametrize(("index", "path"), [(3, []), (-1, []), (0, []), (0, [b"x"] * 9)])
def test_a_path_that_does_not_fit_is_refused(index: int, path: list[bytes]) -> None:
    with pytest.raises(ValueError, match=r"index|path"):
        root_from(leaf_hash(b"0"), index, 3, path)
