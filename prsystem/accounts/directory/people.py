"""What an entry of the directory says of a person. Pure: attributes in, plain values out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from prsystem.accounts.names import canonical_username

Attributes = Mapping[str, Sequence[str | bytes]]
IDENTITIES = ("objectGUID", "entryUUID", "nsUniqueId")  # in this order; none of them changes with a name or a move
NAMES = ("sAMAccountName", "uid")
ATTRIBUTES = (
    *IDENTITIES,
    *NAMES,
    *("cn", "displayName", "mail", "userAccountControl", "accountExpires", "nsAccountLock", "pwdAccountLockedTime"),
)
LONGEST_NAME, LONGEST_FULL_NAME, LONGEST_MAIL = 150, 120, 254
_AD_DISABLED = 2  # a bit of userAccountControl, [MS-ADTS] 2.2.16
_AD_NEVER = {0, 0x7FFFFFFFFFFFFFFF}  # accountExpires, [MS-ADA1] 2.1
_AD_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_LOCKED_FOR_GOOD = "000001010000Z"  # pwdAccountLockedTime, draft-behera-ldap-password-policy


@dataclass(frozen=True)
class Person:
    """Somebody as the directory tells of him; `groups` are names of groups in canonical form, nested ones included."""

    identity: str
    username: str
    full_name: str
    email: str
    groups: frozenset[str] = frozenset()


def identity_of(attributes: Attributes) -> str:
    """`<attribute>:<value>`, stable for the life of the entry; empty when the directory gives none."""
    for name in IDENTITIES:
        values = attributes.get(name) or []
        if values:
            value = values[0]
            if name == "objectGUID":
                raw = value.encode() if isinstance(value, str) else value
                return f"{name}:{raw.hex()}"
            return f"{name}:{_text(value).lower()}"
    return ""


def username_of(attributes: Attributes) -> str:
    """The one name that its owner signs in with: the first in order where the entry has several."""
    for name in NAMES:
        values = sorted(canonical_username(_text(value)) for value in attributes.get(name) or [])
        if values:
            return values[0] if len(values[0]) <= LONGEST_NAME else ""
    return ""


def is_disabled(attributes: Attributes, now: datetime) -> bool:
    """Whether the directory says that this account may not be used."""
    control, expires = (_number(attributes, name) for name in ("userAccountControl", "accountExpires"))
    return (
        bool(control & _AD_DISABLED)
        or (expires not in _AD_NEVER and _AD_EPOCH + timedelta(microseconds=expires // 10) <= now)
        or _first(attributes, "nsAccountLock").lower() == "true"
        or _first(attributes, "pwdAccountLockedTime") == _LOCKED_FOR_GOOD
    )


def full_name_of(attributes: Attributes) -> str:
    return (_first(attributes, "displayName") or _first(attributes, "cn"))[:LONGEST_FULL_NAME]


def email_of(attributes: Attributes) -> str:
    mail = _first(attributes, "mail")
    return mail if len(mail) <= LONGEST_MAIL else ""


def _first(attributes: Attributes, name: str) -> str:
    values = attributes.get(name) or [""]
    return _text(values[0]).replace("\x00", "")


def _number(attributes: Attributes, name: str) -> int:
    text = _first(attributes, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("utf-8", "replace")
