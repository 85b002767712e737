"""The one spelling of a user name."""

import unicodedata


def canonical_username(raw: str) -> str:
    """NFKC, no blanks around it, lower case: ` Ana`, `ANA` and full-width `ａｎａ` are one account and one counter."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", raw).strip().lower())
