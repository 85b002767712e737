"""Version n and version n+1 side by side: the newest migration is run under load, and each backend goes over."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.cluster import application
from deploy.cluster.site import BACKENDS
from prsystem.runner.program import PROJECT, instance_environment

from .record import Seen
from .rig import Rig

MIGRATION = re.compile(r"(?:^|/)(\w+)/migrations/(\d{4}_\w+)\.py$")


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=PROJECT, capture_output=True, text=True, check=True).stdout


def two_versions(rig: Rig, _size: object) -> Seen:
    """n is the product before the commit that brought the newest migration, from the history of the repository."""
    commit = _git("log", "-1", "--diff-filter=A", "--format=%H", "--", "*/migrations/*.py").strip()
    changed = _git("show", "--name-only", "--format=", commit)
    app, name = next(found.groups() for line in changed.splitlines() if (found := MIGRATION.search(line)))
    with _tree_of(f"{commit}^", rig.site.data / "version-anterior") as old:
        before = _previous(old, app)
        _migrate(rig, app, before)
        application.use_version(rig.site, old)
        try:
            for backend in BACKENDS:
                rig.turn(backend)
            with rig.load() as account:
                time.sleep(3)
                _migrate(rig, app, name)
                application.use_version(rig.site, PROJECT)
                for backend in BACKENDS:
                    time.sleep(3)
                    rig.turn(backend)
                time.sleep(3)
        finally:
            application.use_version(rig.site, PROJECT)
            _migrate(rig, app, name)
    fault = f"migración `{app}.{name}` con las versiones n y n+1 a la vez, y los backends pasando uno a uno"
    return Seen(fault, "0 peticiones fallidas", account.describe(), not account.failures)


@contextmanager
def _tree_of(revision: str, folder: Path) -> Iterator[Path]:
    folder.mkdir(exist_ok=True)
    archive = subprocess.run(["git", "archive", revision], cwd=PROJECT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)
    yield folder


def _previous(tree: Path, app: str) -> str:
    [folder] = [path for path in tree.glob("**/migrations") if path.parent.name == app]
    return sorted(path.stem for path in folder.glob("[0-9]*.py"))[-1]


def _migrate(rig: Rig, app: str, name: str) -> None:
    environment = {**instance_environment(rig.site.layout), **rig.site.owner_environment()}
    command = [sys.executable, "manage.py", "migrate", app, name, "--verbosity", "0"]
    subprocess.run(command, cwd=PROJECT, env=environment, check=True, stdin=subprocess.DEVNULL)
