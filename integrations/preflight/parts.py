"""The servers that the product uses."""

from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from prsystem import env
from prsystem.core.health import checks
from prsystem.core.health.preflight import FAIL, OFF, WARN, Finding, good

LEAST_VERSION = 150000
LAG_SECONDS = 10.0
WORKER_TRIES = 3
SECONDS = 5.0  # nobody waits for a page here


def _asked(name: str, advice: Any) -> Finding:
    """By the same check as the detailed health report."""
    state = checks.state_of(name, SECONDS)
    if state == checks.OFF:
        return Finding(OFF, _("not configured"))
    return good(_("answers")) if state == checks.OK else Finding(FAIL, _("does not answer"), advice)


def database() -> Finding:
    """Version, checksums of pages, migrations."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('data_checksums')")
        version, checksums = cursor.fetchone()
    shown = f"PostgreSQL {version // 10000}.{version % 10000}"
    if version < LEAST_VERSION:
        return Finding(FAIL, shown, _("PostgreSQL 15 or later is needed."))
    if not checks.is_ready():
        return Finding(FAIL, shown, _("Run manage.py migrate; is this the primary?"))
    if checksums != "on":
        return Finding(WARN, _("%(server)s without checksums") % {"server": shown}, _("Enable them with pg_checksums."))
    return good(shown)


def database_role() -> Finding:
    """The application should not own everything."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolname FROM pg_roles WHERE rolname = current_user")
        is_super, name = cursor.fetchone()
    if not is_super:
        return good(_("%(role)s is no superuser") % {"role": name})
    detail = _("%(role)s is a superuser") % {"role": name}
    return Finding(WARN if settings.DEMO_ALLOWED else FAIL, detail, _("Give DATABASE_URL a role of its own."))


def replica() -> Finding:
    """Configured, streaming, near."""
    if "replica" not in settings.DATABASES:
        return Finding(OFF, _("DATABASE_REPLICA_URL isn't set"))
    from prsystem.core.replica.watching import look

    sight = look()
    detail = _("%(seconds).1f s behind") % {"seconds": sight.lag_seconds}
    if sight.lag_seconds > LAG_SECONDS:
        return Finding(FAIL, detail, _("Look at pg_stat_replication on the primary and at the replica's log."))
    return good(detail)


def redis() -> Finding:
    return _asked("redis", _("Start Redis; meanwhile work is found by looking, more slowly."))


def chromadb() -> Finding:
    return _asked("chromadb", _("Start Chroma; meanwhile search goes by text alone."))


def workers() -> Finding:
    """Asked more than once: a worker that is busy or has just begun answers late."""
    advice = _("Start a worker: celery -A prsystem.celery worker.")
    if settings.DATABASE_OWNER and not env.is_set("DATABASE_URL"):
        advice = _("Start the instance: make run.")
    found = [_asked("workers", advice)]
    while found[-1].state == FAIL and len(found) < WORKER_TRIES:
        found.append(_asked("workers", advice))
    return found[-1]


def storage() -> Finding:
    return _asked("storage", _("Check the S3_… variables, or the rights of the media folder."))


def models() -> Finding:
    """Every node has the models that are configured."""
    from integrations.ollama.cluster import get_cluster

    if not get_cluster().has_nodes:
        return Finding(OFF, _("there are no model nodes: answers are extractive"))
    wanted = [m for m in (settings.OLLAMA_CHAT_MODEL, settings.OLLAMA_SMALL_MODEL, settings.OLLAMA_EMBED_MODEL) if m]
    views = get_cluster().views()
    sick = [view.name for view in views if not view.is_healthy]
    missing = [f"{view.name}: {model}" for view in views if view.is_healthy for model in wanted if not view.has(model)]
    if sick:
        state = FAIL if len(sick) == len(views) else WARN
        return Finding(state, _("No answer: %(nodes)s") % {"nodes": ", ".join(sick)}, _("Start ollama on them."))
    if missing:
        return Finding(FAIL, _("Missing: %(models)s") % {"models": ", ".join(missing)}, _("ollama pull <model>"))
    return good(", ".join(view.name for view in views))
