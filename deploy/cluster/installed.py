"""The programs of Debian that `make cluster` runs. As a script, before anything is installed: names all that miss.

Only the standard library at the top: `python3 deploy/cluster/installed.py` runs without the virtual environment.
"""

import shutil
import sys

# Name of the program -> package of Debian, and other names that the program has elsewhere.
PROGRAMS = {
    "nginx": ("nginx-light", ()),
    "etcd": ("etcd-server", ()),
    "slapd": ("slapd", ()),
    "prometheus": ("prometheus", ()),
    "prometheus-alertmanager": ("prometheus-alertmanager", ("alertmanager",)),
}
SYSTEM_PATH = "/usr/sbin:/sbin:/usr/local/sbin"


def _found(name: str) -> str:
    for one in (name, *PROGRAMS[name][1]):
        if path := shutil.which(one) or shutil.which(one, path=SYSTEM_PATH):
            return path
    return ""


def missing() -> str:
    """One line with every program that isn't there and how to get them all; empty when none is missing."""
    names = [name for name in PROGRAMS if not _found(name)]
    packages = " ".join(PROGRAMS[name][0] for name in names)
    return f"falta {', '.join(names)}: apt-get install {packages}" if names else ""


def binary(name: str) -> str:
    """The path of one of PROGRAMS; RunnerError names it and its package."""
    from prsystem.runner.program import RunnerError

    if path := _found(name):
        return path
    raise RunnerError(f"falta {name}: apt-get install {PROGRAMS[name][0]}")


if __name__ == "__main__":
    sys.exit(f"pr-system: {missing()}" if missing() else 0)
