"""The key that signs batches. It is kept outside the database: who can only change rows can't make a valid seal.

Tags are made with a second key that follows from the first: they let the holder name the very entry that was altered
even when its stored leaf was altered to match.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

KEY_BYTES = 32
TAG_BYTES = 16


@dataclass(frozen=True)
class Signer:
    """Signs heads and tags members."""

    private: Ed25519PrivateKey
    tag_key: bytes
    public: str

    def sign(self, head: bytes) -> bytes:
        return self.private.sign(head)

    def tag(self, batch: int, ordinal: int, entry_id: int, leaf: bytes) -> bytes:
        place = b"%d:%d:%d:" % (batch, ordinal, entry_id)
        return hmac.digest(self.tag_key, place + leaf, hashlib.sha256)[:TAG_BYTES]


def signer() -> Signer:
    """Of the site's key (`PRS_AUDIT_KEY`, else the one in the data folder)."""
    return signer_of(settings.AUDIT_KEY)


@cache
def signer_of(seed: bytes) -> Signer:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    derivation = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"pr-system audit tags 1")
    return Signer(private, derivation.derive(seed), encoded(private.public_key().public_bytes_raw()))


def trusted_keys() -> frozenset[str]:
    """Public keys whose signatures count: the present one and those named in `PRS_AUDIT_PUBLIC_KEYS`."""
    return frozenset({signer().public, *settings.AUDIT_PUBLIC_KEYS})


@cache
def _public(key: str) -> Ed25519PublicKey | None:
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
    except (ValueError, binascii.Error):
        return None


def is_signed(key: str, signature: bytes, head: bytes) -> bool:
    public = _public(key)
    if public is None:
        return False
    try:
        public.verify(signature, head)
    except InvalidSignature:
        return False
    return True


def encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
