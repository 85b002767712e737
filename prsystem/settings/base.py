"""Applications, middleware, database, languages, static files."""

import os
import secrets
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from prsystem import env, exposure
from prsystem.database import connection_class
from prsystem.runner.layout import layout_from_environment

BASE_DIR = Path(__file__).resolve().parent.parent.parent
LAYOUT = layout_from_environment()
# Accounts with a published password, for a trial that only this machine reaches.
DEMO_ALLOWED = not exposure.opened_by()


def kept(name: str, make: Callable[[], str]) -> str:
    """A secret of the data folder (embedded mode), made once. Another process may be making it at the same moment: the
    first one wins, and nobody reads half a secret."""
    path = LAYOUT.data / name
    if not path.exists():
        LAYOUT.prepare_data()
        scratch = LAYOUT.data / f"{name}.{secrets.token_hex(4)}"
        scratch.touch(mode=0o600)
        try:
            scratch.write_text(make(), encoding="ascii")
            path.hardlink_to(scratch)
        except FileExistsError:
            pass
        finally:
            scratch.unlink()
    return path.read_text(encoding="ascii")


def _secret_key() -> str:
    """The operator's key, else one made once and kept in the data folder (embedded mode)."""
    given = env.text("SECRET_KEY")
    if (given or "SECRET_KEY_FILE" in os.environ) and len(given) < 32:
        raise env.ConfigurationError("SECRET_KEY: se esperan al menos 32 caracteres")
    return given or kept("secret_key", lambda: secrets.token_urlsafe(48))


SECRET_KEY = _secret_key()
# Keys of before: what they sealed and signed still opens (docs/runbooks/rotacion-de-claves.md).
SECRET_KEY_FALLBACKS = env.names("PRS_SECRET_KEY_FALLBACKS", [])
DEBUG = False
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]", "testserver"])
PORT = env.integer("PORT", 8000, minimum=1, maximum=65535)
SERVES_HTTPS = env.is_set("ALLOWED_HOSTS")

INSTALLED_APPS = [
    "prsystem.apps.ConsoleConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "axes",
    "django_prometheus",
    "django_structlog",
    "prsystem.core",
    "prsystem.runtime",
    "audit",
    "prsystem.accounts",
    "integrations",
    "knowledge",
    "incidents",
]

MIDDLEWARE = [
    "prsystem.core.telemetry.tracing.TracingMiddleware",
    "prsystem.core.telemetry.request_log.RequestLogMiddleware",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "prsystem.core.web.middleware.RequestContextMiddleware",
    "audit.middleware.DenialMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "prsystem.accounts.sessions.engine.SessionLimitsMiddleware",
    "prsystem.accounts.mfa.gate.SecondFactorMiddleware",
    "prsystem.core.web.middleware.ActorMiddleware",
    "prsystem.runtime.middleware.SiteTimeZoneMiddleware",
    "prsystem.core.replica.reading.OwnWritesMiddleware",
    "prsystem.core.web.pages.DomainErrorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "prsystem.urls"
WSGI_APPLICATION = "prsystem.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "prsystem" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "prsystem.core.web.context_processors.page",
                "prsystem.runtime.context_processors.site",
            ],
        },
    }
]


# Notices a server that is gone, also when its host is: libpq's keepalives, in seconds, and for what was sent and isn't
# acknowledged TCP's own timeout, in milliseconds.
_NETWORK = {"connect_timeout": "3", "keepalives_idle": "10", "keepalives_interval": "5", "keepalives_count": "3"}
_NETWORK["tcp_user_timeout"] = "15000"
# How long a statement may take, and two thirds of it for a lock; 0 (commands, background work): as long as it needs.
# The web server sets it.
STATEMENT_SECONDS = env.integer("PRS_STATEMENT_SECONDS", 0, maximum=3600)
LINK_SECONDS = 3  # more for a server that stops the statement itself
# A pool gives up on a server soon and tries anew when it is asked again: after a fail-over nothing is restarted.
_POOL: dict[str, Any] = {"min_size": 1, "max_size": 8, "timeout": 5, "reconnect_timeout": 2}
if STATEMENT_SECONDS:
    _POOL["connection_class"] = connection_class(STATEMENT_SECONDS + LINK_SECONDS)


def _server_options(given: str) -> dict[str, str]:
    """libpq's `options`: our bounds, then what the operator gave, which wins."""
    milliseconds = 1000 * STATEMENT_SECONDS
    bounds = f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds * 2 // 3} " if milliseconds else ""
    return {"options": bounds + given} if bounds or given else {}


def _database(parts: dict[str, str], defaults: dict[str, str], **pool: float) -> dict[str, Any]:
    """Django's database settings from the parts of a libpq URL; its `?name=value` become libpq options."""
    options = {**defaults, **parts}
    name, user, password, host, port = (
        options.pop(part, "") for part in ("dbname", "user", "password", "host", "port")
    )
    return {
        "ENGINE": "django_prometheus.db.backends.postgresql",
        "NAME": name,
        "USER": user,
        "PASSWORD": password,
        "HOST": host,
        "PORT": port,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": "pr-system", "pool": {**_POOL, **pool}, **_NETWORK, **options}
        | _server_options(options.get("options", "")),
    }


_primary = env.database("DATABASE_URL", LAYOUT.database_url)
_several_hosts = {"target_session_attrs": "read-write"} if "," in _primary.get("host", "") else {}
DATABASES = {"default": _database(_primary, _several_hosts)}
# Who makes the tables, where that is another role than the application's (see prsystem/core/database/ownership.py).
DATABASE_OWNER = env.database("DATABASE_OWNER_URL", "" if env.is_set("DATABASE_URL") else LAYOUT.owner_url)
if env.is_set("DATABASE_REPLICA_URL"):
    DATABASES["replica"] = _database(
        env.database("DATABASE_REPLICA_URL", ""), {"options": "-c default_transaction_read_only=on"}, timeout=1
    )
DATABASE_ROUTERS = ["prsystem.core.replica.reading.Router"]

LANGUAGE_CODE = "es"
LANGUAGES = [("es", _("Spanish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "prsystem" / "locale"]
TIME_ZONE = env.time_zone("TIME_ZONE", "America/Mexico_City")
USE_I18N = USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "prsystem" / "static"]
# Embedded mode serves straight from the source folders; an image build runs collectstatic and compresses.
WHITENOISE_USE_FINDERS = not STATIC_ROOT.exists()
WHITENOISE_AUTOREFRESH = False
warnings.filterwarnings("ignore", message="No directory at", module="django.core.handlers.base")

MAX_ATTACHMENT_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
