"""Private PostgreSQL and Valkey for the whole test run, started before Django's settings are loaded.

The controller of pytest-xdist starts them once; its workers find them through `PRS_DATA_DIR`. A DATABASE_URL and
REDIS_URL in `PRS_TEST_DATABASE_URL` and `PRS_TEST_REDIS_URL` are used instead when both are given. Other variables
of the product are taken out of the environment: a test sets what it needs.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import django
import pytest

from prsystem.runner.catalogues import compile_catalogues
from prsystem.runner.layout import Layout
from prsystem.runner.servers.data_servers import DataServers
from prsystem.runner.servers.postgres import UNSAFE_SETTINGS_FOR_TESTS

pytest_plugins = ["tests.people", "tests.model_servers", "tests.site_settings", "tests.refusals"]
STARTED_VARIABLE = "PRS_TEST_SERVERS"
OPERATOR_VARIABLES = (
    *(
        "SECRET_KEY",
        "ALLOWED_HOSTS",
        "DATABASE_URL",
        "DATABASE_REPLICA_URL",
        "DATABASE_OWNER_URL",
        "REDIS_URL",
        "CHROMA_URL",
    ),
    *("OLLAMA_URLS", "OLLAMA_CHAT_MODEL", "OLLAMA_EMBED_MODEL", "S3_ENDPOINT_URL", "S3_BUCKET", "LDAP_SERVER"),
    *("LDAP_BASE_DN", "LDAP_BIND_DN", "LDAP_BIND_PASSWORD", "LDAP_START_TLS", "LDAP_CA_FILE", "LDAP_SYNC_MINUTES"),
    *("OLLAMA_SMALL_MODEL", "WEBHOOK_ERP_URL", "WEBHOOK_MES_URL", "WEBHOOK_EMAIL_URL"),
    *("EMAIL_URL", "TRUSTED_PROXIES", "METRICS_ALLOWED_CIDRS", "TIME_ZONE", "PRS_EMBEDDER_URL", "PRS_DATA_DIR", "PORT"),
    *("PRS_WEB_HOST", "PRS_WEBAUTHN_ORIGINS", "CLAMD_ADDRESS", "S3_OFFSITE_BUCKET"),
    *("IMAP_URL", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_HEADERS"),
    *("PRS_BACKUP_DIR", "PRS_BACKUP_RECIPIENTS", "PRS_BACKUP_IDENTITY", "PRS_BACKUP_DATABASE_URL", "PRS_PG_BIN"),
)


def _clean_environment() -> None:
    for name in OPERATOR_VARIABLES:
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)


def _start_servers() -> DataServers | None:
    """The started servers; None in a worker, or when outside servers are given."""
    if os.environ.get(STARTED_VARIABLE):
        return None
    _clean_environment()
    folder = Path(tempfile.mkdtemp(prefix="prs-test-"))
    os.environ[STARTED_VARIABLE] = os.environ["PRS_DATA_DIR"] = str(folder)
    given = os.environ.get("PRS_TEST_DATABASE_URL"), os.environ.get("PRS_TEST_REDIS_URL")
    if given[0] and given[1]:
        os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = given[0], given[1]
        return None
    compile_catalogues()
    servers = DataServers(Layout(folder), postgres_settings=UNSAFE_SETTINGS_FOR_TESTS)
    try:
        servers.start()
    except BaseException:
        servers.stop()
        raise
    return servers


_servers = _start_servers()
# Set here and not in pyproject.toml: pytest-django would load the settings before this file.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prsystem.settings")
django.setup()


def _be_the_owner() -> None:
    """Tests make and empty the tables; the application's own role has tests of its own (tests/audit/test_roles.py)."""
    from django.conf import settings
    from django.db import connection

    if settings.DATABASE_OWNER:
        connection.settings_dict["USER"] = settings.DATABASE_OWNER["user"]


_be_the_owner()


def _flush_audit_too() -> None:
    """A test with real transactions is followed by a TRUNCATE of everything, which the audit trail refuses."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    plain = DatabaseOperations.sql_flush

    def sql_flush(self: DatabaseOperations, *args: object, **kwargs: object) -> list[str]:
        statements = plain(self, *args, **kwargs)
        return ["SET LOCAL session_replication_role = replica", *statements] if statements else []

    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]


_flush_audit_too()


@pytest.fixture(autouse=True)
def targets_as_stored() -> None:
    """Calendars and policies of the test before aren't remembered: its transaction was rolled back."""
    from incidents.sla.book import book_forget

    book_forget()


@atexit.register
def _stop_servers() -> None:
    if _servers is not None:
        _servers.stop()
        shutil.rmtree(_servers.layout.data, ignore_errors=True)
