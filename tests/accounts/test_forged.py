"""A hundred forged tokens and headers: each is refused and written down, none is a 500, none lets anybody in."""

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.conf import settings
from django.test import Client

from prsystem.accounts.models import User
from prsystem.accounts.sessions.refreshing import refresh_issue
from prsystem.accounts.sessions.tokens import access_token_for, password_stamp
from tests.people import api
from tests.refusals import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_refusals")]
Maker = Callable[[User], str]


def b64(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def claims(user: User, **changed: Any) -> dict[str, Any]:
    now = int(time.time())
    right = {
        "token_type": "access",
        "exp": now + 3600,
        "iat": now,
        "jti": uuid.uuid4().hex,
        "aud": "pr-system-api",
        "iss": "pr-system",
        "sub": str(user.pk),
        "sello": password_stamp(user),
    }
    return {name: value for name, value in {**right, **changed}.items() if value is not DROP}


DROP = object()


def signed(
    user: User, *, key: Any = None, alg: str = "HS256", head: dict[str, Any] | None = None, **changed: Any
) -> str:
    return jwt.encode(claims(user, **changed), key or settings.SECRET_KEY, algorithm=alg, headers=head)


def by_hand(user: User, head: Any, *, key: bytes | None = None, **changed: Any) -> str:
    """Signed rightly with HMAC-SHA256, whatever the header says."""
    content = f"{b64(head)}.{b64(claims(user, **changed))}"
    secret = settings.SECRET_KEY.encode() if key is None else key
    return f"{content}.{b64(hmac.new(secret, content.encode(), hashlib.sha256).digest())}"


def unsigned(user: User, head: Any) -> str:
    return f"{b64(head)}.{b64(claims(user))}."


RSA = rsa.generate_private_key(65537, 2048)
EC = ec.generate_private_key(ec.SECP256R1())
PUBLIC = RSA.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
NOW = int(time.time())


def cut(user: User, part: int) -> str:
    parts = access_token_for(user).split(".")
    parts[part] = parts[part][:-3]
    return ".".join(parts)


def part_changed(user: User, part: int, text: str) -> str:
    parts = access_token_for(user).split(".")
    parts[part] = text
    return ".".join(parts)


TOKENS: dict[str, Maker] = {
    # algorithm none, in every spelling, with and without a signature
    **{
        f"alg {alg!r}": (lambda user, alg=alg: unsigned(user, {"alg": alg, "typ": "JWT"}))
        for alg in ("none", "None", "NONE", "nOnE", "", None, 0, [], {}, "null")
    },
    **{
        f"signed alg {alg!r}": (lambda user, alg=alg: by_hand(user, {"alg": alg, "typ": "JWT"}))
        for alg in ("none", "None", "", None, ["HS256"], "hs256", "HS256 ", "HS1", "RS256", "ES256")
    },
    "no alg": lambda user: by_hand(user, {"typ": "JWT"}),
    "header is a list": lambda user: by_hand(user, ["HS256"]),
    "header is text": lambda user: by_hand(user, "HS256"),
    "header is null": lambda user: by_hand(user, None),
    # wrong key or algorithm
    "another key": lambda user: signed(user, key="x" * 50),
    "empty key": lambda user: by_hand(user, {"alg": "HS256"}, key=b""),
    "null byte key": lambda user: by_hand(user, {"alg": "HS256"}, key=b"\0"),
    "public key as secret": lambda user: by_hand(user, {"alg": "HS256"}, key=PUBLIC),
    "HS384": lambda user: signed(user, alg="HS384"),
    "HS512": lambda user: signed(user, alg="HS512"),
    "RS256": lambda user: signed(user, key=RSA, alg="RS256"),
    "PS256": lambda user: signed(user, key=RSA, alg="PS256"),
    "ES256": lambda user: signed(user, key=EC, alg="ES256"),
    # key by header; with another key, since a header that is ignored does no harm
    **{
        f"{name} {value!r}": (lambda user, name=name, value=value: signed(user, key="x" * 50, head={name: value}))
        for name, value in {
            "kid": "../../../../dev/null",
            "jku": "https://malo.example/jwks.json",
            "x5u": "https://malo.example/cert.pem",
            "x5c": ["MIIB"],
            "jwk": {"kty": "oct", "k": b64(b"x" * 50)},
            "crit": ["exp"],
            "b64": False,
            "cty": "JWT",
            "zip": "DEF",
            "enc": "A256GCM",
        }.items()
    },
    "kid sql": lambda user: signed(user, key="x" * 50, head={"kid": "1' UNION SELECT 'x"}),
    "kid dev null": lambda user: by_hand(user, {"alg": "HS256", "kid": "/dev/null"}, key=b""),
    "kid secret file": lambda user: signed(user, key="x" * 50, head={"kid": "file:///etc/passwd"}),
    "kid null": lambda user: by_hand(user, {"alg": "HS256", "kid": "\x00"}, key=b"x"),
    # claims
    "expired": lambda user: signed(user, exp=NOW - 10),
    "expired long ago": lambda user: signed(user, exp=1),
    "no exp": lambda user: signed(user, exp=DROP),
    "exp null": lambda user: signed(user, exp=None),
    "exp text": lambda user: by_hand(user, {"alg": "HS256"}, exp="mañana"),
    "exp negative": lambda user: signed(user, exp=-1),
    "exp list": lambda user: by_hand(user, {"alg": "HS256"}, exp=[9999999999]),
    "not before": lambda user: signed(user, nbf=NOW + 3600),
    "made tomorrow": lambda user: signed(user, iat=NOW + 86400),
    "other audience": lambda user: signed(user, aud="otra-api"),
    "no audience": lambda user: signed(user, aud=DROP),
    "audience null": lambda user: by_hand(user, {"alg": "HS256"}, aud=None),
    "audience number": lambda user: by_hand(user, {"alg": "HS256"}, aud=7),
    "other issuer": lambda user: signed(user, iss="otro"),
    "no issuer": lambda user: signed(user, iss=DROP),
    "refresh type": lambda user: signed(user, token_type="refresh"),
    "sliding type": lambda user: signed(user, token_type="sliding"),
    "no type": lambda user: signed(user, token_type=DROP),
    "type list": lambda user: signed(user, token_type=["access"]),
    "no jti": lambda user: signed(user, jti=DROP),
    "no stamp": lambda user: signed(user, sello=DROP),
    "wrong stamp": lambda user: signed(user, sello="0" * 32),
    "empty stamp": lambda user: signed(user, sello=""),
    "stamp true": lambda user: signed(user, sello=True),
    "stamp not ascii": lambda user: signed(user, sello="ñ" * 32),
    "no subject": lambda user: signed(user, sub=DROP),
    "subject empty": lambda user: signed(user, sub=""),
    "subject text": lambda user: signed(user, sub="ana"),
    "subject of nobody": lambda user: signed(user, sub="999999"),
    "subject huge": lambda user: signed(user, sub="9" * 30),
    "subject endless": lambda user: signed(user, sub="9" * 5000),
    "subject negative": lambda user: signed(user, sub="-1"),
    "subject float": lambda user: by_hand(user, {"alg": "HS256"}, sub=1.5e300),
    "subject list": lambda user: by_hand(user, {"alg": "HS256"}, sub=[user.pk]),
    "subject object": lambda user: by_hand(user, {"alg": "HS256"}, sub={"$gt": 0}),
    "subject sql": lambda user: signed(user, sub="1 OR 1=1"),
    "subject nul": lambda user: signed(user, sub="1\x00"),
    "family of nobody": lambda user: signed(user, familia=str(uuid.uuid4())),
    "family no uuid": lambda user: signed(user, familia="x"),
    "family list": lambda user: signed(user, familia=["x"]),
    "family nul": lambda user: signed(user, familia="\x00"),
    "claims are a list": lambda user: part_changed(user, 1, b64([1])),
    # form
    "cut head": lambda user: cut(user, 0),
    "cut claims": lambda user: cut(user, 1),
    "cut signature": lambda user: cut(user, 2),
    "no signature": lambda user: part_changed(user, 2, ""),
    "signature of zeros": lambda user: part_changed(user, 2, b64(b"\0" * 32)),
    "signature not base64": lambda user: part_changed(user, 2, "!!!!"),
    "claims not base64": lambda user: part_changed(user, 1, "$$$$"),
    "claims not JSON": lambda user: part_changed(user, 1, b64(b"{")),
    "claims not UTF-8": lambda user: part_changed(user, 1, b64(b"\xff\xfe")),
    "head not JSON": lambda user: part_changed(user, 0, b64(b"\xff")),
    "deep claims": lambda user: part_changed(user, 1, b64(b"[" * 20_000)),
    "four parts": lambda user: access_token_for(user) + ".x",
    "five parts, as JWE": lambda user: ".".join([b64({"alg": "dir", "enc": "A256GCM"}), "", "x", "x", "x"]),
    "two parts": lambda user: access_token_for(user).rpartition(".")[0],
    "dots": lambda user: "..",
    "many dots": lambda user: "." * 3000,
    "long": lambda user: "a" * 7000,
    "JSON": lambda user: json.dumps({"token": access_token_for(user)}),
    "quoted": lambda user: f'"{access_token_for(user)}"',
    "twice": lambda user: f"{access_token_for(user)},{access_token_for(user)}",
    "with blank within": lambda user: access_token_for(user).replace(".", " .", 1),
    "another kind of secret": lambda user: refresh_issue(user).raw,
    "null": lambda user: "null",
    "undefined": lambda user: "undefined",
    "accents": lambda user: "ñandú.ñandú.ñandú",
    "CR LF": lambda user: "x\r\nX-Usuario: eva",
    "template": lambda user: "${jndi:ldap://127.0.0.1/x}",
}


def test_the_list_is_long_enough() -> None:
    assert len(TOKENS) >= 100


@pytest.mark.parametrize("name", TOKENS)
def test_a_forged_token_is_refused(name: str, ana: User) -> None:
    client = api()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {TOKENS[name](ana)}")
    answer = client.get("/api/yo")
    assert answer.status_code == 401, answer.content
    body = answer.json()
    assert (body["status"], body["codigo"]) == (401, "no_autenticado")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    (entry,) = refused("token.refused")
    assert entry.recurso == "token:api"
    assert "eyJ" not in json.dumps(entry.detalles)


def test_the_right_token_made_by_the_same_hand_is_accepted(ana: User) -> None:
    """Or the refusals above would prove nothing."""
    for token in (signed(ana), by_hand(ana, {"alg": "HS256", "typ": "JWT"})):
        client = api()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        assert client.get("/api/yo").status_code == 200


SCHEMES = [
    "",
    "Bearer",
    "bearer ",
    "Basic YW5hOmFuYQ==",
    "Digest username=ana",
    "Negotiate YII=",
    "NTLM TlRM",
    "Token x",
]
SCHEMES += ["Bearer\tx", "Bearer  ", "JWT x.y.z", "AWS4-HMAC-SHA256 x", "Bearer " + "x " * 50, "\x00", "ñ", "Basic"]


@pytest.mark.parametrize("header", SCHEMES)
def test_another_scheme_is_refused(header: str) -> None:
    assert api().get("/api/yo", HTTP_AUTHORIZATION=header).status_code == 401
    assert len(refused("token.refused")) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_X_USER": "eva"},
        {"HTTP_REMOTE_USER": "eva"},
        {"HTTP_X_REMOTE_USER": "eva"},
        {"HTTP_X_FORWARDED_USER": "eva"},
        {"HTTP_X_ORIGINAL_URL": "/api/health"},
        {"HTTP_X_REWRITE_URL": "/api/health"},
        {"HTTP_X_HTTP_METHOD_OVERRIDE": "OPTIONS"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_X_FORWARDED_FOR": "::1, 127.0.0.1"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1;proto=https"},
        {"HTTP_COOKIE": "prs_session=eva"},
        {"HTTP_COOKIE": "prs_session=" + "a" * 3000},
        {"HTTP_COOKIE": "prs_session=\x00; prs_session=../../etc/passwd"},
        {"HTTP_X_CSRFTOKEN": "x"},
        {"HTTP_X_API_KEY": "prs_00000000_x"},
    ],
)
def test_headers_that_claim_somebody_let_nobody_in(headers: dict[str, str], eva: User) -> None:
    answer = api().get("/api/yo", **headers)
    assert answer.status_code == 401
    assert len(refused("token.refused") + refused("access.denied")) == 1
    assert Client().get("/cuenta/", **headers).status_code == 302


@pytest.mark.parametrize(
    "host",
    [
        "malo.example",
        "malo.example:8000",
        "127.0.0.1@malo.example",
        "localhost.malo.example",
        "a b",
        "",
        "localhost:99999x",
        "[::1",
        "localhost\x00",
    ],
)
def test_another_host_is_refused(host: str) -> None:
    for path in ("/entrar", "/api/health", "/api/auth/login"):
        assert Client().get(path, HTTP_HOST=host).status_code == 400, path
    assert [entry.detalles["estado"] for entry in refused("access.denied")] == [400] * 3


@pytest.mark.parametrize(
    "given", ["x\r\nSet-Cookie: a=b", "a\nb", "\x1b[31m", "ñ" * 20, "a" * 500, "<script>", "../../etc"]
)
def test_a_request_id_from_outside_is_kept_only_when_it_is_plain(given: str) -> None:
    answer = api().get("/api/health", HTTP_X_REQUEST_ID=given)
    assert answer.headers["X-Request-ID"] != given
    assert answer.headers["X-Request-ID"].isalnum()
    assert "Set-Cookie" not in answer.headers
