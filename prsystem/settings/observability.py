"""Structured logs in English with request ids and never contents; metrics networks."""

from typing import Any

import structlog

from prsystem import env
from prsystem.core.telemetry import tracing

# The collector of traces, by the names that OpenTelemetry gives them; see prsystem/core/telemetry/tracing.py.
TRACES_ENDPOINT = env.url("OTEL_EXPORTER_OTLP_ENDPOINT", "", schemes=("http", "https"))
TRACES_HEADERS = tracing.parsed_headers(
    env.matching("OTEL_EXPORTER_OTLP_HEADERS", r"\s*([\w-]+\s*=[^,=]*(,\s*|$))*", "nombre=valor,otro=valor")
)
TRACES_TIMEOUT_SECONDS = env.integer("OTEL_EXPORTER_OTLP_TIMEOUT", 2000, minimum=1) / 1000
TRACES_SERVICE = env.text("OTEL_SERVICE_NAME", "pr-system")
env.choice("OTEL_EXPORTER_OTLP_PROTOCOL", "", ("HTTP/PROTOBUF",))
PROMETHEUS_URL = env.url("PRS_PROMETHEUS_URL", "", schemes=("http", "https"))  # asked by preflight alone
METRICS_ALLOWED_CIDRS = env.networks("METRICS_ALLOWED_CIDRS", ["127.0.0.0/8", "::1/128"])
PROMETHEUS_EXPORT_MIGRATIONS = False
LOG_LEVEL = env.choice("PRS_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    tracing.add_ids,
    structlog.processors.format_exc_info,
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer(ensure_ascii=True),
            "foreign_pre_chain": _SHARED,
        }
    },
    "filters": {"without_path": {"()": "prsystem.core.telemetry.log_filters.WithoutPath"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "httpx": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
        # What callers do wrong is in the line of their request; what we do wrong comes with its traceback.
        "django.request": {"level": "ERROR", "filters": ["without_path"]},
        "django.security": {"level": "CRITICAL"},
        "axes": {"level": "ERROR"},  # its warnings repeat what the audit trail says, in four lines
        "mcp": {"level": "WARNING"},
        "opentelemetry": {"level": "ERROR"},
        "django_auth_ldap": {"level": "ERROR"},  # its warnings name people; ours say what was wrong
        "granian": {"level": "WARNING"},
    },
}
structlog.configure(
    processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
