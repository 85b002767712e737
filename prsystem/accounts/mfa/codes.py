"""Codes of apps (RFC 6238, computed by django-otp) and recovery codes; their secrets as they are kept. Pure."""

import base64
import secrets
from functools import cache
from urllib.parse import quote, urlencode

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django_otp.oath import TOTP

from prsystem.core.keyed import keyed_digests

SECRET_BYTES = 20
TOLERANCE_STEPS = 1
RECOVERY_CODES = 10
_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"


def secret_new() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def step_of(secret: bytes, code: str, last_step: int) -> int | None:
    """The time step whose code this is, when it is later than the last one used; a step earlier or later counts."""
    plain = code.replace(" ", "")
    if not (plain.isascii() and plain.isdigit() and len(plain) == 6):
        return None
    totp = TOTP(secret)
    return totp.t() if totp.verify(int(plain), TOLERANCE_STEPS, last_step + 1) else None


def address_of(secret: bytes, username: str, issuer: str) -> str:
    """What an app reads from the QR code."""
    issuer = issuer.replace(":", " ")
    values = {"secret": text_of(secret), "issuer": issuer, "algorithm": "SHA1", "digits": "6", "period": "30"}
    return f"otpauth://totp/{quote(f'{issuer}:{username}')}?{urlencode(values, quote_via=quote)}"


def text_of(secret: bytes) -> str:
    """For those who type it."""
    return base64.b32encode(secret).decode().rstrip("=")


def recovery_codes_new() -> list[str]:
    """Ten codes of about 49 bits each, as `ABCDE-FGHJK`."""
    texts = ["".join(secrets.choice(_ALPHABET) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    return [f"{text[:5]}-{text[5:]}" for text in texts]


def recovery_digests(code: str) -> list[str]:
    """The first is to be kept, any of them may have been."""
    return keyed_digests("accounts.recovery", "".join(code.upper().split()).replace("-", ""))


@cache
def _cipher(master_keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key))) for key in master_keys])


def _derived(master_key: str) -> bytes:
    derivation = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"pr-system second factors 1")
    return derivation.derive(master_key.encode())


def sealed(secret: bytes) -> bytes:
    """As it is stored: useless without SECRET_KEY."""
    return _cipher((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)).encrypt(secret)


def opened(stored: bytes | memoryview) -> bytes:
    return _cipher((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)).decrypt(bytes(stored))
