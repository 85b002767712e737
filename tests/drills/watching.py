"""A Prometheus and an Alertmanager of the drill's own: the rules and routes of deploy/ with shorter waits, and a
receiver that writes down when it is told of an alert and of its end."""

import json
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import yaml

from deploy.cluster import monitoring
from deploy.cluster.site import BACKENDS, Site
from prsystem.runner import program
from prsystem.runner.endpoints import LOOPBACK, free_port
from prsystem.runner.program import PROJECT, Program, RunnerError

FACTOR = 60
WINDOW = "30s"  # for the `[5m]` of rates: shorter than the waits allow, longer than a scrape
SCRAPE = "2s"
SCALED_THRESHOLDS = {"AuditNotVerified": ("> 3600", "> 60")}  # can't be provoked by moving a moment: it is sealed
_UNITS = {"s": 1, "m": 60, "h": 3600}


def scaled(duration: str) -> str:
    """`5m` -> `5s`, never under one second."""
    seconds = int(duration[:-1]) * _UNITS[duration[-1]]
    return f"{max(round(seconds / FACTOR), 1)}s"


def scaled_rules() -> dict[str, Any]:
    """The rules of the product, their waits divided by FACTOR; what they compare with stays as it is."""
    content = yaml.safe_load((monitoring.RULES / "alerts.yml").read_text(encoding="utf-8"))
    for rule in content["groups"][0]["rules"]:
        rule["expr"] = re.sub(r"\[5m\]", f"[{WINDOW}]", rule["expr"])
        if rule["alert"] in SCALED_THRESHOLDS:
            rule["expr"] = rule["expr"].replace(*SCALED_THRESHOLDS[rule["alert"]])
        if "for" in rule:
            rule["for"] = scaled(rule["for"])
    return dict(content)


def scaled_routes(receiver: str) -> dict[str, Any]:
    """The routes and inhibitions of the product; every receiver is ours."""
    content = yaml.safe_load((monitoring.RULES / "alertmanager.yml").read_text(encoding="utf-8"))
    for route in (content["route"], *content["route"]["routes"]):
        for name in ("group_wait", "group_interval", "repeat_interval"):
            if name in route:
                route[name] = scaled(route[name])
    content["receivers"] = [
        {"name": one["name"], "webhook_configs": [{"url": f"{receiver}/{one['name']}", "send_resolved": True}]}
        for one in content["receivers"]
    ]
    return dict(content)


@dataclass(frozen=True)
class Told:
    at: float
    alert: str
    status: str
    receiver: str


