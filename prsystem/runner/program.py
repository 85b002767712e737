"""One server process of an instance: what to run, how to stop it. Started by the process runner or directly."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from .layout import Layout

PROJECT = Path(__file__).resolve().parent.parent.parent
INSTANCE_VARIABLE = "PRS_INSTANCE"
POLL_SECONDS = 0.03


class RunnerError(Exception):
    """A part could not be started or stopped; the text is one line for the operator, in Spanish."""


@dataclass(frozen=True)
class Program:
    """A foreground command; `stop_seconds` is how long it may take to stop before it is killed."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: int = 10
    start_seconds: int = 1

    def log(self, layout: Layout) -> Path:
        return layout.logs / f"{self.name}.log"


def instance_environment(layout: Layout) -> dict[str, str]:
    """The variables that every process of an instance carries; the first is how leftovers are recognised."""
    return {
        **os.environ,
        INSTANCE_VARIABLE: str(layout.data),
        "PRS_DATA_DIR": str(layout.data),
        "PYTHONPATH": os.pathsep.join(part for part in (str(PROJECT), os.environ.get("PYTHONPATH")) if part),
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "prsystem.settings"),
    }


def tied_to_parent(command: tuple[str, ...], stop_signal: signal.Signals) -> tuple[str, ...]:
    """The command, stopped by the kernel when this process dies, where `setpriv` exists (util-linux)."""
    setpriv = shutil.which("setpriv")
    if not setpriv:
        return command
    name = stop_signal.name.removeprefix("SIG")
    if Path(command[0]).name == "setpriv":
        return (command[0], "--pdeathsig", name, *command[1:])
    return (setpriv, "--pdeathsig", name, *command)


def start(program: Program, layout: Layout, *, tied: bool) -> subprocess.Popen[bytes]:
    """Start a program directly, output to its log; `tied`: it stops when this process dies."""
    command = tied_to_parent(program.command, program.stop_signal) if tied else program.command
    with program.log(layout).open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=layout.data,
            env={**instance_environment(layout), **program.environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def wait_until(
    is_up: Callable[[], bool], *, name: str, log: Path, seconds: float, process: subprocess.Popen[bytes] | None = None
) -> None:
    """Return when `is_up()` answers yes; RunnerError with the path of the log when it ends or takes too long."""
    deadline = time.monotonic() + seconds
    while not is_up():
        if process is not None and process.poll() is not None:
            raise RunnerError(f"{name} terminó al arrancar (código {process.returncode}). Registro: {log}")
        if time.monotonic() > deadline:
            raise RunnerError(f"{name} no responde tras {seconds:.0f} s. Registro: {log}")
        time.sleep(POLL_SECONDS)


def stop_processes(processes: list[psutil.Process], *, seconds: float) -> None:
    """Ask the processes to stop (PostgreSQL's fast shutdown is SIGINT), wait, kill what remains."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            is_postgres = process.name() == "postgres"
            process.send_signal(signal.SIGINT if is_postgres else signal.SIGTERM)
    _gone, alive = psutil.wait_procs(processes, timeout=seconds)
    for process in alive:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=5)


def stop(process: subprocess.Popen[bytes], program: Program) -> None:
    """Stop a directly started program: its stop signal, then SIGKILL after its time is over."""
    if process.poll() is not None:
        return
    process.send_signal(program.stop_signal)
    try:
        process.wait(program.stop_seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
