"""Settings by environment: a bad value stops the start with one line that names it and never shows the value."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import InvalidToken
from django.http import HttpRequest, HttpResponse

from incidents.notices.threads import incident_id_in, token_of
from integrations.webhooks import sealing
from prsystem import env
from prsystem.accounts.mfa import codes
from prsystem.accounts.sign_in import devices
from prsystem.runner import schema
from prsystem.runner.programs import web_port
from prsystem.runner.servers import postgres

ROOT = Path(__file__).resolve().parents[2]


def start(command: tuple[str, ...], **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in ("SECRET_KEY", "ALLOWED_HOSTS")} | variables
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


KEYS = "AAAAC3NzaC1lZDI1NTE5"
# For every variable of the README's table what can't be used as its value; {file} is a file, {folder} a folder.
BAD: dict[str, tuple[str, ...]] = {
    "PORT": ("web", "70000", "0", "-1", "80.5"),
    "PRS_STATEMENT_SECONDS": ("ten",),
    "PRS_DATA_DIR": ("{file}", "{file}/datos", "/proc/datos", "~nadie-con-este-nombre/datos", "{loop}"),
    "SECRET_KEY": ("short-value",),
    "ALLOWED_HOSTS": ("", " , ", "https://pr.planta.mx", "pr.planta.mx:443", "pr.planta.mx/prs", "pr planta"),
    "DATABASE_URL": ("mysql://host/db", "postgresql://one:5432,two:many/db", "postgresql://one/db?no_such_option=1"),
    "DATABASE_OWNER_URL": ("foo",),
    "DATABASE_REPLICA_URL": ("http://host/db",),
    "REDIS_URL": ("http://host", "redis://", "redis://host:puerto", "host:6379"),
    "CHROMA_URL": ("chroma", "http://", "http://:8000", "http://chroma :8000"),
    "OLLAMA_URLS": ("http://one:11434,two", "one:11434", "http://one:99999"),
    "WEBHOOK_ERP_URL": ("erp", "ftp://erp/x"),
    "WEBHOOK_MES_URL": ("mes",),
    "WEBHOOK_EMAIL_URL": ("mailto:a@b.mx",),
    "EMAIL_URL": (
        "foo",
        "smtp://",
        "http://mail",
        "smtp://mail:x",
        "smtp://mail?starttls=maybe",
        "smtp://mail?from=ana",
    ),
    "IMAP_URL": ("foo", "imaps://", "smtp://mail", "imaps://u:p@mail:x"),
    "S3_BUCKET": ("Mi Cubo", "ab", "cubo/x", "x" * 64, "s3://cubo", "cubo_", "192.168.1.1", "cubo..dos"),
    "S3_OFFSITE_BUCKET": ("Mi Cubo",),
    "S3_ENDPOINT_URL": ("s3.planta.mx", "http://"),
    "S3_OBJECT_LOCK": ("siempre",),
    "S3_OFFSITE_OBJECT_LOCK": ("siempre",),
    "PRS_BACKUP_DIR": ("{file}", "{file}/copias"),
    "PRS_BACKUP_RECIPIENTS": ("age1tooshort",),
    "PRS_BACKUP_IDENTITY": ("age1" + "q" * 58,),
    "PRS_BACKUP_DATABASE_URL": ("foo",),
    "PRS_API_KEY_PEPPERS": ("corta", "2:corta", "1:" + "x" * 32),
    "PRS_AUDIT_KEY": ("corta", KEYS),
    "PRS_AUDIT_PUBLIC_KEYS": (KEYS, "no es base64"),
    "PRS_AUDIT_LOCK_DAYS": ("-1", "muchos"),
    "LDAP_SERVER": ("http://directorio", "ldap://directorio:puerto", "ldap://"),
    "LDAP_BASE_DN": ("soporte",),
    "LDAP_START_TLS": ("quizá",),
    "LDAP_CA_FILE": ("/nowhere/ca.pem", "{folder}"),
    "LDAP_SYNC_MINUTES": ("-7", "0", "61"),
    "CLAMD_ADDRESS": ("clamav:3310", "tcp://", "tcp://clamav:x", "unix://", "http://clamav"),
    "TRUSTED_PROXIES": ("10.0.0.0/99", "proxy"),
    "PRS_WEBAUTHN_ORIGINS": ("pr.planta.mx", "https://"),
    "METRICS_ALLOWED_CIDRS": ("everybody",),
    "OTEL_EXPORTER_OTLP_ENDPOINT": ("collector:4318", "http://"),
    "OTEL_EXPORTER_OTLP_HEADERS": ("sin-valor",),
    "PRS_PROMETHEUS_URL": ("prometheus:9090",),
    "TIME_ZONE": ("Mexico/Nowhere", "Europe", "../etc/passwd", "/etc/localtime"),
    # Not in the table.
    "OTEL_EXPORTER_OTLP_PROTOCOL": ("grpc",),
    "PRS_WEB_HOST": ("servidor", "0", "127.0.0.1:8000"),
    "PRS_LOG_LEVEL": ("foo",),
}
NEEDED = {
    "S3_ENDPOINT_URL": {"S3_BUCKET": "prs"},
    "S3_OBJECT_LOCK": {"S3_BUCKET": "prs"},
    "S3_OFFSITE_OBJECT_LOCK": {"S3_OFFSITE_BUCKET": "prs"},
}
# Names, secrets and other text, of which only the server that is asked can tell whether they are right.
ANY_TEXT = {
    *("OLLAMA_CHAT_MODEL", "OLLAMA_EMBED_MODEL", "OLLAMA_SMALL_MODEL", "S3_REGION", "S3_ACCESS_KEY_ID"),
    *("S3_SECRET_ACCESS_KEY", "LDAP_BIND_DN", "LDAP_BIND_PASSWORD", "OTEL_SERVICE_NAME"),
}
BY_THE_RUNNER = {"PRS_PG_BIN"}  # it looks for binaries there, see tests/test_runner_servers.py
NOT_SHOWN = 4  # what is shorter may be part of the explanation


def readme_variables() -> set[str]:
    table = (ROOT / "README.md").read_text("utf-8").partition("| variable |")[2].partition("\n\n")[0]
    return {name for row in table.splitlines() for name in re.findall(r"`([A-Z0-9_]{4,})`", row.split("|")[1])}


def test_every_variable_of_the_readme_is_tried() -> None:
    assert len(readme_variables()) > 40
    assert readme_variables() - BAD.keys() - ANY_TEXT == BY_THE_RUNNER


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_a_bad_value_is_told_in_one_line_that_names_it(
    name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = {"file": tmp_path / "archivo", "folder": tmp_path, "loop": tmp_path / "vuelta"}
    places["file"].touch()
    places["loop"].symlink_to(places["loop"])
    given = value.format(**places) if name.endswith(("_DIR", "_FILE")) else value
    for variable, text in {**NEEDED.get(name, {}), name: given}.items():
        monkeypatch.setenv(variable, text)
    with pytest.raises(env.ConfigurationError) as refused:
        schema.check_settings()
        web_port()
    said = str(refused.value)
    assert said.startswith(f"{name}: ")
    assert len(said.splitlines()) == 1
    assert name == "PRS_DATA_DIR" or len(value) < NOT_SHOWN or value.endswith("://") or value not in said


@pytest.mark.parametrize("name", sorted(readme_variables() - {"PRS_DATA_DIR", "LDAP_CA_FILE"}))
def test_a_file_that_cannot_be_read_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(f"{name}_FILE", "/nowhere/secret")
    if name.startswith("S3"):
        monkeypatch.setenv("S3_OFFSITE_BUCKET" if "OFFSITE" in name else "S3_BUCKET", "prs")
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(env.ConfigurationError, match=f"^{name}_FILE: no se puede leer el archivo"):
        schema.check_settings()
        postgres.binaries()


@pytest.mark.parametrize("command", [("-m", "prsystem.runner"), ("manage.py", "check"), ("manage.py", "audit_verify")])
@pytest.mark.parametrize(("name", "value"), [("EMAIL_URL", "foo"), ("PRS_DATA_DIR", "{file}"), ("ALLOWED_HOSTS", "")])
def test_every_way_in_stops_with_that_line(name: str, value: str, command: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "archivo").touch()
    given = {"PRS_DATA_DIR": str(tmp_path / "datos"), name: value.format(file=tmp_path / "archivo")}
    result = start(command, **given)
    assert result.returncode == 1
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith(f"pr-system: {name}: ")
    assert not result.stdout


def setting(expression: str, **variables: str) -> str:
    code = f"import django; django.setup(); from django.conf import settings; print({expression})"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "prsystem.settings", **variables}
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return result.stdout.strip()


@pytest.mark.parametrize(
    ("given", "allowed"),
    [({}, "True"), ({"SECRET_KEY": "k" * 40}, "False"), ({"ALLOWED_HOSTS": "pr.planta.mx"}, "False")],
)
def test_what_opens_the_site_to_others_closes_the_demo(
    given: dict[str, str], allowed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "PRS_WEB_HOST"):
        monkeypatch.delenv(name, raising=False)
    assert setting("settings.DEMO_ALLOWED", **given) == allowed


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


def test_what_was_signed_with_the_key_of_before_is_known_after_a_rotation(settings: Any) -> None:
    """Recovery codes, the answer to a mail, the browser of somebody whose account is under attack."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a" * 40, []
    digest, token, response = codes.recovery_digests("ABCDE-FGHJK")[0], token_of(7), HttpResponse()
    devices.device_remember(HttpRequest(), response, "ana")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "b" * 40, ["a" * 40]
    request = HttpRequest()
    request.COOKIES = {devices.COOKIE: response.cookies[devices.COOKIE].value}
    known = [digest in codes.recovery_digests("abcde fghjk"), incident_id_in([token]) == 7]
    assert [*known, devices.is_known_device(request, "ana")] == [True, True, True]
    assert not devices.is_known_device(request, "luis")
    settings.SECRET_KEY_FALLBACKS = []
    assert (digest in codes.recovery_digests("ABCDEFGHJK"), incident_id_in([token])) == (False, None)
