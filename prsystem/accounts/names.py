"""The one spelling of a user name, and of a name in the directory."""

import re
import unicodedata


def canonical_username(raw: str) -> str:
    """NFKC, no blanks around it, lower case: ` Ana`, `ANA` and full-width `ａｎａ` are one account and one counter."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", raw).strip().lower())


def canonical_dn(raw: str) -> str:
    """A distinguished name in lower case, without blanks around its commas and equal signs."""
    return re.sub(r"(?<!\\)\s*([,=+])\s*", r"\1", unicodedata.normalize("NFKC", raw).strip().lower())
