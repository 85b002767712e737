"""The text of an API key and what is kept of it. Pure.

    prs_<prefix>_<secret><checksum>

Prefix: 8 letters and digits, shown in lists and logs. Secret: 33 letters and digits out of 62, 196 random bits.
Checksum: CRC-32 of all before it in six digits of base 62, so that a mistyped key is refused without a query.
Kept is HMAC-SHA256 under a numbered pepper that the database doesn't hold: a dump of it gives nothing to try keys on.
"""

import hashlib
import hmac
import re
import secrets
import string
import zlib

TAG = "prs"
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
PREFIX_LENGTH, SECRET_LENGTH, CHECK_LENGTH = 8, 33, 6
_FORM = re.compile(rf"{TAG}_([a-z0-9]{{{PREFIX_LENGTH}}})_[0-9A-Za-z]{{{SECRET_LENGTH + CHECK_LENGTH}}}")
_PREFIX_ALPHABET = string.digits + string.ascii_lowercase
_INFO = b"pr-system api key pepper %d"


def prefix_new() -> str:
    return "".join(secrets.choice(_PREFIX_ALPHABET) for _ in range(PREFIX_LENGTH))


def key_new(prefix: str) -> str:
    """A whole new key for a prefix."""
    body = f"{TAG}_{prefix}_" + "".join(secrets.choice(ALPHABET) for _ in range(SECRET_LENGTH))
    return body + _checksum(body)


def prefix_of(key: str) -> str:
    """The prefix of a well-formed key; empty when the form or the checksum isn't right."""
    found = _FORM.fullmatch(key)
    if found is None or _checksum(key[:-CHECK_LENGTH]) != key[-CHECK_LENGTH:]:
        return ""
    return found[1]


def digest_of(key: str, pepper: bytes) -> str:
    """What is stored: 64 hexadecimal digits."""
    return hmac.new(pepper, key.encode(), hashlib.sha256).hexdigest()


def pepper_from(master: str, number: int) -> bytes:
    """The pepper of a number: HKDF-SHA256 (RFC 5869) of the operator's secret, 32 bytes."""
    return hkdf_sha256(master.encode(), _INFO % number)


def hkdf_sha256(secret: bytes, info: bytes, salt: bytes = bytes(32)) -> bytes:
    """One block (32 bytes) of HKDF-SHA256, RFC 5869."""
    extracted = hmac.new(salt, secret, hashlib.sha256).digest()
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()


def _checksum(text: str) -> str:
    number, digits = zlib.crc32(text.encode()), ""
    for _ in range(CHECK_LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        digits = ALPHABET[rest] + digits
    return digits
