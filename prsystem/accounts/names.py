"""The one spelling of a user name, and of a name in the directory."""

import re
import unicodedata
from typing import Any

_REFERENCE = re.compile(r"usuario:(\d{1,18})")


def canonical_username(raw: str) -> str:
    """NFKC, no blanks around it, lower case: ` Ana`, `ANA` and full-width `ａｎａ` are one account and one counter."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", raw).strip().lower())


def canonical_dn(raw: str) -> str:
    """A distinguished name in lower case, without blanks around its commas and equal signs."""
    return re.sub(r"(?<!\\)\s*([,=+])\s*", r"\1", unicodedata.normalize("NFKC", raw).strip().lower())


def person_reference(user_id: int | None) -> str | None:
    """How the details of an audit entry name a person: by a number that tells nothing once the account is erased."""
    return None if user_id is None else f"usuario:{user_id}"


def people_of(details: Any) -> set[int]:
    """The numbers of everybody that the details of an entry name."""
    if isinstance(details, dict):
        return set().union(*map(people_of, details.values()))
    if isinstance(details, list):
        return set().union(*map(people_of, details))
    found = _REFERENCE.fullmatch(details) if isinstance(details, str) else None
    return {int(found[1])} if found else set()


def with_names(details: Any, names: dict[int, str]) -> Any:
    """A copy with names in the place of numbers, where they are known."""
    if isinstance(details, dict):
        return {name: with_names(value, names) for name, value in details.items()}
    if isinstance(details, list):
        return [with_names(value, names) for value in details]
    found = _REFERENCE.fullmatch(details) if isinstance(details, str) else None
    return names.get(int(found[1]), details) if found else details
