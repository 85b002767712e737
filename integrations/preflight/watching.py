"""Monitoring: the product's metrics are there, and Prometheus has the rules."""

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from prsystem.core.health.preflight import FAIL, WARN, Finding, good
from prsystem.core.outgoing.http import json_client, parsed_json
from prsystem.core.telemetry.metrics import DATABASE

SECONDS = 3.0
WANTED = {"pr_outbox_pending", "pr_backup_last_success_timestamp_seconds", "pr_audit_unsealed_seconds"}


def metrics() -> Finding:
    present = {family.name for family in DATABASE.collect()}
    if missing := sorted(WANTED - present):
        return Finding(FAIL, _("Missing: %(names)s") % {"names": ", ".join(missing)}, _("See the log."))
    return good(_("%(count)d families") % {"count": len(present)})


def alerts() -> Finding:
    """Prometheus (PRS_PROMETHEUS_URL) has loaded the rules, and none of them is broken."""
    if not settings.PROMETHEUS_URL:
        return Finding(WARN, _("PRS_PROMETHEUS_URL isn't set: nobody was asked."), _("Set it to check the alerts."))
    try:
        answer = json_client(settings.PROMETHEUS_URL, SECONDS).get("/api/v1/rules", params={"type": "alert"})
        groups = parsed_json(answer.raise_for_status().content)["data"]["groups"]
        rules = [rule for group in groups for rule in group["rules"]]
        broken = [str(rule["name"]) for rule in rules if rule.get("health") == "err"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
        return Finding(FAIL, type(error).__name__, _("Start Prometheus and check PRS_PROMETHEUS_URL."))
    if not rules:
        return Finding(FAIL, _("No alert is loaded."), _("Name the rules of deploy/prometheus in rule_files."))
    if broken:
        return Finding(
            FAIL, _("Broken: %(names)s") % {"names": ", ".join(broken)}, _("See the rules page of Prometheus.")
        )
    return good(_("%(count)d alerts") % {"count": len(rules)})
