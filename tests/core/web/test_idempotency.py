"""Repeated writes are known again after a rotation of the site's key, and after an update from when there was none."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.test import override_settings

from incidents.models import Incident
from prsystem.accounts.models import User
from prsystem.core.api import idempotency
from prsystem.core.models import IdempotencyRecord
from prsystem.core.web import once
from tests.people import actor, api

pytestmark = pytest.mark.django_db
OLD, NEW = "a" * 50, "b" * 50
TOKEN = "f" * 32
REPORT = {"titulo": "Ruido", "descripcion": "Vibra al arrancar.", "area": "PROD"}


def before_rotation() -> override_settings:
    return override_settings(SECRET_KEY=OLD, SECRET_KEY_FALLBACKS=[])


@contextmanager
def before_keys() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for module in (once, idempotency):
            patch.setattr(module, "fingerprints_of", lambda text: [hashlib.sha256(text.encode()).hexdigest()])
        yield


BEFORE = pytest.mark.parametrize("before", [before_rotation, before_keys])


@pytest.fixture(autouse=True)
def _rotated(settings: object) -> Iterator[None]:
    """docs/runbooks/rotacion-de-claves.md."""
    with override_settings(SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=[OLD]):
        yield


def report(user: User, **changed: str) -> tuple[int, str]:
    answer = api(user).post("/api/incidencias", {**REPORT, **changed}, headers={"Idempotency-Key": "una"})
    return answer.status_code, answer.headers.get("Idempotent-Replayed", "")


@BEFORE
def test_a_repeated_call_is_known_again(before: Callable[[], override_settings], ana: User) -> None:
    with before():
        assert report(ana) == (201, "")
    assert report(ana) == (201, "true")
    assert report(ana, titulo="Otro")[0] == 422
    assert Incident.objects.count() == 1


@BEFORE
def test_a_form_sent_again_does_nothing_again(before: Callable[[], override_settings], ana: User) -> None:
    runs: list[str] = []

    def send(content: str) -> str:
        return once.form_once(actor(ana), TOKEN, [content], lambda: runs.append(content) or str(len(runs)))  # type: ignore[func-returns-value]

    with before():
        assert send("a") == "1"
    assert [send("a"), send("a"), send("corregido"), send("a"), send("corregido")] == ["1", "1", "2", "1", "2"]
    assert runs == ["a", "corregido"]
    assert not IdempotencyRecord.objects.exclude(status=once.DONE).exists()
