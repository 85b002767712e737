"""Starts and stops a stand-in node as a process of its own."""

import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]


class OllamaProcess:
    """`with OllamaProcess(mode="ok") as node:` gives a node at `node.url`; the keywords are its knobs."""

    module = "tests.standins.ollama_node"

    def __init__(self, **knobs: Any) -> None:
        self._knobs = knobs

    def __enter__(self) -> "OllamaProcess":
        command = [sys.executable, "-m", self.module]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True)
        self.url = f"http://127.0.0.1:{int(self._process.stdout.readline())}"
        self.name = self.url.removeprefix("http://")
        self._control = httpx.Client(base_url=self.url, trust_env=False)
        self.set(**self._knobs)
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._control.close()
        self.kill()
        self._process.stdout.close()

    def set(self, **knobs: Any) -> None:
        if knobs:
            self._control.post("/standin/set", json=knobs).raise_for_status()

    def stats(self) -> dict[str, Any]:
        return self._control.get("/standin/stats").json()

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        self._process.kill()
        self._process.wait()


class RealModelProcess(OllamaProcess):
    """The same with a real small model; see real_node."""

    module = "tests.standins.real_node"
