"""The dashboards: every expression is one, asks for metrics that exist, and the stack provides the files."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from prsystem.core.telemetry.metrics import DATABASE
from prsystem.runner.program import PROJECT

FOLDER = PROJECT / "deploy" / "grafana"
BOARDS = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
# Counted in memory by the web, or told by Prometheus itself, blackbox-exporter and node-exporter.
OTHERS = {
    *("pr_requests_total", "pr_request_duration_seconds_bucket", "pr_login_failures_total", "up", "ALERTS"),
    "pr_database_pool",
    *("probe_ssl_earliest_cert_expiry", "node_filesystem_avail_bytes", "node_filesystem_size_bytes"),
}
SUFFIXES = ("_total", "_bucket", "_sum", "_count")


def expressions() -> Iterator[str]:
    for board in BOARDS.values():
        for panel in board["panels"]:
            yield from (target["expr"] for target in panel["targets"])


def known(name: str, ours: set[str]) -> bool:
    return name in ours | OTHERS or any(name.removesuffix(suffix) in ours for suffix in SUFFIXES)


def test_every_metric_of_a_dashboard_exists() -> None:
    ours = {name for names in DATABASE._collector_to_names.values() for name in names}
    asked = {
        name
        for text in expressions()
        for name in re.findall(r"\b(?:(?:pr|probe|node)_\w+|up|ALERTS)\b", re.sub(r'"[^"]*"', "", text))
    }
    assert len(asked) > 20
    assert {name for name in asked if not known(name, ours)} == set()


def test_every_expression_can_be_read(tmp_path: Path) -> None:
    tool = shutil.which("promtool")
    if tool is None:
        pytest.skip("promtool is missing: apt-get install prometheus")
    rules = [{"record": f"x:{number}", "expr": text} for number, text in enumerate(expressions())]
    path = tmp_path / "rules.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "x", "rules": rules}]}))
    done = subprocess.run([tool, "check", "rules", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_panels_have_titles_and_do_not_overlap() -> None:
    for name, board in BOARDS.items():
        assert board["uid"] == name
        taken: set[tuple[int, int]] = set()
        for panel in board["panels"]:
            assert panel["title"] and panel["description"]
            at = panel["gridPos"]
            cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
            assert not cells & taken, panel["title"]
            taken |= cells


def test_the_stack_provides_every_file() -> None:
    stack = yaml.safe_load((PROJECT / "deploy" / "swarm" / "docker-compose.ha.yml").read_text())
    given = {stack["configs"][one["source"]]["file"]: one["target"] for one in stack["services"]["grafana"]["configs"]}
    for path in FOLDER.rglob("*.*"):
        if path.is_file():
            assert f"../grafana/{path.relative_to(FOLDER)}" in given, path.name
    provider = yaml.safe_load((FOLDER / "provisioning" / "dashboards" / "pr-system.yml").read_text())["providers"][0]
    assert {Path(given[f"../grafana/{name}.json"]).parent for name in BOARDS} == {Path(provider["options"]["path"])}
    sources = yaml.safe_load((FOLDER / "provisioning" / "datasources" / "prometheus.yml").read_text())["datasources"]
    assert {panel["datasource"]["uid"] for board in BOARDS.values() for panel in board["panels"]} == {sources[0]["uid"]}
