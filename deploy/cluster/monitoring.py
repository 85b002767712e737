"""Prometheus and Alertmanager with the files of deploy/, their targets on loopback."""

from pathlib import Path
from typing import Any

import yaml

from prsystem.runner.endpoints import LOOPBACK
from prsystem.runner.program import PROJECT, Program

from . import installed
from .site import BACKENDS, Site

RULES = PROJECT / "deploy" / "prometheus"
SCRAPE_SECONDS = 15


def prometheus_program(site: Site) -> Program:
    config = _write(site.data / "prometheus.yml", _scrapes(site))
    options = {
        "--config.file": str(config),
        "--storage.tsdb.path": str(site.data / "prometheus"),
        "--storage.tsdb.retention.time": "2d",
        "--web.listen-address": f"{LOOPBACK}:{site.ports['prometheus']}",
    }
    command = installed.binary("prometheus")
    return Program("prometheus", (command, *(f"{name}={value}" for name, value in options.items())))


def _scrapes(site: Site) -> dict[str, Any]:
    backends = [f"{LOOPBACK}:{site.ports[name]}" for name in BACKENDS]
    patroni = [f"{LOOPBACK}:{site.ports[f'{name}-api']}" for name in ("pg1", "pg2")]
    return {
        "global": {"scrape_interval": f"{SCRAPE_SECONDS}s", "evaluation_interval": f"{SCRAPE_SECONDS}s"},
        "rule_files": [str(RULES / "alerts.yml")],
        "alerting": {
            "alertmanagers": [{"static_configs": [{"targets": [f"{LOOPBACK}:{site.ports['alertmanager']}"]}]}]
        },
        "scrape_configs": [
            {"job_name": "prsystem", "static_configs": [{"targets": backends}]},
            {"job_name": "patroni", "static_configs": [{"targets": patroni}]},
        ],
    }


def alertmanager_program(site: Site) -> Program:
    # Nobody is told: the alerts are to be seen on its page.
    routes = yaml.safe_load((RULES / "alertmanager.yml").read_text(encoding="utf-8"))
    routes["receivers"] = [{"name": receiver["name"]} for receiver in routes["receivers"]]
    config = _write(site.data / "alertmanager.yml", routes)
    options = {
        "--config.file": str(config),
        "--storage.path": str(site.data / "alertmanager"),
        "--web.listen-address": f"{LOOPBACK}:{site.ports['alertmanager']}",
        "--cluster.listen-address": "",
    }
    command = installed.binary("prometheus-alertmanager")
    return Program("alertmanager", (command, *(f"{name}={value}" for name, value in options.items())))


def _write(path: Path, content: dict[str, Any]) -> Path:
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path
