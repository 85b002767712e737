"""Digests with the site's secret key, of what is known again later: a rotation of the key must not make it unknown."""

from django.conf import settings
from django.utils.crypto import salted_hmac


def keyed_digests(purpose: str, text: str) -> list[str]:
    """HMAC-SHA256, 64 hexadecimal digits each: first the one to keep or to send, by SECRET_KEY; then those that may
    have been before, by SECRET_KEY_FALLBACKS."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [salted_hmac(purpose, text, secret=key, algorithm="sha256").hexdigest() for key in keys]
