"""Make the virtual environment from a lock file: `python3 bootstrap.py LOCKFILE`. Standard library only.

Run by the system's Python, whatever its version, so the syntax stays old and nothing of the project is imported.
Only wheels are installed, checked against the hashes of the lock; nothing is compiled. A stamp keeps the digest of
the lock, so a second call returns at once.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys

PROJECT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VENV = os.path.join(PROJECT, ".venv")
STAMP = os.path.join(VENV, "lock.stamp")
LOG = os.path.join(VENV, "install.log")
MINIMUM = (3, 11)
STEP = re.compile(r"^(Collecting|Downloading|Using cached|Installing collected packages)\b[: ]*([^ =<>;@]*)")


class BootstrapError(Exception):
    """One line for the operator."""


def check_python():
    if sys.version_info[:2] < MINIMUM:
        raise BootstrapError(
            "hace falta Python 3.11 o posterior y este es %d.%d; indique otro con PYTHON=..., por ejemplo "
            "`make run PYTHON=python3.12`" % sys.version_info[:2]
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise BootstrapError(
            "falta el módulo venv de Python; instálelo con `sudo apt-get install python3-venv`"
        ) from None


def fingerprint(lock_file):
    """Digest of the lock, the Python version and the place: a moved environment is made again."""
    with open(lock_file, "rb") as lock:
        content = lock.read()
    mark = "%s %s" % (sys.version.split()[0], VENV)
    return hashlib.sha256(content + mark.encode()).hexdigest()


def installed():
    try:
        with open(STAMP) as stamp:
            return stamp.read().split()
    except OSError:
        return []


def create():
    shutil.rmtree(VENV, ignore_errors=True)
    done = subprocess.run(
        [sys.executable, "-m", "venv", VENV], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode != 0:
        sys.stderr.write(done.stdout.decode(errors="replace"))
        raise BootstrapError("no se pudo crear .venv; en Debian o Ubuntu: `sudo apt-get install python3-venv`")


def install(lock_file):
    with open(lock_file) as lock:
        total = sum(1 for line in lock if re.match(r"^[A-Za-z0-9_.-]+(\[.*\])?==", line))
    command = [os.path.join(VENV, "bin", "python"), "-m", "pip", "install", "--require-hashes", "--no-deps"]
    command += ["--only-binary", ":all:", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    seen = 0
    with open(LOG, "w") as log:
        process = subprocess.Popen(
            command + ["-r", lock_file], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True
        )
        for line in process.stdout:
            log.write(line)
            found = STEP.match(line)
            if not found:
                continue
            seen += found.group(1) == "Collecting"
            show(found, seen, total)
    clear()
    if process.wait() != 0:
        with open(LOG) as log:
            sys.stderr.write("".join(log.readlines()[-5:]))
        raise BootstrapError("no se pudieron instalar los paquetes. Registro: %s" % LOG)


def show(found, seen, total):
    if not sys.stdout.isatty():
        return
    text = "instalando …" if found.group(1).startswith("Installing") else found.group(2)[:50]
    sys.stdout.write("\r\033[K      %d de %d  %s" % (seen, total, text))
    sys.stdout.flush()


def clear():
    if sys.stdout.isatty():
        sys.stdout.write("\r\033[K")


def main(lock_name):
    check_python()
    lock_file = os.path.join(PROJECT, lock_name)
    mark = fingerprint(lock_file)
    known = installed()
    if mark in known:
        return
    print("Preparando el entorno de Python en .venv (%s; solo la primera vez) …" % lock_name, flush=True)
    # The environment for tests holds that of the product too, so the product never shrinks it.
    product = fingerprint(os.path.join(PROJECT, "requirements.lock"))
    if not (lock_name == "requirements-dev.lock" and product in known):
        create()
        known = []
    install(lock_file)
    with open(STAMP, "w") as stamp:
        stamp.write(" ".join([*sorted({product, mark}), *known]))


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except BootstrapError as error:
        sys.exit("pr-system: %s" % error)
