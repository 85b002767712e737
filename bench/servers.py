"""The parts of an embedded instance that a suite needs, in a data folder of their own."""

import logging
import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from prsystem.runner import endpoints, programs
from prsystem.runner.layout import Layout
from prsystem.runner.program import Program, start, stop, wait_until
from prsystem.runner.servers import data_servers

OPERATOR_VARIABLES = (
    *("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "DATABASE_REPLICA_URL", "REDIS_URL", "CHROMA_URL"),
    *("OLLAMA_URLS", "OLLAMA_CHAT_MODEL", "OLLAMA_EMBED_MODEL", "S3_ENDPOINT_URL", "S3_BUCKET", "LDAP_SERVER"),
    *("EMAIL_URL", "TRUSTED_PROXIES", "METRICS_ALLOWED_CIDRS", "TIME_ZONE", "PRS_EMBEDDER_URL"),
)
START_SECONDS = 60.0


def clean_environment(layout: Layout) -> None:
    """The embedded defaults in this folder, whatever the caller's shell says."""
    for name in OPERATOR_VARIABLES:
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)
    os.environ["PRS_DATA_DIR"] = str(layout.data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prsystem.settings")


@dataclass
class Server:
    """A running web server."""

    pid: int
    port: int


@dataclass
class Bench:
    """Data servers with the demo, the web server and the server of the floors; more parts on demand."""

    layout: Layout
    _stack: ExitStack = field(default_factory=ExitStack)
    _parts: dict[str, Any] = field(default_factory=dict)

    def __enter__(self) -> "Bench":
        servers = data_servers.DataServers(self.layout)
        self._stack.callback(servers.stop)
        try:
            servers.start()
            self._load_demo()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        from django.db import connections

        connections.close_all()
        for alias in connections:
            connections[alias].close_pool()
        self._stack.close()

    def _load_demo(self) -> None:
        # The settings read the addresses of index and embedder once, so these are chosen before.
        endpoints.choose(self.layout, programs.private_model_names())
        import django
        from django.core.management import call_command

        django.setup()
        logging.disable(logging.INFO)  # of this process; the servers log as they always do
        call_command("migrate", interactive=False, verbosity=0)
        call_command("demo")

    @property
    def web(self) -> Server:
        return self._web("web", "prsystem.settings")

    @property
    def floor(self) -> Server:
        return self._web("piso", "bench.floor_settings")

    @property
    def alone(self) -> Server:
        """The web server with nothing behind it but PostgreSQL: Redis, Chroma, the embedder and Ollama refuse."""
        nobody = f"{endpoints.LOOPBACK}:{endpoints.free_port()}"
        away = {"REDIS_URL": f"redis://{nobody}/0"}
        away |= dict.fromkeys(("CHROMA_URL", "OLLAMA_URLS", "PRS_EMBEDDER_URL"), f"http://{nobody}")
        return self._web("solo", "prsystem.settings", **away)

    def _web(self, name: str, settings: str, **environment: str) -> Server:
        if name not in self._parts:
            port = endpoints.free_port()
            os.environ["PORT"] = str(port)
            program = replace(
                programs.web_program(), name=name, environment={"DJANGO_SETTINGS_MODULE": settings, **environment}
            )
            process = self._start(program, f"http://{endpoints.LOOPBACK}:{port}")
            self._parts[name] = Server(process.pid, port)
        return self._parts[name]

    def models(self) -> None:
        """Chroma and the embedder, kept until the end; those that run stay as they are."""
        for name in programs.MODEL_VARIABLES:
            if name not in self._parts:
                address = self.layout.endpoint(name)
                program = programs.model_program(self.layout, name)
                self._parts[name] = self._start(program, address)

    def kill(self, name: str) -> None:
        """End one of the models at once; `models` starts it again."""
        process = self._parts.pop(name)
        process.kill()
        process.wait()

    def _start(self, program: Program, address: str) -> subprocess.Popen[bytes]:
        process = start(program, self.layout, tied=True)
        self._stack.callback(stop, process, program)
        is_up = partial(endpoints.accepts_connections, address)
        log = program.log(self.layout)
        wait_until(is_up, name=program.name, log=log, seconds=START_SECONDS, process=process)
        return process

    @contextmanager
    def worker(self) -> Iterator[None]:
        """Background work while the block runs."""
        program = programs.worker_program()
        process = start(program, self.layout, tied=True)
        try:
            wait_until(worker_answers, name="worker", log=program.log(self.layout), seconds=START_SECONDS)
            yield
        finally:
            stop(process, program)


def worker_answers() -> bool:
    from prsystem.celery import app

    return bool(app.control.ping(timeout=0.5))
