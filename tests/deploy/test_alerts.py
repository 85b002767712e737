"""Every alert fires and clears (promtool), is routed (amtool), has a page, and asks for metrics that exist."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.cluster import monitoring
from deploy.cluster.site import Site
from prsystem.core.telemetry.metrics import DATABASE
from prsystem.runner.layout import Layout
from prsystem.runner.program import PROJECT
from tests.drills import alerts, watching

FOLDER = PROJECT / "deploy" / "prometheus"
RULES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"][0]["rules"]
NAMES = [rule["alert"] for rule in RULES]
# Of Prometheus itself, blackbox-exporter and node-exporter; and what the web counts in memory.
OTHERS = {
    *("up", "probe_success", "probe_ssl_earliest_cert_expiry", "node_filesystem_avail_bytes"),
    *("node_filesystem_size_bytes", "pr_request_duration_seconds_bucket"),
}


def run(name: str, package: str, *arguments: str) -> str:
    tool = shutil.which(name)
    if tool is None:
        pytest.skip(f"{name} is missing: apt-get install {package}")
    done = subprocess.run([tool, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("name", NAMES)
def test_it_fires_and_clears(name: str) -> None:
    cases = yaml.safe_load((FOLDER / "tests" / f"{name}.yml").read_text())["tests"]
    fired = [bool(at["exp_alerts"]) for case in cases for at in case["alert_rule_test"]]
    assert fired == ([True, True] if name == "Watchdog" else [False, True, False])
    assert "SUCCESS" in run("promtool", "prometheus", "test", "rules", str(FOLDER / "tests" / f"{name}.yml"))


def test_every_alert_has_its_page_and_every_page_its_alert() -> None:
    pages = PROJECT / "docs" / "runbooks" / "alertas"
    assert {path.stem for path in pages.glob("*.md")} == set(NAMES)
    for rule in RULES:
        page = PROJECT / rule["annotations"]["runbook_url"]
        assert page == pages / f"{rule['alert']}.md"
        assert all(part in page.read_text() for part in ("**Qué pasa.**", "**Mirar.**", "**Hacer.**"))


def test_every_metric_that_is_asked_for_exists() -> None:
    ours = {name for names in DATABASE._collector_to_names.values() for name in names}
    for rule in RULES:
        asked = set(re.findall(r"\b(?:pr|probe|node)_\w+|\bup\b", re.sub(r'"[^"]*"', "", rule["expr"])))
        assert asked <= ours | OTHERS, rule["alert"]
        assert asked or rule["alert"] == "Watchdog"


def test_the_watchdog_and_the_grave_ones_go_where_they_should() -> None:
    config = str(FOLDER / "alertmanager.yml")
    run("amtool", "prometheus-alertmanager", "check-config", config)
    routes = ("amtool", "prometheus-alertmanager", "config", "routes", "test", f"--config.file={config}")
    assert run(*routes, "alertname=Watchdog", "severity=none").strip() == "vigia"
    assert run(*routes, "alertname=PRSystemDown", "severity=critical").strip() == "guardia"
    assert run(*routes, "alertname=RAGEmpty", "severity=warning").strip() == "soporte"


def test_inhibitions_name_alerts_that_exist() -> None:
    for rule in yaml.safe_load((FOLDER / "alertmanager.yml").read_text())["inhibit_rules"]:
        for matcher in rule["source_matchers"] + rule["target_matchers"]:
            assert set(re.findall(r"[A-Z]\w+", matcher.partition("=")[2])) <= set(NAMES)


def test_the_loopback_cluster_loads_the_rules_and_the_routes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site(Layout(tmp_path / "cluster"))
    site.data.mkdir()
    tools = {name: shutil.which(name) for name in ("promtool", "amtool")}
    monkeypatch.setattr("shutil.which", lambda name, **named: tools.get(name, f"/usr/bin/{name}"))
    monitoring.prometheus_program(site)
    monitoring.alertmanager_program(site)
    run("promtool", "prometheus", "check", "config", str(site.data / "prometheus.yml"))
    run("amtool", "prometheus-alertmanager", "check-config", str(site.data / "alertmanager.yml"))
    assert "example" not in (site.data / "alertmanager.yml").read_text().replace(
        "pr-system@empresa.example", ""
    ).replace("correo.example", "")


def test_the_configuration_of_the_stack_is_whole() -> None:
    assert "27 rules found" in run("promtool", "prometheus", "check", "config", str(FOLDER / "prometheus.yml"))


def test_every_alert_is_provoked_by_a_drill_with_its_waits_shortened_and_nothing_else() -> None:
    assert set(alerts.NAMES) == set(NAMES)
    plain = {rule["alert"]: rule for rule in RULES}
    for rule in watching.scaled_rules()["groups"][0]["rules"]:
        before = plain[rule["alert"]]
        assert set(rule) == set(before)
        if rule["alert"] not in watching.SCALED_THRESHOLDS:
            assert rule["expr"].replace(f"[{watching.WINDOW}]", "[5m]") == before["expr"]
    assert [watching.scaled(wait) for wait in ("30s", "1m", "5m", "1h")] == ["1s", "1s", "5s", "60s"]
