"""Runs a reader of hostile files as a process of its own, with little memory and time and no environment: what is wrong
with a file ends there.

    run_confined("package.module:function", "argument", …, limits=Limits(…))

The function takes texts and returns what JSON can say. Its module and what that imports must do without Django's
settings.
"""

import importlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
OUTPUT_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Of one process. `wall_seconds` is for one that waits; what works is ended by `cpu_seconds`."""

    memory_bytes: int
    cpu_seconds: int
    wall_seconds: float


class TooHeavy(Exception):
    """It ran into a limit."""


class Broken(Exception):
    """It ended with an error."""


def run_confined(function: str, *arguments: str, limits: Limits) -> Any:
    """What the function returns. Raises TooHeavy or Broken."""
    own = [str(limits.memory_bytes), str(limits.cpu_seconds), function]
    environment = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "PYTHONUTF8": "1"}
    with tempfile.TemporaryFile() as output:
        try:
            done = subprocess.run(  # noqa: S603 -- our own module and function; the arguments are no shell's
                [sys.executable, "-m", __name__, *own, *arguments],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.DEVNULL,
                timeout=limits.wall_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise TooHeavy from error
        if done.returncode:
            raise TooHeavy if done.returncode < 0 or done.returncode == HEAVY else Broken
        output.seek(0)
        return json.load(output)


HEAVY = 9


def main() -> None:
    memory, cpu, function, *arguments = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(cpu), int(cpu)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_BYTES, OUTPUT_BYTES))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python ignores it: an answer too long would look like a fault
    module, _colon, name = function.partition(":")
    try:
        json.dump(getattr(importlib.import_module(module), name)(*arguments), sys.stdout)
    except (MemoryError, RecursionError):
        sys.exit(HEAVY)


if __name__ == "__main__":
    main()
