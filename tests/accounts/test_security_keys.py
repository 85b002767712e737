"""Security keys (WebAuthn) as a second factor: added, used to sign in and to prove, and every false answer."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEntry
from prsystem.accounts.mfa.challenges import KEPT
from prsystem.accounts.mfa.keys import AnswerRefused, assertion_check, creation_check, site_of
from prsystem.accounts.mfa.models import Authenticator, RecoveryCode
from prsystem.accounts.models import User
from prsystem.runtime.services import setting_set
from tests.accounts.soft_key import SoftKey
from tests.accounts.test_second_factor import app, first_step, is_in, login, no_attempts_yet, rosa
from tests.people import PASSWORD, actor, browser

__all__ = ["app", "no_attempts_yet", "rosa"]
pytestmark = pytest.mark.django_db
PAGE, STEP = "/cuenta/segundo-factor", "/entrar/segundo-paso"


def options(client: Client, path: str) -> str:
    return str(client.get(path).context["key_options"])


def add(client: Client, key: SoftKey, name: str = "Llave azul") -> Any:
    return client.post(PAGE, {"accion": "llave", "nombre": name, "llave": key.create(options(client, PAGE))})


def waiting() -> Client:
    client = Client()
    first_step(client)
    return client


@pytest.fixture
def key(rosa: User) -> SoftKey:
    """Added by rosa, as her only second factor."""
    made = SoftKey()
    assert len(add(browser(rosa), made).context["codes"]) == 10
    return made


def test_a_key_is_added_named_listed_and_removed(key: SoftKey, rosa: User) -> None:
    page = browser(rosa)
    seen = page.get(PAGE).content.decode()
    assert "Llave azul" in seen
    assert AuditEntry.objects.get(accion="second_factor.added").detalles == {"tipo": "webauthn", "nombre": "Llave azul"}
    page.post(PAGE, {"accion": "quitar", "factor": Authenticator.objects.get(kind="webauthn").pk})
    assert not Authenticator.objects.filter(kind="webauthn").exists()
    assert not RecoveryCode.objects.exists()


def test_a_key_lets_its_owner_in_and_the_password_alone_nobody(key: SoftKey) -> None:
    client = waiting()
    assert not is_in(client)
    answer = client.post(STEP, {"llave": key.get(options(client, STEP))})
    assert answer.headers["Location"] == "/cuenta/"
    assert is_in(client)
    row = Authenticator.objects.get(kind="webauthn")
    assert row.sign_count == 1
    assert row.last_used_at is not None


def test_the_api_has_no_keys_and_takes_a_recovery_code(rosa: User) -> None:
    codes = add(browser(rosa), SoftKey()).context["codes"]
    assert login().json()["codigo"] == "otp_requerido"
    assert login(codes[0]).status_code == 200


def test_an_answer_works_once(key: SoftKey) -> None:
    client = waiting()
    answer = key.get(options(client, STEP))
    client.post(STEP, {"llave": answer})
    again = waiting()
    assert again.post(STEP, {"llave": answer}).status_code == 422
    asked = options(again, STEP)
    session = again.session
    session[KEPT] = {"prove": (json.loads(asked)["challenge"], 0)}
    session.save()
    assert again.post(STEP, {"llave": key.get(asked)}).status_code == 422
    assert not is_in(again)


def test_the_same_answer_twice_at_once_counts_once(key: SoftKey) -> None:
    """Both requests read the challenge before either has taken it away; the key doesn't count, so it can't help."""
    key.step = 0
    Authenticator.objects.update(sign_count=0)
    first = waiting()
    asked = options(first, STEP)
    answer, kept = key.get(asked), first.session[KEPT]
    second = waiting()
    session = second.session
    session[KEPT] = kept
    session.save()
    found = [client.post(STEP, {"llave": answer}).status_code for client in (first, second)]
    assert found == [302, 422]


FALSE: dict[str, dict[str, Any]] = {
    "another origin": {"origin": "https://testserver.evil.example"},
    "the same host without TLS elsewhere": {"origin": "http://testserver:8443"},
    "another site": {"rp_id": "evil.example"},
    "another challenge": {"changed": {"challenge": "A" * 43}},
    "made for adding": {"changed": {"type": "webauthn.create"}},
    "in a frame of another site": {"changed": {"cross_origin": True}},
    "nobody touched it": {"changed": {"flags": 0}},
}


@pytest.mark.parametrize("what", FALSE)
def test_a_false_answer_is_refused(what: str, key: SoftKey) -> None:
    for name, value in FALSE[what].items():
        setattr(key, name, value)
    client = waiting()
    assert client.post(STEP, {"llave": key.get(options(client, STEP))}).status_code == 422
    assert not is_in(client)
    assert AuditEntry.objects.filter(accion="second_factor.refused", resultado="denegado").exists()


def test_the_key_of_another_is_refused(key: SoftKey, ana: User) -> None:
    other = SoftKey(credential_id=b"de-ana")
    add(browser(ana), other)
    client = waiting()
    assert client.post(STEP, {"llave": other.get(options(client, STEP))}).status_code == 422
    other.credential_id = key.credential_id
    assert client.post(STEP, {"llave": other.get(options(client, STEP))}).status_code == 422
    assert not is_in(client)


def test_a_copy_of_a_key_is_found_by_its_count(key: SoftKey) -> None:
    client = waiting()
    client.post(STEP, {"llave": key.get(options(client, STEP))})
    key.count = 0
    copied = waiting()
    assert copied.post(STEP, {"llave": key.get(options(copied, STEP))}).status_code == 422
    assert not is_in(copied)
    assert AuditEntry.objects.get(accion="second_factor.copied").resultado == "denegado"


def test_five_false_answers_are_the_end_for_a_while(key: SoftKey) -> None:
    client = waiting()
    tries = [client.post(STEP, {"llave": "{}"}).status_code for _n in range(6)]
    assert tries == [422] * 5 + [429]


HOSTILE = ["{", "{}", '{"id": 1}', "[]", "null", '{"response": []}', "{" * 20_000, '{"rawId": "ñ", "response": {}}']
HOSTILE += ['{"id": "a", "rawId": "b", "response": {}}', '{"rawId": "YQ", "response": {"clientDataJSON": "YQ"}}']
HOSTILE += ["[" * 15_000, "\x00", '{"rawId": null, "response": {"clientDataJSON": null}}', '{"a": ' * 3000]


@pytest.mark.parametrize("position", range(len(HOSTILE)))
def test_what_is_no_answer_is_refused_without_a_crash(position: int) -> None:
    site = site_of([], "http://testserver", "Planta")
    with pytest.raises(AnswerRefused):
        creation_check(site, "A" * 43, HOSTILE[position])
    with pytest.raises(AnswerRefused):
        assertion_check(site, "A" * 43, HOSTILE[position], [])


def test_every_cut_and_every_changed_byte_of_an_answer_is_refused() -> None:
    site, key = site_of([], "http://testserver", "Planta"), SoftKey()
    asked = json.dumps({"challenge": "A" * 43})
    made = creation_check(site, "A" * 43, key.create(asked))
    right = key.get(asked)
    assert assertion_check(site, "A" * 43, right, [made]).count == 1
    for name in ("clientDataJSON", "authenticatorData", "signature"):
        whole = json.loads(right)
        for position in range(0, len(whole["response"][name]) - 1, 7):
            text = whole["response"][name]
            changed = text[:position] + ("A" if text[position] != "A" else "B") + text[position + 1 :]
            for bad in (text[:position], changed):
                answer = {**whole, "response": {**whole["response"], name: bad}}
                with pytest.raises(AnswerRefused):
                    assertion_check(site, "A" * 43, json.dumps(answer), [made])


def test_a_key_is_added_once_and_by_one(key: SoftKey, rosa: User, ana: User) -> None:
    assert add(browser(rosa), key).status_code == 422
    assert add(browser(ana), key).status_code == 422
    assert Authenticator.objects.filter(kind="webauthn").count() == 1


def test_a_key_is_not_added_with_an_old_or_used_challenge(rosa: User) -> None:
    page, key = browser(rosa), SoftKey()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        answer = key.create(options(page, PAGE))
        clock.shift(301)
        assert page.post(PAGE, {"accion": "llave", "llave": answer}).status_code == 422
    assert page.post(PAGE, {"accion": "llave", "llave": answer}).status_code == 422
    assert not Authenticator.objects.filter(kind="webauthn").exists()


def test_a_key_proves_who_it_is_before_a_grave_step(key: SoftKey, rosa: User) -> None:
    page = reverse("admin:accounts_rolegrant_add")
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False) as clock:
        client = browser(rosa)
        clock.shift(700)
        assert client.post(page, {"confirmacion": PASSWORD}).status_code == 403
        asked = options(client, page)
        assert client.post(page, {"confirmacion": key.get(asked)}).status_code == 200


def test_whoever_must_have_one_keeps_one(key: SoftKey, app: Any, rosa: User) -> None:
    setting_set(actor=actor(rosa), key="mfa_roles", value=["admin"])
    page = browser(rosa)
    first, second = Authenticator.objects.filter(confirmed_at__isnull=False).values_list("pk", flat=True)
    assert page.post(PAGE, {"accion": "quitar", "factor": first}).status_code == 302
    assert page.post(PAGE, {"accion": "quitar", "factor": second}).status_code == 403
    assert Authenticator.objects.filter(pk=second).exists()


def test_a_key_is_what_a_role_asks_for(rosa: User) -> None:
    setting_set(actor=actor(rosa), key="mfa_roles", value=["admin"])
    client = waiting()
    assert client.get("/incidencias/").headers["Location"] == PAGE
    add(client, SoftKey())
    assert client.get("/incidencias/").status_code == 200


def test_the_site_of_keys_is_a_setting_behind_proxies(rosa: User, settings: Any) -> None:
    settings.WEBAUTHN_ORIGINS = ["https://pr.planta.example", "https://pr.planta.example:8443"]
    page = browser(rosa)
    assert json.loads(options(page, PAGE))["rp"]["id"] == "pr.planta.example"
    assert add(page, SoftKey()).status_code == 422
    far = SoftKey(origin="https://pr.planta.example:8443", rp_id="pr.planta.example")
    assert add(page, far).status_code == 200


def test_an_address_in_figures_offers_no_keys(rosa: User) -> None:
    page = Client(headers={"host": "127.0.0.1"})
    page.force_login(rosa, backend="django.contrib.auth.backends.ModelBackend")
    assert options(page, PAGE) == ""


def test_nothing_secret_of_a_key_is_kept_and_its_owner_has_no_name_in_it(key: SoftKey, rosa: User) -> None:
    asked = json.loads(options(browser(rosa), PAGE))
    assert "rosa" not in asked["user"]["id"]
    assert [found["id"] for found in asked["excludeCredentials"]]
    with connection.cursor() as cursor:
        cursor.execute("SELECT length(public_key) FROM accounts_authenticator WHERE kind = 'webauthn'")
        assert cursor.fetchone()[0] < 100
