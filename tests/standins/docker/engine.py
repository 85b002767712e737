"""A recording Docker engine: as much of the Engine API of a swarm manager as the real `docker` command line needs for
stacks, services, configs, secrets, networks, nodes, and `docker exec`. Nothing runs; `engine.state` is what reached it
and `engine.calls` the changes asked for, in order. What a swarm would refuse is refused (rules.py).

    with Engine() as engine:
        engine.docker("stack", "deploy", "-c", file, "prs")
"""

import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from .routes import ROUTES
from .rules import Refused
from .state import Swarm
from .wire import Server

CLIENT = shutil.which("docker")
NEEDS_CLIENT = "needs the docker command line: apt-get install docker-cli (Debian 13) or docker.io (Debian 12)"


class Engine(Swarm):
    def __enter__(self) -> "Engine":
        self.folder = Path(tempfile.mkdtemp(prefix="docker-"))
        self.socket = self.folder / "engine.sock"
        self.server = Server(str(self.socket), self.answer)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.server.shutdown()
        self.server.server_close()
        shutil.rmtree(self.folder)

    @property
    def environment(self) -> dict[str, str]:
        """For any program that calls `docker`."""
        return {"DOCKER_HOST": f"unix://{self.socket}", "DOCKER_CONFIG": str(self.folder / "client")}

    def docker(
        self, *arguments: str, variables: Mapping[str, str] | None = None, given: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """The real client against this engine; `given` is its standard input."""
        assert CLIENT, NEEDS_CLIENT
        plain = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return subprocess.run(
            [CLIENT, *arguments],
            env={**plain, **self.environment, **(variables or {})},
            input=given,
            stdin=None if given is not None else subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Any:
        """The answer to one request: JSON, bytes, or Refused. Also kept in `calls` when it changes something."""
        path = re.sub(r"^/v1\.\d+", "", path)
        with self.lock:
            if method not in ("GET", "HEAD"):
                self.calls.append((method, path, body))
            for verb, pattern, act in ROUTES:
                if verb == method and (found := re.fullmatch(pattern, path)):
                    return act(self, query, body, *found.groups())
        raise Refused(501, f"the recording engine knows no {method} {path}")
