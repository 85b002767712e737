"""No address without a policy: what it means and how it is kept is in tests/security."""

from tests.security.addresses import NAMES
from tests.security.policies import ELSEWHERE, POLICIES


def test_every_url_has_a_policy() -> None:
    missing = sorted(set(NAMES) - set(POLICIES) - set(ELSEWHERE))
    assert not missing, f"add to tests/security/policies.py: {missing}"


def test_no_policy_is_kept_for_what_is_gone() -> None:
    gone = sorted((set(POLICIES) | set(ELSEWHERE)) - set(NAMES))
    assert not gone, f"take out of tests/security/policies.py: {gone}"
