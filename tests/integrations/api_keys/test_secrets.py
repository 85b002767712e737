from hypothesis import given
from hypothesis import strategies as st

from integrations.api_keys.secrets import (
    ALPHABET,
    SECRET_LENGTH,
    digest_of,
    hkdf_sha256,
    key_new,
    pepper_from,
    prefix_new,
    prefix_of,
)


def test_a_key_holds_more_than_190_random_bits_and_its_prefix_can_be_read() -> None:
    assert len(ALPHABET) ** SECRET_LENGTH > 2**190
    prefix = prefix_new()
    key = key_new(prefix)
    assert prefix_of(key) == prefix
    assert key_new(prefix) != key


@given(st.integers(min_value=0), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed_without_a_query(position: int, other: str) -> None:
    key = key_new("abcd1234")
    index = position % len(key)
    changed = key[:index] + other + key[index + 1 :]
    assert (prefix_of(changed) == "") == (changed != key)


@given(st.text())
def test_any_other_text_has_no_prefix(text: str) -> None:
    assert prefix_of(text) == ""


def test_peppers_differ_by_number_and_secret_and_so_do_digests() -> None:
    peppers = {pepper_from(master, number) for master in ("a" * 32, "b" * 32) for number in (1, 2)}
    assert len(peppers) == 4
    assert len({digest_of("prs_x", pepper) for pepper in peppers}) == 4


def test_hkdf_gives_the_first_block_of_the_standard() -> None:
    """RFC 5869, appendix A.1 and A.3."""
    salt, info = bytes.fromhex("000102030405060708090a0b0c"), bytes.fromhex("f0f1f2f3f4f5f6f7f8f9")
    expected = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
    assert hkdf_sha256(b"\x0b" * 22, info, salt).hex() == expected
    assert hkdf_sha256(b"\x0b" * 22, b"").hex() == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
