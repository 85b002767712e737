"""What an entry says of a person; needs no directory."""

from datetime import UTC, datetime

import pytest

from prsystem.accounts.directory.people import identity_of, is_disabled, username_of
from prsystem.accounts.names import canonical_dn

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attributes", "identity"),
    [
        ({"objectGUID": [b"\xff\x00\x01"], "entryUUID": ["x"]}, "objectGUID:ff0001"),
        ({"objectGUID": ["AB"]}, "objectGUID:4142"),
        ({"entryUUID": ["4F2B-AA"]}, "entryUUID:4f2b-aa"),
        ({"uid": ["ana"]}, ""),
    ],
)
def test_the_identity_stays_whatever_the_name(attributes: dict, identity: str) -> None:
    assert identity_of(attributes) == identity


def test_the_windows_name_comes_first_and_only_one_counts() -> None:
    assert username_of({"uid": ["x"], "sAMAccountName": ["ANA"]}) == "ana"
    assert username_of({"uid": ["zeta", " Ana "]}) == "ana"
    assert username_of({"uid": ["a" * 151]}) == ""


@pytest.mark.parametrize(
    ("attributes", "disabled"),
    [
        ({}, False),
        ({"userAccountControl": ["512"]}, False),
        ({"userAccountControl": ["514"]}, True),
        ({"accountExpires": ["0"]}, False),
        ({"accountExpires": ["9223372036854775807"]}, False),
        ({"accountExpires": ["132223104000000000"]}, True),
        ({"nsAccountLock": ["TRUE"]}, True),
        ({"pwdAccountLockedTime": ["000001010000Z"]}, True),
        ({"pwdAccountLockedTime": ["20261124000000Z"]}, False),
        ({"userAccountControl": ["no"]}, False),
    ],
)
def test_accounts_that_the_directory_has_closed(attributes: dict, disabled: bool) -> None:
    assert is_disabled(attributes, NOW) is disabled


def test_one_spelling_of_a_distinguished_name() -> None:
    assert canonical_dn(" CN=Soporte L1 , OU = Grupos,DC=planta ") == "cn=soporte l1,ou=grupos,dc=planta"
    assert canonical_dn("cn=a\\, b,dc=x") == "cn=a\\, b,dc=x"