class Watch:
    """`with Watch(site, folder) as watch`: everything runs until the block ends."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site, self.folder = site, folder
        self.told: list[Told] = []
        self.targets = folder / "backends.json"
        self.processes: dict[str, tuple[subprocess.Popen[bytes], Program]] = {}

    def __enter__(self) -> "Watch":
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        self._server = ThreadingHTTPServer((LOOPBACK, 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.scrape(BACKENDS)
        self._write_configuration()
        for started in self._programs():
            self.processes[started.name] = (program.start(started, self.site.layout, tied=True), started)
        self._wait_for_all()
        return self

    def _wait_for_all(self) -> None:
        """What happened before the first scrape is no rise of a counter."""
        ask = f"http://{LOOPBACK}:{self.ports['prometheus']}/api/v1/query"
        for _try in range(240):
            with suppress(httpx.TransportError, KeyError, ValueError):
                found = httpx.get(ask, params={"query": "count(up == 1)"}, trust_env=False).json()["data"]["result"]
                if found and int(found[0]["value"][1]) >= len(BACKENDS) + 2:
                    return
            time.sleep(0.5)
        raise RunnerError("Prometheus no lee a todos")

    def __exit__(self, *_exception: object) -> None:
        for process, started in self.processes.values():
            program.stop(process, started)
        self._server.shutdown()

    def scrape(self, backends: tuple[str, ...]) -> None:
        """Which backends Prometheus finds."""
        found = [f"{LOOPBACK}:{self.site.ports[name]}" for name in backends]
        self.targets.write_text(json.dumps([{"targets": found}] if found else []), encoding="utf-8")

    def stop(self, name: str) -> None:
        program.stop(*self.processes[name])

    def first(self, alert: str, status: str, since: float, seconds: float) -> float | None:
        """The seconds after `since` at which the receiver was told; None when that didn't come."""
        while time.monotonic() < since + seconds:
            found = [told.at for told in self.told if (told.alert, told.status) == (alert, status) and told.at > since]
            if found:
                return found[0] - since
            time.sleep(0.2)
        return None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        watch = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                for alert in body["alerts"]:
                    name, status = alert["labels"]["alertname"], alert["status"]
                    watch.told.append(Told(time.monotonic(), name, status, self.path.strip("/")))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *arguments: Any) -> None:
                return

        return Handler

    def _write_configuration(self) -> None:
        self.ports = {name: free_port() for name in ("prometheus", "alertmanager", "blackbox", "node")}
        receiver = f"http://{LOOPBACK}:{self._server.server_address[1]}"
        self._write("alerts.yml", scaled_rules())
        self._write("alertmanager.yml", scaled_routes(receiver))
        self._write("prometheus.yml", self._scrapes())

    def _write(self, name: str, content: object) -> None:
        (self.folder / name).write_text(yaml.safe_dump(content), encoding="utf-8")

    def _scrapes(self) -> dict[str, Any]:
        at = {name: f"{LOOPBACK}:{port}" for name, port in self.ports.items()}
        relabel = [
            {"source_labels": ["__address__"], "target_label": "__param_target"},
            {"source_labels": ["__param_target"], "target_label": "instance"},
            {"target_label": "__address__", "replacement": at["blackbox"]},
        ]
        site = {"job_name": "site", "metrics_path": "/probe", "params": {"module": ["tls"]}}
        site |= {"static_configs": [{"targets": [f"{LOOPBACK}:{self.site.ports['https']}"]}]}
        files = [{"files": [str(self.targets)], "refresh_interval": "1s"}]
        return {
            "global": {"scrape_interval": SCRAPE, "scrape_timeout": SCRAPE, "evaluation_interval": "1s"},
            "rule_files": [str(self.folder / "alerts.yml")],
            "alerting": {"alertmanagers": [{"static_configs": [{"targets": [at["alertmanager"]]}]}]},
            "scrape_configs": [
                {"job_name": "prsystem", "file_sd_configs": files},
                {"job_name": "node", "static_configs": [{"targets": [at["node"]]}]},
                {**site, "relabel_configs": relabel},
            ],
        }

    def _programs(self) -> Iterator[Program]:
        at = {name: f"{LOOPBACK}:{port}" for name, port in self.ports.items()}
        commands = {
            "alertmanager": [f"--storage.path={self.folder}/am", "--cluster.listen-address="],
            "prometheus": [f"--storage.tsdb.path={self.folder}/tsdb", "--rules.alert.resend-delay=1s"],
            "blackbox-exporter": [],
            "node-exporter": ["--collector.disable-defaults", "--collector.filesystem"],
        }
        files = {"blackbox-exporter": PROJECT / "deploy" / "prometheus" / "blackbox.yml"}
        for name, options in commands.items():
            port = at[name.removesuffix("-exporter")]
            config = files.get(name, self.folder / f"{name}.yml")
            given = [] if name == "node-exporter" else [f"--config.file={config}"]
            command = (_binary(name), *given, f"--web.listen-address={port}", *options)
            yield Program(f"simulacro-{name}", command)


def _binary(name: str) -> str:
    for one in (name, f"prometheus-{name}"):
        if found := shutil.which(one):
            return found
    raise RunnerError(f"falta {name}: apt-get install {name if name == 'prometheus' else f'prometheus-{name}'}")


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """A mounted file system of 16 MiB; None where this process may not mount."""
    image, place = folder.with_suffix(".img"), folder
    place.mkdir(exist_ok=True)
    image.write_bytes(bytes(16 * 1024 * 1024))
    made = subprocess.run(["mkfs.ext4", "-q", str(image)], capture_output=True, check=False)
    mounted = made.returncode == 0 and _ran("mount", "-o", "loop", str(image), str(place))
    try:
        yield place if mounted else None
    finally:
        if mounted:
            _ran("umount", str(place))
        with suppress(OSError):
            image.unlink()
            place.rmdir()


def _ran(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
