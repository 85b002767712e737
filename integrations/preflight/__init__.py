"""The checks of `manage.py preflight`, by subject; `CHECKS` is the list."""

from django.utils.translation import gettext_lazy as _

from prsystem.core.health.preflight import register

HERE = "integrations.preflight"
CHECKS = (
    ("hardware", "pre", _("Hardware"), "machine.hardware"),
    ("disk", "pre", _("Disk"), "machine.disk"),
    ("clock", "pre", _("Clock"), "machine.clock"),
    ("port", "pre", _("Web port"), "network.web_port"),
    ("dns", "pre", _("DNS"), "network.dns"),
    ("tls", "pre", _("TLS certificate"), "network.tls"),
    ("secrets", "pre", _("Secrets"), "safety.secrets"),
    ("hosts", "deploy", _("Names and proxies"), "network.hosts"),
    ("database", "deploy", _("Database"), "parts.database"),
    ("database_role", "deploy", _("Role of the database"), "parts.database_role"),
    ("replica", "deploy", _("Replica"), "parts.replica"),
    ("redis", "deploy", _("Redis"), "parts.redis"),
    ("chromadb", "deploy", _("Search index"), "parts.chromadb"),
    ("workers", "deploy", _("Workers"), "parts.workers"),
    ("models", "deploy", _("Language models"), "parts.models"),
    ("storage", "deploy", _("Store of files"), "parts.storage"),
    ("s3_backups", "deploy", _("Stores of backups"), "copies.stores_take"),
    ("passwords", "post", _("Default passwords"), "safety.default_passwords"),
    ("demo", "post", _("Demonstration data"), "safety.demo_data"),
    ("directory", "post", _("Directory (LDAP)"), "people.directory"),
    ("mail", "post", _("Mail"), "people.mail"),
    ("mailbox", "post", _("Mailbox"), "people.mailbox"),
    ("webhooks", "post", _("Webhooks"), "people.webhooks"),
    ("backups", "post", _("Backups"), "copies.fresh"),
    ("encryption", "post", _("Encryption of backups"), "copies.encrypted"),
    ("archive", "post", _("Continuous archive"), "copies.archive"),
    ("metrics", "post", _("Metrics"), "watching.metrics"),
    ("alerts", "validate", _("Alerts"), "watching.alerts"),
    ("restore", "validate", _("Restore drill"), "copies.drilled"),
    ("held", "validate", _("Webhooks held"), "copies.released"),
    ("audit", "validate", _("Audit trail"), "safety.audit_sealed"),
)


def register_all() -> None:
    """Once, from `AppConfig.ready()`."""
    for name, phase, title, function in CHECKS:
        register(name, phase, title, f"{HERE}.{function}")
