"""The key that seals the audit trail, kept outside the database."""

import base64
import binascii
import secrets

from prsystem import env

from .base import LAYOUT

_KEY_BYTES = 32


def _audit_key() -> bytes:
    """The operator's seed (32 bytes, Base64), else one made once and kept in the data folder (embedded mode)."""
    if given := env.text("PRS_AUDIT_KEY"):
        try:
            seed = base64.b64decode(given, validate=True)
        except binascii.Error:
            seed = b""
        if len(seed) != _KEY_BYTES:
            raise env.ConfigurationError("PRS_AUDIT_KEY: expected 32 bytes in Base64")
        return seed
    path = LAYOUT.data / "audit_key"
    if not path.exists():
        LAYOUT.data.mkdir(parents=True, exist_ok=True)
        _write_once(secrets.token_bytes(_KEY_BYTES))
    return base64.b64decode(path.read_text(encoding="ascii"))


def _write_once(seed: bytes) -> None:
    """Another process may be making it at the same moment: the first one wins, and nobody reads half a key."""
    scratch = LAYOUT.data / f"audit_key.{secrets.token_hex(4)}"
    scratch.touch(mode=0o600)
    scratch.write_text(base64.b64encode(seed).decode(), encoding="ascii")
    try:
        (LAYOUT.data / "audit_key").hardlink_to(scratch)
    except FileExistsError:
        pass
    finally:
        scratch.unlink()


AUDIT_KEY = _audit_key()
# Public keys of before (Base64), whose batches still count after the key was changed.
AUDIT_PUBLIC_KEYS = env.names("PRS_AUDIT_PUBLIC_KEYS", [])
# Days for which an exported head can't be removed from an S3 bucket with Object Lock; 0: no lock.
AUDIT_LOCK_DAYS = env.integer("PRS_AUDIT_LOCK_DAYS", 0, maximum=36500)
