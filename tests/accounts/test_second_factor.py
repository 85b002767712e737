"""The second factor: codes of an app, recovery codes, roles that ask for it, proof again before grave steps."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP

from audit.models import AuditEntry
from prsystem.accounts.mfa.codes import address_of, opened, recovery_digests, step_of
from prsystem.accounts.mfa.models import Authenticator, RecoveryCode
from prsystem.accounts.mfa.services import app_confirm, app_prepare
from prsystem.accounts.models import User
from prsystem.accounts.sign_in import throttle
from prsystem.core.rights import Role
from prsystem.runtime.services import setting_set
from tests.people import PASSWORD, actor, api, browser, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_attempts_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "_PREFIX", f"prs:login:{uuid4()}:")
    monkeypatch.setattr(throttle, "_redis_silent_until", 0.0)


@pytest.fixture
def rosa() -> User:
    return make_user("rosa", Role.ADMIN, password=PASSWORD)


def code_of(secret: bytes, later: int = 0) -> str:
    totp = TOTP(secret)
    totp.time = timezone.now().timestamp() + later
    return f"{totp.token():06d}"


@pytest.fixture
def app(rosa: User) -> tuple[bytes, list[str]]:
    """Set up a while ago, so that the present code is unused; its secret and the recovery codes."""
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        secret = app_prepare(actor=actor(rosa), user=rosa)
        codes = app_confirm(actor=actor(rosa), user=rosa, code=code_of(secret), name="Teléfono")
    return secret, codes


def first_step(client: Client) -> Any:
    return client.post("/entrar", {"username": "rosa", "password": PASSWORD, "next": "/cuenta/"})


def login(otp: str | None = None) -> Any:
    body = {"username": "rosa", "password": PASSWORD}
    return api().post("/api/auth/login", body if otp is None else {**body, "otp": otp})


def is_in(client: Client) -> bool:
    return client.get("/cuenta/").status_code == 200


def test_the_password_alone_lets_nobody_in(app: Any) -> None:
    client = Client()
    assert first_step(client).headers["Location"] == "/entrar/segundo-paso"
    assert not is_in(client)
    assert client.get("/entrar/segundo-paso").status_code == 200
    answer = client.post("/entrar/segundo-paso", {"codigo": code_of(app[0])})
    assert answer.headers["Location"] == "/cuenta/"
    assert is_in(client)


def test_a_code_works_once_through_any_door(app: Any) -> None:
    code = code_of(app[0])
    assert login(code).status_code == 200
    again = login(code)
    assert (again.status_code, again.json()["codigo"]) == (401, "otp_invalido")
    client = Client()
    first_step(client)
    assert client.post("/entrar/segundo-paso", {"codigo": code}).status_code == 422
    assert not is_in(client)


@pytest.mark.parametrize(
    "code", ["", "000000x", "12345", "1234567", "١٢٣٤٥٦", "\x00", "a" * 5000, "-12345", "1e5", " "]
)
def test_what_is_no_code_is_refused(code: str, app: Any) -> None:
    client = Client()
    first_step(client)
    assert client.post("/entrar/segundo-paso", {"codigo": code}).status_code == 422
    assert not is_in(client)


def test_the_api_asks_for_a_code_and_says_so(app: Any) -> None:
    assert (login().status_code, login().json()["codigo"]) == (401, "otp_requerido")
    assert login("000000").json()["codigo"] == "otp_invalido"
    assert login(app[1][0]).status_code == 200
    assert login(app[1][0].lower().replace("-", " ")).status_code == 401


def test_guessing_codes_ends_soon_and_with_it_the_right_one(app: Any) -> None:
    client = Client()
    first_step(client)
    tries = [client.post("/entrar/segundo-paso", {"codigo": f"{n:06d}"}).status_code for n in range(6)]
    assert tries == [422] * 5 + [429]
    client = Client()
    first_step(client)
    assert client.post("/entrar/segundo-paso", {"codigo": code_of(app[0])}).status_code == 429
    assert AuditEntry.objects.filter(accion="second_factor.refused", resultado="denegado").count() == 5


def test_the_first_step_is_forgotten_after_five_minutes(app: Any) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = Client()
        first_step(client)
        clock.shift(301)
        assert client.post("/entrar/segundo-paso", {"codigo": code_of(app[0])}).headers["Location"] == "/entrar"
    assert Client().get("/entrar/segundo-paso").headers["Location"] == "/entrar"


def test_an_earlier_and_a_later_code_count_and_no_others(app: Any) -> None:
    secret = app[0]
    with time_machine.travel(timezone.now(), tick=False):
        found = [step_of(secret, code_of(secret, 30 * n), -1) is not None for n in range(-2, 3)]
    assert found == [False, True, True, True, False]


def test_setting_an_app_up(rosa: User) -> None:
    page = browser(rosa)
    seen = page.get("/cuenta/segundo-factor").content.decode()
    assert "<svg" in seen
    assert "style=" not in seen.partition('class="qr')[2].partition("</svg>")[0]
    secret = opened(Authenticator.objects.get().sealed_secret)
    wrong = page.post("/cuenta/segundo-factor", {"accion": "confirmar", "codigo": "000000"})
    assert wrong.status_code == 422
    right = page.post("/cuenta/segundo-factor", {"accion": "confirmar", "codigo": code_of(secret), "nombre": "Mi <b>"})
    assert right.status_code == 200
    codes = right.context["codes"]
    assert len(set(codes)) == 10
    assert {recovery_digests(code)[0] for code in codes} == set(RecoveryCode.objects.values_list("digest", flat=True))
    assert "Mi &lt;b&gt;" in right.content.decode()
    assert page.get("/cuenta/segundo-factor").context["codes"] == []


def test_nothing_usable_is_in_the_database_or_the_trail(app: Any) -> None:
    secret, codes = app
    kept = str(list(Authenticator.objects.values())) + str(list(RecoveryCode.objects.values()))
    told = json.dumps(list(AuditEntry.objects.values("detalles")))
    for text in [repr(secret), secret.hex(), *codes, *(code.replace("-", "") for code in codes)]:
        assert text not in kept
        assert text not in told


def test_new_recovery_codes_void_the_old_ones(app: Any, rosa: User) -> None:
    page = browser(rosa)
    new = page.post("/cuenta/segundo-factor", {"accion": "codigos"}).context["codes"]
    assert login(app[1][0]).status_code == 401
    assert login(new[0]).status_code == 200


def test_taking_the_last_one_away_leaves_a_password_alone(app: Any, rosa: User) -> None:
    factor = Authenticator.objects.get(confirmed_at__isnull=False)
    browser(rosa).post("/cuenta/segundo-factor", {"accion": "quitar", "factor": factor.pk})
    assert login().status_code == 200
    assert not RecoveryCode.objects.exists()


def test_nobody_takes_away_what_is_of_another(app: Any, ana: User) -> None:
    factor = Authenticator.objects.get(confirmed_at__isnull=False)
    answer = browser(ana).post("/cuenta/segundo-factor", {"accion": "quitar", "factor": factor.pk})
    assert answer.status_code == 404
    assert Authenticator.objects.filter(pk=factor.pk).exists()


def test_a_role_may_ask_for_it(rosa: User, ana: User) -> None:
    setting_set(actor=actor(rosa), key="mfa_roles", value=["admin"])
    owing = login()
    assert (owing.status_code, owing.json()["codigo"]) == (403, "segundo_factor_sin_configurar")
    client = Client()
    first_step(client)
    assert client.get("/incidencias/").headers["Location"] == "/cuenta/segundo-factor"
    assert client.get("/api/yo").status_code == 403
    assert client.get("/admin/").headers["Location"] == "/cuenta/segundo-factor"
    assert client.get("/cuenta/segundo-factor").status_code == 200
    secret = opened(Authenticator.objects.get().sealed_secret)
    client.post("/cuenta/segundo-factor", {"accion": "confirmar", "codigo": code_of(secret)})
    assert client.get("/incidencias/").status_code == 200
    factor = Authenticator.objects.get(confirmed_at__isnull=False)
    assert client.post("/cuenta/segundo-factor", {"accion": "quitar", "factor": factor.pk}).status_code == 403
    assert browser(ana).get("/incidencias/").status_code == 200


def test_the_address_of_the_drawing_follows_the_format_of_the_apps() -> None:
    assert address_of(b"12345678901234567890", "ana ruiz", "Planta: 3") == (
        "otpauth://totp/Planta%20%203%3Aana%20ruiz?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        "&issuer=Planta%20%203&algorithm=SHA1&digits=6&period=30"
    )


GRAVE = ["admin:integrations_apikey_add", "admin:integrations_endpoint_add", "admin:integrations_allowedtarget_add"]
GRAVE += ["admin:accounts_rolegrant_add", "admin:accounts_user_add", "admin:accounts_directorygroup_add"]


@pytest.mark.parametrize("name", GRAVE)
def test_grave_steps_ask_for_proof_ten_minutes_after_signing_in(name: str, rosa: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = Client()
        client.force_login(rosa, backend="django.contrib.auth.backends.ModelBackend")
        clock.shift(599)
        assert client.get(reverse(name)).templates[0].name != "step_up.html"
        clock.shift(2)
        asked = client.get(reverse(name))
        assert asked.templates[0].name == "step_up.html"
        wrong = client.post(reverse(name), {"confirmacion": "mala"})
        assert (wrong.status_code, wrong.templates[0].name) == (403, "step_up.html")
        right = client.post(reverse(name), {"confirmacion": PASSWORD})
        assert right.templates[0].name != "step_up.html"
        assert client.get(reverse(name)).templates[0].name != "step_up.html"


def test_what_was_sent_goes_on_after_the_proof(rosa: User, mant: Any) -> None:
    values = {"user": rosa.pk, "role": Role.AUDITOR, "area": mant.pk}
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = Client()
        client.force_login(rosa, backend="django.contrib.auth.backends.ModelBackend")
        clock.shift(700)
        asked = client.post(reverse("admin:accounts_rolegrant_add"), values)
        assert not rosa.grants.filter(role=Role.AUDITOR).exists()
        kept = dict(asked.context["kept"])
        client.post(reverse("admin:accounts_rolegrant_add"), {**kept, "confirmacion": PASSWORD})
    assert rosa.grants.filter(role=Role.AUDITOR, area=mant).exists()


def test_whoever_has_a_second_factor_proves_it_with_a_code(app: Any, rosa: User) -> None:
    page = reverse("admin:accounts_rolegrant_add")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = browser(rosa)
        clock.shift(700)
        assert client.post(page, {"confirmacion": PASSWORD}).status_code == 403
        assert client.post(page, {"confirmacion": code_of(app[0])}).status_code == 200


def test_the_api_says_that_proof_is_needed(rosa: User) -> None:
    from rest_framework.request import Request
    from rest_framework.test import APIRequestFactory

    from prsystem.accounts.api.authentication import TokenAuthentication
    from prsystem.core.web.step_up import ProvedLately, StepUpRequired

    def allowed(access: str) -> bool:
        request = Request(
            APIRequestFactory().get("/", HTTP_AUTHORIZATION=f"Bearer {access}"), authenticators=[TokenAuthentication()]
        )
        assert request.user == rosa
        return ProvedLately().has_permission(request, None)

    with time_machine.travel(timezone.now(), tick=False) as clock:
        first = login().json()
        assert allowed(first["access"])
        refreshed = api().post("/api/auth/refresh", {"refresh": first["refresh"]}).json()
        with pytest.raises(StepUpRequired) as refusal:
            allowed(refreshed["access"])
        assert (refusal.value.status, refusal.value.code) == (403, "step_up_requerido")
        clock.shift(601)
        with pytest.raises(StepUpRequired):
            allowed(first["access"])
