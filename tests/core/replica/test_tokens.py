"""Positions that readers need, in a real Redis and without it."""

from collections.abc import Iterator
from typing import Any

import pytest

from prsystem.core import redis_store
from prsystem.core.context import Actor
from prsystem.core.replica import tokens

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[Actor]:
    monkeypatch.setattr(tokens, "_silent_until", 0.0)
    tokens._client().delete(tokens._FLOOR, *tokens._client().keys("prs:escrito:*"))
    yield Actor(kind="user", label="ana", user_id=7)
    redis_store.client.cache_clear()


def test_a_position_never_goes_back(reader: Actor) -> None:
    tokens._client().set(tokens._FLOOR, 5)
    for position in (100, 300, 200):
        tokens.remember(reader, position)
    assert tokens.required_by(reader) == 300
    assert tokens.required_by(Actor(kind="api_key", label="erp")) == 5
    assert 0 < tokens._client().ttl(tokens._key(reader)) <= tokens.KEPT_SECONDS


def test_an_empty_store_asks_for_what_the_primary_has_now(reader: Actor) -> None:
    now = tokens.position_after_write()
    first = tokens.required_by(reader)
    assert now <= first < tokens.EVERYTHING
    assert tokens.required_by(reader) == first, "kept for the next reader"


def test_without_redis_only_the_primary_will_do(reader: Actor, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1"
    redis_store.client.cache_clear()
    tokens.remember(reader, 100)
    assert tokens.required_by(reader) == tokens.EVERYTHING
