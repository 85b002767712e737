"""The key that seals the audit trail, kept outside the database."""

import base64
import binascii
import secrets

from prsystem import env

from .base import kept

_KEY_BYTES = 32


def _audit_key() -> bytes:
    """The operator's seed (32 bytes, Base64), else one made once and kept in the data folder (embedded mode)."""
    if given := env.text("PRS_AUDIT_KEY"):
        try:
            seed = base64.b64decode(given, validate=True)
        except binascii.Error:
            seed = b""
        if len(seed) != _KEY_BYTES:
            raise env.ConfigurationError("PRS_AUDIT_KEY: se esperan 32 bytes en Base64")
        return seed
    return base64.b64decode(kept("audit_key", lambda: base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()))


AUDIT_KEY = _audit_key()
# Public keys of before (Base64), whose batches still count after the key was changed.
AUDIT_PUBLIC_KEYS = env.public_keys("PRS_AUDIT_PUBLIC_KEYS")
# Days for which an exported head can't be removed from an S3 bucket with Object Lock; 0: no lock.
AUDIT_LOCK_DAYS = env.integer("PRS_AUDIT_LOCK_DAYS", 0, maximum=36500)
