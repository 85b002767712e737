"""Security keys (WebAuthn): what a page asks them for, and what they answered, checked by python-fido2. Pure.

A key answers for one site: its RP id is the host, and the browser puts the origin of the page into what is signed.
"""

import json
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from django.utils.crypto import salted_hmac
from fido2 import cbor
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.webauthn import (
    Aaguid,
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from fido2.webauthn import AuthenticatorData as Signed

ANSWER_LENGTH = 16_000
# The password came before: a key that wants no PIN and keeps no account in itself is enough.
_VERIFICATION = UserVerificationRequirement.DISCOURAGED
_RESIDENT = ResidentKeyRequirement.DISCOURAGED
# What the parsers of a hostile answer raise.
_MALFORMED = (
    *(ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError),
    *(struct.error, RecursionError, NotImplementedError, UnsupportedAlgorithm, OverflowError),
)


class AnswerRefused(Exception):
    """What came isn't the answer of a key to what was asked."""


@dataclass(frozen=True)
class Site:
    """Whom keys answer to."""

    rp_id: str
    origins: frozenset[str]
    name: str


@dataclass(frozen=True)
class Key:
    """What is kept of one; `count` grows with each use where the key counts at all."""

    credential_id: bytes
    public_key: bytes
    count: int


def site_of(origins: list[str], own_origin: str, name: str) -> Site:
    """Of the operator's origins the first names the RP id; without any, the site is where the page was asked for."""
    known = origins or [own_origin]
    return Site(urlsplit(known[0]).hostname or "", frozenset(known), name)


def creation_ask(site: Site, user_id: int, username: str, known: Iterable[bytes]) -> tuple[dict[str, Any], str]:
    """Options for the page and the challenge to keep; keys that the person has aren't taken a second time."""
    handle = salted_hmac("accounts.webauthn", str(user_id), algorithm="sha256").digest()
    user = PublicKeyCredentialUserEntity(id=handle, name=username, display_name=username)
    options, state = _server(site).register_begin(
        user, _descriptors(known), resident_key_requirement=_RESIDENT, user_verification=_VERIFICATION
    )
    return dict(options)["publicKey"], state["challenge"]


def assertion_ask(site: Site, known: Iterable[bytes]) -> tuple[dict[str, Any], str]:
    options, state = _server(site).authenticate_begin(_descriptors(known), user_verification=_VERIFICATION)
    return dict(options)["publicKey"], state["challenge"]


def creation_check(site: Site, challenge: str, answer: str) -> Key:
    """The new key of a page's answer; AnswerRefused when it isn't one."""
    try:
        response = RegistrationResponse.from_dict(_parsed(answer))
        _require_own_frame(response.response.client_data)
        signed = _server(site).register_complete(_state(challenge), response)
        if signed.credential_data is None or not _is_usable(signed.credential_data):
            raise AnswerRefused()
    except _MALFORMED as error:
        raise AnswerRefused() from error
    return _key(signed.credential_data, signed)


def assertion_check(site: Site, challenge: str, answer: str, keys: Iterable[Key]) -> Key:
    """Which of the keys has answered, with its count now; AnswerRefused when none has."""
    try:
        response = AuthenticationResponse.from_dict(_parsed(answer))
        _require_own_frame(response.response.client_data)
        found = _server(site).authenticate_complete(_state(challenge), [_credential(key) for key in keys], response)
    except _MALFORMED as error:
        raise AnswerRefused() from error
    return _key(found, response.response.authenticator_data)


def _server(site: Site) -> Fido2Server:
    party = PublicKeyCredentialRpEntity(id=site.rp_id, name=site.name)
    return Fido2Server(party, verify_origin=lambda origin: origin in site.origins)


def _state(challenge: str) -> dict[str, Any]:
    return {"challenge": challenge, "user_verification": _VERIFICATION}


def _parsed(answer: str) -> dict[str, Any]:
    parsed = json.loads(answer[:ANSWER_LENGTH])
    if not isinstance(parsed, dict):
        raise AnswerRefused()
    return parsed


def _require_own_frame(client_data: Any) -> None:
    if client_data.cross_origin:
        raise AnswerRefused()


def _is_usable(data: AttestedCredentialData) -> bool:
    known_algorithm = data.public_key.get(3) in CoseKey.supported_algorithms()
    return known_algorithm and 0 < len(data.credential_id) <= 1023


def _key(data: AttestedCredentialData, signed: Signed) -> Key:
    return Key(bytes(data.credential_id), cbor.encode(data.public_key), signed.counter)


def _credential(key: Key) -> AttestedCredentialData:
    public_key = CoseKey.parse(cast(Mapping[int, Any], cbor.decode(key.public_key)))
    return AttestedCredentialData.create(Aaguid.NONE, key.credential_id, public_key)


def _descriptors(known: Iterable[bytes]) -> list[PublicKeyCredentialDescriptor]:
    kind = PublicKeyCredentialType.PUBLIC_KEY
    return [PublicKeyCredentialDescriptor(type=kind, id=credential_id) for credential_id in known]
