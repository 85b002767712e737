"""Counts of a test's own: Redis is shared by all tests and processes of the run."""

from uuid import uuid4

import pytest

from prsystem.accounts.sign_in import throttle


@pytest.fixture(autouse=True)
def own_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "_PREFIX", f"prs:test:{uuid4().hex}:")
    monkeypatch.setattr(throttle, "_redis_silent_until", 0.0)
