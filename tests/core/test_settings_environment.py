"""Settings by environment: a bad value stops the start with one line that names it and never shows the value."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import InvalidToken

from integrations.webhooks import sealing
from prsystem.accounts.mfa import codes

ROOT = Path(__file__).resolve().parents[2]


def start(**variables: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in ("SECRET_KEY", "ALLOWED_HOSTS")} | variables
    code = "import django; django.setup()"
    program = [sys.executable, "manage.py", "check"] if "VIA_MANAGE" in variables else [sys.executable, "-c", code]
    return subprocess.run(program, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short-value"),
        ("DATABASE_URL", "mysql://host/db"),
        ("DATABASE_URL", "postgresql://one:5432,two:many/db"),
        ("DATABASE_URL", "postgresql://one/db?no_such_option=1"),
        ("DATABASE_REPLICA_URL", "http://host/db"),
        ("REDIS_URL", "http://host"),
        ("CHROMA_URL", "chroma"),
        ("OLLAMA_URLS", "http://one:11434,two"),
        ("PRS_BACKUP_RECIPIENTS", "age1tooshort"),
        ("PORT", "web"),
        ("PRS_STATEMENT_SECONDS", "ten"),
        ("PORT", "70000"),
        ("TRUSTED_PROXIES", "10.0.0.0/99"),
        ("METRICS_ALLOWED_CIDRS", "everybody"),
        ("TIME_ZONE", "Mexico/Nowhere"),
        ("SECRET_KEY_FILE", "/nowhere/secret"),
        ("LDAP_SERVER", "http://directorio"),
        ("LDAP_SERVER", "ldap://directorio:puerto"),
        ("LDAP_CA_FILE", "/nowhere/ca.pem"),
        ("LDAP_SYNC_MINUTES", "-7"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
    ],
)
def test_a_bad_value_stops_the_start_with_one_line_that_names_it(name: str, value: str) -> None:
    result = start(**{name: value, "VIA_MANAGE": "1"})
    assert result.returncode != 0
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    assert name in lines[0]
    assert value not in lines[0]


def setting(expression: str, **variables: str) -> str:
    code = f"import django; django.setup(); from django.conf import settings; print({expression})"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "prsystem.settings", **variables}
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return result.stdout.strip()


def test_several_database_hosts_are_followed_to_the_one_that_takes_writes() -> None:
    url = "postgresql://app:a%40b@uno:5432,dos:5433/prs"
    found = "(lambda d: (d['HOST'], d['PORT'], d['PASSWORD'], d['OPTIONS']['target_session_attrs']))"
    shown = setting(f"{found}(settings.DATABASES['default'])", DATABASE_URL=url)
    assert shown == "('uno,dos', '5432,5433', 'a@b', 'read-write')"
    assert setting("len(settings.DATABASES)") == "1"
    one = setting(
        "settings.DATABASES['default']['OPTIONS'].get('target_session_attrs')", DATABASE_URL="postgresql://uno/p"
    )
    assert one == "None"


def test_the_replica_takes_no_writes() -> None:
    shown = setting("settings.DATABASES['replica']['OPTIONS']['options']", DATABASE_REPLICA_URL="postgresql://dos/prs")
    assert shown == "-c default_transaction_read_only=on"


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("a-secret-that-is-long-enough-0123456789\n")
    environment = {k: v for k, v in os.environ.items() if k != "SECRET_KEY"} | {"SECRET_KEY_FILE": str(file)}
    code = "import django; django.setup(); from django.conf import settings; print(settings.SECRET_KEY)"
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment | {"DJANGO_SETTINGS_MODULE": "prsystem.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == "a-secret-that-is-long-enough-0123456789"


OPERATED = {
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": "pr.planta.example",
    "TRUSTED_PROXIES": "10.0.0.0/8",
}


def test_the_deployment_check_finds_nothing_where_a_name_is_given() -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "prsystem.settings", **OPERATED}
    command = ("-m", "django", "check", "--deploy", "--fail-level", "WARNING")
    result = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert "1 silenced" in result.stdout, "W008, see decision 0014: nothing else is kept quiet"


def test_only_https_through_the_proxy_is_told_to_stay_on_https() -> None:
    """The proxy says which it was; a probe in clear is answered and not sent elsewhere."""
    asked = "Client(HTTP_HOST='pr.planta.example').get('/api/health'{})"
    shown = "print([(a.status_code, a.headers.get('Strict-Transport-Security')) for a in ({}, {})])"
    code = "import django; django.setup(); from django.test import Client; " + shown.format(
        asked.format(", HTTP_X_FORWARDED_PROTO='https'"), asked.format("")
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "prsystem.settings", **OPERATED}
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[(200, 'max-age=31536000; includeSubDomains; preload'), (200, None)]"


def test_what_the_key_of_before_sealed_opens_after_a_rotation(settings: Any) -> None:
    """docs/runbooks/rotacion-de-claves.md."""
    old, new = "a" * 40, "b" * 40
    assert setting("settings.SECRET_KEY_FALLBACKS", SECRET_KEY=new, PRS_SECRET_KEY_FALLBACKS=old) == str([old])
    settings.SECRET_KEY = old
    webhook, factor = sealing.sealed("de un webhook"), codes.sealed(b"de un segundo factor")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = new, [old]
    assert (sealing.opened(webhook), codes.opened(factor)) == ("de un webhook", b"de un segundo factor")
    settings.SECRET_KEY_FALLBACKS = []
    for opened, stored in ((sealing.opened, webhook), (codes.opened, factor)):
        with pytest.raises(InvalidToken):
            opened(stored)
