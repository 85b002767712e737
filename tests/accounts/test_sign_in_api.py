import base64
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import redis
import time_machine
from django.contrib.auth import hashers
from django.test import Client
from django.utils import timezone

from audit.models import AuditEntry
from prsystem.accounts.models import RefreshToken, User
from prsystem.accounts.sessions.tokens import access_token_for
from prsystem.accounts.sign_in import throttle
from prsystem.core.context import SYSTEM
from prsystem.runtime.services import setting_set
from tests.people import PASSWORD, api, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_attempts_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counters of this test alone: other test processes share the Redis."""
    monkeypatch.setattr(throttle, "_PREFIX", f"prs:login:{uuid4()}:")
    monkeypatch.setattr(throttle, "_redis_silent_until", 0.0)


@pytest.fixture
def rosa() -> User:
    return make_user("rosa", password=PASSWORD, full_name="Rosa Vera")


def sign_in(username: str = "rosa", password: str = PASSWORD, **extra: Any) -> Any:
    return api().post("/api/auth/login", {"username": username, "password": password}, **extra)


def claims(access: str) -> dict[str, Any]:
    part = access.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_right_password_gives_tokens_that_work(rosa: User) -> None:
    answer = sign_in()
    assert answer.status_code == 200
    assert set(answer.json()) == {"access", "refresh", "expira_en"}
    assert answer.json()["expira_en"] == 3600
    me = api()
    me.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access']}")
    assert me.get("/api/yo").json()["username"] == "rosa"


@pytest.mark.parametrize("spelling", ["ROSA", "  rosa ", "ｒｏｓａ"])
def test_one_person_is_one_account_however_the_name_is_spelt(rosa: User, spelling: str) -> None:
    assert sign_in(spelling).status_code == 200


def test_wrong_password_and_unknown_name_look_the_same(rosa: User) -> None:
    wrong, unknown = sign_in(password="otra-cosa-123"), sign_in("nadie")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.headers["Content-Type"] == "application/problem+json"
    bodies = [dict(answer.json(), request_id="") for answer in (wrong, unknown)]
    assert bodies[0] == bodies[1]
    assert bodies[0]["codigo"] == "credenciales_invalidas"


@pytest.mark.parametrize("where", ["api", "page"])
def test_known_and_unknown_names_cost_the_same_hashing(where: str, rosa: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """One call of the hasher for a wrong password, no such name, an account that is off or has no password here."""
    make_user("baja", password=PASSWORD, is_active=False)
    make_user("directorio")
    hashed: list[str] = []
    for name in ("encode", "verify"):
        real = getattr(hashers.Argon2PasswordHasher, name)
        counted = lambda self, *args, _real=real, **kw: hashed.append("x") or _real(self, *args, **kw)  # noqa: E731
        monkeypatch.setattr(hashers.Argon2PasswordHasher, name, counted)
    costs = {}
    for username in ("rosa", "nadie", "baja", "directorio"):
        hashed.clear()
        body = {"username": username, "password": "mala-clave-000"}
        answer = sign_in(**body) if where == "api" else Client().post("/entrar", body)
        costs[username] = (answer.status_code, len(hashed))
    assert set(costs.values()) == {(401 if where == "api" else 200, 1)}, costs


def test_inactive_account_is_refused_like_a_wrong_password(rosa: User) -> None:
    User.objects.filter(pk=rosa.pk).update(is_active=False)
    assert sign_in().json()["codigo"] == "credenciales_invalidas"


def test_sixth_attempt_in_a_minute_waits(rosa: User) -> None:
    statuses = [sign_in(password="mala-clave-000").status_code for _ in range(5)]
    sixth = sign_in()
    assert statuses == [401] * 5
    assert sixth.status_code == 429
    assert 1 <= int(sixth.headers["Retry-After"]) <= 60
    assert sixth.json()["codigo"] == "demasiadas_peticiones"


def test_another_spelling_or_address_header_does_not_dodge_the_limit(rosa: User) -> None:
    for spelling in ("rosa", "ROSA", " rosa", "ｒｏｓａ", "Rosa "):
        sign_in(spelling, "mala-clave-000", HTTP_X_FORWARDED_FOR="203.0.113.9")
    assert sign_in("rosa", HTTP_X_FORWARDED_FOR="203.0.113.10").status_code == 429


def test_another_account_is_not_held_up(rosa: User) -> None:
    make_user("pepe", password=PASSWORD)
    for _ in range(6):
        sign_in(password="mala-clave-000")
    assert sign_in("pepe").status_code == 200


def test_successes_do_not_count(rosa: User) -> None:
    assert [sign_in().status_code for _ in range(8)] == [200] * 8


def test_limit_holds_without_redis(rosa: User, monkeypatch: pytest.MonkeyPatch) -> None:
    dead = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.1)
    monkeypatch.setattr(throttle, "_client", lambda: dead)
    statuses = [sign_in(password="mala-clave-000").status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]


def test_success_without_redis_forgets_the_failures(rosa: User, monkeypatch: pytest.MonkeyPatch) -> None:
    dead = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.1)
    monkeypatch.setattr(throttle, "_client", lambda: dead)
    statuses = [sign_in(password=word).status_code for word in ["mala", "mala", PASSWORD, "mala", "mala", "mala"]]
    assert statuses == [401, 401, 200, 401, 401, 401]


def test_account_is_locked_after_five_failures_even_for_the_right_password(
    rosa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        sign_in(password="mala-clave-000")
    monkeypatch.setattr(throttle, "_PREFIX", f"prs:login:{uuid4()}:")  # the minute is over
    locked = sign_in()
    assert locked.status_code == 423
    assert locked.json()["codigo"] == "cuenta_bloqueada"
    assert int(locked.headers["Retry-After"]) > 60


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": "rosa"},
        {"username": 7, "password": "x"},
        {"username": "rosa", "password": ["x"]},
        {"username": None, "password": "x"},
        {"username": "ro\x00sa", "password": "x"},
        {"username": "a" * 151, "password": "x"},
        {"username": "rosa", "password": True},
    ],
)
def test_bad_bodies_are_refused_by_field(body: dict[str, Any]) -> None:
    answer = api().post("/api/auth/login", body)
    assert answer.status_code == 400
    assert set(answer.json()["errores"]) <= {"username", "password"}
    assert answer.json()["errores"]


def test_lone_surrogates_in_the_name_are_refused() -> None:
    body = b'{"username": "\\ud800", "password": "\\udfff"}'
    answer = api().generic("POST", "/api/auth/login", body, content_type="application/json")
    assert answer.status_code == 400


def test_sign_ins_are_audited_without_the_password(rosa: User) -> None:
    sign_in(password="mala-clave-000")
    sign_in("contraseña-escrita-en-el-nombre", "x")
    sign_in()
    entries = list(AuditEntry.objects.order_by("id").values_list("accion", "recurso", "resultado"))
    assert entries == [
        ("session.refused", f"usuario:{rosa.pk}", "denegado"),
        ("session.refused", "usuario:desconocido", "denegado"),
        ("session.started", f"usuario:{rosa.pk}", "ok"),
    ]
    told = json.dumps(list(AuditEntry.objects.values("detalles", "actor", "recurso")))
    assert "mala-clave" not in told
    assert "contrase" not in told
    assert PASSWORD not in told


def test_access_token_says_who_made_it_and_for_whom(rosa: User) -> None:
    told = claims(sign_in().json()["access"])
    assert (told["iss"], told["aud"], told["token_type"], told["sub"]) == (
        "pr-system",
        "pr-system-api",
        "access",
        str(rosa.pk),
    )
    assert len(told["jti"]) == 32
    assert told["exp"] - told["iat"] == 3600


def test_token_of_a_deactivated_or_changed_account_is_void(rosa: User) -> None:
    client = api(rosa)
    assert client.get("/api/yo").status_code == 200
    User.objects.filter(pk=rosa.pk).update(is_active=False)
    assert client.get("/api/yo").status_code == 401
    User.objects.filter(pk=rosa.pk).update(is_active=True)
    rosa.set_password("Otra-Clave-Larga-9")
    rosa.save()
    assert client.get("/api/yo").status_code == 401


@pytest.mark.parametrize("header", ["Bearer", "Bearer x", "Bearer a.b.c", "Bearer a b", "Basic cm9zYTp4", "Bearer ñ"])
def test_bad_tokens_are_401(header: str) -> None:
    answer = api().get("/api/yo", HTTP_AUTHORIZATION=header)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'
    assert answer.json()["codigo"] == "no_autenticado"


def test_forged_tokens_are_401(rosa: User) -> None:
    head, body, signature = access_token_for(rosa).split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    for forged in (f"{none}.{body}.", f"{head}.{body}.{signature[::-1]}"):
        client = api()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {forged}")
        assert client.get("/api/yo").status_code == 401


def refresh(token: Any) -> Any:
    return api().post("/api/auth/refresh", {"refresh": token})


def test_refresh_works_once_and_gives_a_successor(rosa: User) -> None:
    first = sign_in().json()["refresh"]
    second = refresh(first)
    assert second.status_code == 200
    assert second.json()["refresh"] != first
    assert refresh(second.json()["refresh"]).status_code == 200


def test_reuse_ends_the_whole_family_and_is_audited(rosa: User) -> None:
    other = sign_in().json()["refresh"]
    first = sign_in().json()["refresh"]
    second = refresh(first).json()["refresh"]
    assert refresh(first).status_code == 401
    assert refresh(second).status_code == 401
    assert refresh(other).status_code == 200
    assert AuditEntry.objects.filter(accion="session.refresh_reused", resultado="denegado").count() == 1


def test_refresh_tokens_are_kept_as_digests(rosa: User) -> None:
    raw = sign_in().json()["refresh"]
    assert raw not in json.dumps(list(RefreshToken.objects.values()), default=str)


def test_expired_unknown_and_void_refresh_tokens_are_401(rosa: User) -> None:
    token = sign_in().json()["refresh"]
    RefreshToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert refresh(token).status_code == 401
    assert refresh("no-existe").status_code == 401
    token = sign_in().json()["refresh"]
    rosa.set_password("Otra-Clave-Larga-9")
    rosa.save()
    assert refresh(token).status_code == 401


def test_refresh_lasts_seven_days(rosa: User) -> None:
    sign_in()
    left = RefreshToken.objects.get().expires_at - timezone.now()
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)


def test_sign_out_ends_the_family_and_tells_nothing(rosa: User) -> None:
    token = sign_in().json()["refresh"]
    assert api().post("/api/auth/logout", {"refresh": token}).status_code == 204
    assert refresh(token).status_code == 401
    assert api().post("/api/auth/logout", {"refresh": "no-existe"}).status_code == 204


@pytest.mark.parametrize("body", [{}, {"refresh": 5}, {"refresh": None}, {"refresh": "a\x00"}, {"refresh": "a" * 201}])
def test_bad_refresh_bodies(body: dict[str, Any]) -> None:
    assert api().post("/api/auth/refresh", body).status_code == 400
    assert api().post("/api/auth/logout", body).status_code == 400


def test_who_am_i(ana: User) -> None:
    assert api().get("/api/yo").status_code == 401
    assert api(ana).get("/api/yo").json() == {
        "id": str(ana.pk),
        "username": "ana",
        "nombre": "Ana Ruiz",
        "roles": ["reporter"],
        "areas": ["PROD"],
        "idioma": "es",
    }


def test_a_sign_in_of_the_api_ends_however_often_it_is_refreshed(rosa: User) -> None:
    """Renewed every few days, with its used tokens cleaned away as time goes by."""
    with time_machine.travel(timezone.now() - timedelta(days=29)) as clock:
        token = sign_in().json()["refresh"]
        for _week in range(4):
            clock.shift(timedelta(days=6))
            token = refresh(token).json()["refresh"]
            RefreshToken.objects.exclude(used_at=None).delete()
        clock.shift(timedelta(days=4))
        last = RefreshToken.objects.get()
        assert last.expires_at - last.began_at == timedelta(days=30), "seven days more would be too many"
        clock.shift(timedelta(days=3))
        assert refresh(token).status_code == 401
        assert RefreshToken.objects.count() == 1


def test_families_of_before_end_too_and_shorter_days_count_at_once(rosa: User) -> None:
    token = sign_in().json()["refresh"]
    RefreshToken.objects.update(began_at=None, created_at=timezone.now() - timedelta(days=400))
    assert refresh(token).status_code == 401
    token = sign_in().json()["refresh"]
    RefreshToken.objects.update(began_at=timezone.now() - timedelta(days=20))
    setting_set(actor=SYSTEM, key="api_session_days", value=10)
    assert refresh(token).status_code == 401
    setting_set(actor=SYSTEM, key="api_session_days", value=25)
    assert refresh(token).status_code == 200
