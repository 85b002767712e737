"""Secrets of endpoints: made, sealed with a key derived from SECRET_KEY, used for Standard Webhooks signatures."""

import base64
import hashlib
import hmac
import secrets
from functools import cache

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PREFIX = "whsec_"
SECRET_BYTES = 32
MIN_SECRET_BYTES, MAX_SECRET_BYTES = 24, 64


def new_secret() -> str:
    """A random `whsec_` secret of 256 bits."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def key_of(secret: str) -> bytes:
    """The bytes that sign; ValueError when it is no `whsec_` secret of 24 to 64 bytes (Standard Webhooks 1.0)."""
    if not secret.startswith(PREFIX):
        raise ValueError("secret")
    key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    if not MIN_SECRET_BYTES <= len(key) <= MAX_SECRET_BYTES:
        raise ValueError("secret")
    return key


@cache
def _cipher(master_keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key))) for key in master_keys])


def _derived(master_key: str) -> bytes:
    derivation = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"pr-system webhook secrets 1")
    return derivation.derive(master_key.encode())


def _current_cipher() -> MultiFernet:
    return _cipher((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def sealed(secret: str) -> bytes:
    """The secret as it is stored: useless without SECRET_KEY."""
    return _current_cipher().encrypt(secret.encode())


def opened(stored: bytes | memoryview) -> str:
    """The secret; cryptography's InvalidToken when SECRET_KEY is another one than that which sealed it."""
    return _current_cipher().decrypt(bytes(stored)).decode()


def signature(keys: list[bytes], message_id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`: one `v1` signature per key, separated by blanks."""
    content = b".".join((message_id.encode(), str(timestamp).encode(), body))
    digests = (hmac.new(key, content, hashlib.sha256).digest() for key in keys)
    return " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests)
