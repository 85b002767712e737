"""Keys are made, rotated, revoked, limited; what is refused is audited without the key."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEntry
from integrations.api_keys.services import api_key_revoke, api_key_rotate
from integrations.models import ApiKey
from prsystem.accounts.models import Area, User
from prsystem.core.context import SYSTEM
from prsystem.core.errors import Conflict, InvalidInput
from tests.integrations.api_keys.makers import client, make_key
from tests.people import api, browser, make_user

pytestmark = pytest.mark.django_db
HEALTH = "/api/health/detailed"


def status(key: Any = "", **headers: str) -> int:
    return client(key, **headers).get(HEALTH).status_code


def denials() -> list[dict[str, Any]]:
    return list(
        AuditEntry.objects.filter(accion="api_key.denied").order_by("id").values("detalles", "recurso", "actor")
    )


def test_a_key_opens_what_its_scope_names() -> None:
    assert status(make_key("health:read")) == 200
    assert status(make_key("conocimiento:read")) == 403
    assert denials()[0]["detalles"] == {"motivo": "scope health:read missing"}


def test_no_key_is_401_and_a_bad_one_403() -> None:
    assert status() == 401
    made = make_key("health:read")
    bad = client("prs_abcd1234_" + "x" * 39).get(HEALTH)
    assert (bad.status_code, bad.json()["codigo"]) == (403, "clave_rechazada")
    other = make_key("health:read").text
    mixed = made.text[:13] + other[13:]
    assert status(mixed) == 403
    assert [row["detalles"]["motivo"] for row in denials()] == ["malformed", "malformed"]


def test_an_unknown_key_of_the_right_form_is_refused() -> None:
    made = make_key("health:read")
    ApiKey.objects.all().delete()
    assert status(made) == 403
    assert denials()[0] == {"detalles": {"motivo": "unknown"}, "recurso": "clave_api:desconocida", "actor": "anonymous"}


def test_a_mistyped_key_asks_nothing_of_the_keys() -> None:
    text = make_key("health:read").text
    wrong = text[:-1] + ("a" if text[-1] != "a" else "b")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert status(wrong) == 403
    assert not [query for query in queries if "integrations_apikey" in query["sql"]]


def test_what_is_kept_can_not_be_used() -> None:
    made = make_key("health:read")
    secret = made.text.rpartition("_")[2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_json(k)::text FROM integrations_apikey k")
        kept = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(to_json(a)::text, '') FROM audit_auditentry a")
        kept += cursor.fetchone()[0]
    assert made.text not in kept
    assert secret not in kept
    assert status(ApiKey.objects.get().digest) == 403


def test_expired_revoked_foreign_network_and_leaver_are_refused(prod: Area) -> None:
    late = make_key("health:read", expires_at=timezone.now() + timedelta(days=1))
    inside = make_key("health:read", networks=["10.1.0.0/16", "127.0.0.1"])
    outside = make_key("health:read", networks=["10.1.0.0/16"])
    owner = make_user("olga")
    owned = make_key("health:read", owner=owner)
    assert [status(key) for key in (late, inside, outside, owned)] == [200, 200, 403, 200]
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert status(late) == 403
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert status(owned) == 403
    api_key_revoke(actor=SYSTEM, api_key_id=inside.api_key.pk)
    assert status(inside) == 403
    assert [row["detalles"]["motivo"] for row in denials()] == [
        "other network", "revoked or expired", "revoked or expired", "revoked or expired",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("::ffff:127.0.0.1/120", "127.0.0.0/24"),
        ("::ffff:127.0.0.1", "127.0.0.1/32"),
        ("::ffff:0:0/96", "0.0.0.0/0"),
        ("fd00:1::/32", "fd00:1::/32"),
    ],
)
def test_a_network_written_as_mapped_into_ipv6_is_the_ipv4_one(given: str, kept: str) -> None:
    key = make_key("health:read", networks=[given])
    assert key.api_key.networks == [kept]
    assert status(key) == (403 if kept.startswith("fd") else 200)


def test_both_secrets_are_valid_while_a_key_is_rotated() -> None:
    old = make_key("health:read")
    new = api_key_rotate(actor=SYSTEM, api_key_id=old.api_key.pk, overlap=timedelta(hours=2))
    assert new.api_key.prefix == old.api_key.prefix
    assert (status(old), status(new)) == (200, 200)
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        assert (status(old), status(new)) == (403, 200)
    newest = api_key_rotate(actor=SYSTEM, api_key_id=old.api_key.pk)
    assert [status(key) for key in (old, new, newest)] == [403, 200, 200]


def test_a_revoked_key_is_not_rotated_and_revoking_twice_tells_once() -> None:
    made = make_key("health:read")
    for _ in range(2):
        api_key_revoke(actor=SYSTEM, api_key_id=made.api_key.pk)
    assert AuditEntry.objects.filter(accion="api_key.revoked").count() == 1
    with pytest.raises(Conflict):
        api_key_rotate(actor=SYSTEM, api_key_id=made.api_key.pk)


def test_each_key_has_its_own_rate() -> None:
    slow, fast = make_key("health:read", rate_per_minute=2), make_key("health:read")
    assert [status(slow) for _ in range(3)] == [200, 200, 429]
    answer = client(slow).get(HEALTH)
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert answer.json()["codigo"] == "demasiadas_peticiones"
    assert status(fast) == 200


def test_the_last_use_is_written_once_a_minute() -> None:
    made = make_key("health:read")
    status(made)
    first = ApiKey.objects.get().last_used_at
    status(made)
    assert ApiKey.objects.get().last_used_at == first
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        status(made)
    assert ApiKey.objects.get().last_used_at > first


def test_an_older_pepper_stays_valid_and_new_keys_take_the_newest() -> None:
    from django.conf import settings

    old = make_key("health:read")
    peppers = {**settings.API_KEY_PEPPERS, 2: "otro-secreto-de-mas-de-32-caracteres"}
    with override_settings(API_KEY_PEPPERS=peppers):
        new = make_key("health:read")
        assert (old.api_key.pepper, new.api_key.pepper) == (1, 2)
        assert (status(old), status(new)) == (200, 200)
    assert status(new) == 403


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["todo"]}, "scopes"),
        ({"scopes": ["incidencias:write"]}, "areas"),
        ({"networks": ["10.0.0.0/99"]}, "networks"),
        ({"rate_per_minute": 0}, "rate_per_minute"),
        ({"name": " "}, "nombre"),
    ],
)
def test_bad_values_are_named(fields: dict[str, Any], name: str) -> None:
    scopes = fields.pop("scopes", ["mcp"])
    with pytest.raises(InvalidInput) as error:
        make_key(*scopes, **fields)
    assert name in error.value.errors


def command(*words: str) -> str:
    out = StringIO()
    call_command("apikey", *words, stdout=out)
    return out.getvalue()


def test_the_command_makes_rotates_and_revokes(prod: Area, mant: Area) -> None:
    words = ["create", "--nombre", "MES", "--scope", "health:read", "incidencias:write", "--area", "PROD"]
    made = json.loads(command(*words, "--area", "mant", "--json"))
    assert set(made) == {"clave", "prefijo"}
    key = ApiKey.objects.get(prefix=made["prefijo"])
    assert set(key.areas.all()) == {prod, mant}
    assert status(made["clave"]) == 200
    turned = json.loads(command("rotate", made["prefijo"], "--dias", "1", "--json"))
    assert (status(made["clave"]), status(turned["clave"])) == (200, 200)
    command("revoke", made["prefijo"])
    assert (status(made["clave"]), status(turned["clave"])) == (403, 403)
    with pytest.raises(CommandError):
        command("create", "--nombre", "MES", "--scope", "mcp", "--area", "NADA")
    with pytest.raises(CommandError):
        command("revoke", "nadie")


def test_the_console_shows_a_new_key_once(eva: User, prod: Area) -> None:
    console = browser(eva)
    form = {"name": "ERP", "scopes": ["health:read"], "areas": [prod.pk], "networks": "", "rate_per_minute": 60}
    shown = console.post(reverse("admin:integrations_apikey_add"), form)
    assert shown.status_code == 200
    assert "no-store" in shown.headers["Cache-Control"]
    key = ApiKey.objects.get()
    text = shown.content.decode().split("<code>")[1].split("</code>")[0]
    assert text.startswith(f"prs_{key.prefix}_")
    assert status(text) == 200
    page = console.get(reverse("admin:integrations_apikey_change", args=[key.pk]))
    assert key.digest not in page.content.decode()
    assert AuditEntry.objects.get(accion="api_key.created").actor == "eva"


def test_the_console_changes_rotates_and_revokes(eva: User, prod: Area, mant: Area) -> None:
    console, made = browser(eva), make_key("health:read", areas=[prod])
    address = reverse("admin:integrations_apikey_change", args=[made.api_key.pk])
    form = {"name": "SAP", "scopes": ["mcp"], "areas": [mant.pk], "networks": "10.0.0.1", "rate_per_minute": 60}
    assert console.post(address, form).status_code == 302
    key = ApiKey.objects.get()
    assert (key.name, key.scopes, key.networks, list(key.areas.all())) == ("SAP", ["mcp"], ["10.0.0.1/32"], [mant])
    changed = AuditEntry.objects.get(accion="api_key.updated").detalles
    assert changed["areas"] == {"antes": ["PROD"], "despues": ["MANT"]}
    assert changed["nombre"] == {"antes": "ERP", "despues": "SAP"}
    assert console.post(address, {**form, "networks": "casa"}).status_code == 200
    listed = reverse("admin:integrations_apikey_changelist")
    turned = console.post(listed, {"action": "rotate", "_selected_action": [key.pk]})
    assert f"prs_{key.prefix}_" in turned.content.decode()
    console.post(listed, {"action": "revoke", "_selected_action": [key.pk]})
    assert ApiKey.objects.get().revoked_at is not None


def test_people_without_the_role_do_not_see_keys(luis: User) -> None:
    assert browser(luis).get(reverse("admin:integrations_apikey_changelist"), follow=True).status_code == 403


def test_a_key_is_no_pass_for_the_rest_of_the_api(prod: Area) -> None:
    made = make_key("health:read", "incidencias:write", "incidencias:read", areas=[prod])
    for path in ("/api/incidencias", "/api/yo", "/api/schema", "/api/conocimiento"):
        assert client(made).get(path).status_code == 401


def test_administrators_still_read_the_health_report(eva: User, luis: User) -> None:
    assert api(eva).get(HEALTH).status_code == 200
    assert api(luis).get(HEALTH).status_code == 403


def test_a_flood_of_guesses_does_not_fill_the_trail() -> None:
    for _ in range(70):
        assert status("prs_nada") == 403
    assert len(denials()) == 60
