"""Two at once who each take away what the other one leaves: the last administrator and the last second factor stay."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep
from typing import Any

import pytest
from django.db import connection

from prsystem.accounts import services
from prsystem.accounts.mfa import services as factors
from prsystem.accounts.mfa.models import Authenticator
from prsystem.accounts.models import User
from prsystem.core.errors import Conflict, NotAllowed
from prsystem.core.rights import Role
from tests.people import actor, make_user

pytestmark = pytest.mark.django_db(transaction=True)
BETWEEN_SECONDS = 0.2  # between looking and the end: without a lock the other one looks in between


def slowly(look: Callable[..., Any]) -> Callable[..., Any]:
    def looked(*given: Any) -> Any:
        found = look(*given)
        sleep(BETWEEN_SECONDS)
        return found

    return looked


def at_once(first: Callable[[], object], second: Callable[[], object]) -> list[str]:
    """What became of two calls that begin together: `done`, or the code of the refusal."""
    together = Barrier(2)

    def outcome(call: Callable[[], object]) -> str:
        together.wait(10)
        try:
            call()
        except (Conflict, NotAllowed) as error:
            return error.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(outcome, (first, second)))


def test_two_administrators_who_switch_each_other_off_leave_one(eva: User, monkeypatch: pytest.MonkeyPatch) -> None:
    other = make_user("olga", Role.ADMIN)
    one, two = actor(eva), actor(other)
    monkeypatch.setattr(services, "has_administrator", slowly(services.has_administrator))
    ends = at_once(
        lambda: services.user_set_active(actor=one, user_id=other.pk, is_active=False),
        lambda: services.user_set_active(actor=two, user_id=eva.pk, is_active=False),
    )
    assert ends == [Conflict.code, "done"]
    assert User.objects.filter(pk__in=(eva.pk, other.pk), is_active=True).count() == 1


def test_the_last_second_factor_that_a_role_asks_for_stays(eva: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(factors, "is_factor_required", slowly(lambda _user: True))
    kinds = {"user": eva, "kind": Authenticator.Kind.WEBAUTHN, "confirmed_at": eva.date_joined}
    ids = [Authenticator.objects.create(**kinds, name=name, credential_id=name.encode()).pk for name in ("a", "b")]
    who = actor(eva)
    first, second = (lambda pk=pk: factors.factor_remove(actor=who, user=eva, factor_id=pk) for pk in ids)
    assert at_once(first, second) == ["done", NotAllowed.code]
    assert Authenticator.objects.filter(user=eva).count() == 1
