"""Make the virtual environment from a lock file: `python3 bootstrap.py LOCKFILE`. Standard library only.

Run by the system's Python, whatever its version, so it keeps to old syntax and nothing of the project is imported.
Only wheels are installed, checked against the hashes of the lock; nothing is compiled. A stamp keeps the digest of
the lock, so a second call returns at once.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Iterable  # noqa: UP035 -- old syntax

PROJECT = Path(__file__).resolve().parent.parent.parent
VENV = PROJECT / ".venv"
STAMP = VENV / "lock.stamp"
LOG = VENV / "install.log"
MINIMUM = (3, 11)
STEP = re.compile(r"^(Collecting|Downloading|Using cached|Installing collected packages)\b[: ]*([^ =<>;@]*)")


class BootstrapError(Exception):
    """One line for the operator."""


def check_python() -> None:
    if sys.version_info[:2] < MINIMUM:
        raise BootstrapError(
            f"hace falta Python 3.11 o posterior y este es {sys.version.split()[0]}; indique otro con PYTHON=..., "
            "por ejemplo `make run PYTHON=python3.12`"
        )
    if not (find_spec("venv") and find_spec("ensurepip")):
        raise BootstrapError("falta el módulo venv de Python; instálelo con `sudo apt-get install python3-venv`")


def fingerprint(lock_file: Path) -> str:
    """Digest of the lock, the Python version and the place: a moved environment is made again."""
    mark = f"{sys.version.split()[0]} {VENV}"
    return hashlib.sha256(lock_file.read_bytes() + mark.encode()).hexdigest()


def installed() -> "list[str]":
    return STAMP.read_text().split() if STAMP.exists() else []


def create() -> None:
    shutil.rmtree(str(VENV), ignore_errors=True)
    command = [sys.executable, "-m", "venv", str(VENV)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        sys.stderr.write(done.stdout.decode(errors="replace"))
        raise BootstrapError("no se pudo crear .venv; en Debian o Ubuntu: `sudo apt-get install python3-venv`")


def install(lock_file: Path) -> None:
    total = len(re.findall(r"^[A-Za-z0-9_.-]+(?:\[.*\])?==", lock_file.read_text(), re.MULTILINE))
    command = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--require-hashes", "--no-deps"]
    command += ["--only-binary", ":all:", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    command += ["-r", str(lock_file)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    follow(process.stdout or (), total)
    if process.wait() != 0:
        sys.stderr.write("".join(LOG.read_text().splitlines(True)[-5:]))
        raise BootstrapError(f"no se pudieron instalar los paquetes. Registro: {LOG}")


def follow(lines: "Iterable[str]", total: int) -> None:
    """Copy pip's output to the log; on a terminal, one line that says how far it is."""
    terminal = sys.stdout.isatty()
    seen = 0
    with LOG.open("w") as log:
        for line in lines:
            log.write(line)
            found = STEP.match(line)
            if not (terminal and found):
                continue
            seen += found.group(1) == "Collecting"
            text = "instalando …" if found.group(1).startswith("Installing") else found.group(2)[:50]
            print(f"\r\033[K      {seen} de {total}  {text}", end="", flush=True)
    if terminal:
        print("\r\033[K", end="", flush=True)


def main(lock_name: str) -> None:
    check_python()
    mark = fingerprint(PROJECT / lock_name)
    known = installed()
    if mark in known:
        return
    print(f"Preparando el entorno de Python en .venv ({lock_name}; solo la primera vez) …", flush=True)
    # The environment of the tests holds the product's too: it is added to it, and later serves both.
    product = fingerprint(PROJECT / "requirements.lock")
    if not (lock_name == "requirements-dev.lock" and product in known):
        create()
    install(PROJECT / lock_name)
    STAMP.write_text(" ".join(sorted({product, mark})))


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except BootstrapError as error:
        sys.exit(f"pr-system: {error}")
