"""The image definition without an engine: its own steps, word for word, in a folder instead of a container.

Shown: the locks install with wheels alone (python-ldap apart), the build needs nothing that it doesn't copy, and the
result runs as another user who may write nowhere but into the data folder. Not shown: the base image and its packages
(another Python here), layers, the size, the limits of the runtime.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from prsystem.runner.endpoints import free_port
from prsystem.runner.program import PROJECT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="needs root and setpriv"),
]
USER = "10001"
SECONDS = 900


def _python_for_all() -> str | None:
    """One that another user can run: not in somebody's home. This one, else the system's."""
    for candidate in (sys.executable, "/usr/bin/python3"):
        program = Path(candidate).resolve()
        if program.exists() and all(folder.stat().st_mode & 0o001 for folder in program.parents) and _serves(candidate):
            return candidate
    return None


def _serves(python: str) -> bool:
    """Recent enough, and able to make environments (Debian has that apart)."""
    code = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([python, "-c", code], capture_output=True, check=False).returncode == 0


PYTHON = _python_for_all()


def stages() -> list[list[tuple[str, str]]]:
    """Instructions and their text, by stage."""
    text = (PROJECT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    found: list[list[tuple[str, str]]] = []
    for line in joined.splitlines():
        word, _blank, rest = line.partition(" ")
        if word == "FROM":
            found.append([])
        else:
            found[-1].append((word, rest))
    return found


class Container:
    """A folder in which the instructions are done; `/opt` and `/build` mean places in it."""

    def __init__(self, root: Path) -> None:
        self.root, self.workdir = root, "/build"
        self.environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        programs = root / "programas"
        programs.mkdir()
        (programs / "python").symlink_to(PYTHON or sys.executable)
        self.path = f"{programs}:{os.environ['PATH']}"
        self.environment["PATH"] = self.path
        self.environment |= {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_"))}

    def place(self, text: str) -> str:
        return re.sub(r"(?<![\w/])/(opt|build|datos)\b", rf"{self.root}/\1", text)

    def do(self, word: str, rest: str) -> None:
        if word == "WORKDIR":
            self.workdir = rest
        elif word == "ENV":
            self.environment |= dict(
                part.split("=", 1) for part in shlex.split(self.place(rest.replace("$PATH", self.path)))
            )
        elif word == "COPY" and not rest.startswith("--from"):
            self._copy(rest)
        elif word == "RUN" and "apt-get" not in rest:
            self._run(self.place(rest))

    def folder(self) -> Path:
        folder = Path(self.place(self.workdir))
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _copy(self, rest: str) -> None:
        *sources, target = rest.split()
        if sources == ["."]:
            archive = subprocess.run(["git", "archive", "HEAD"], cwd=PROJECT, capture_output=True, check=True).stdout
            Path(self.place(target)).mkdir(parents=True)
            subprocess.run(["tar", "-x", "-C", self.place(target)], input=archive, check=True)
            return
        for name in sources:
            shutil.copy(PROJECT / name, self.folder() / target)

    def _run(self, command: str) -> None:
        for part in command.split(" && ") if "pip install" in command else [command]:
            wheels = {"PIP_ONLY_BINARY": ":all:"} if "requirements.lock" in part else {}
            environment = {**self.environment, **wheels}
            done = subprocess.run(
                ["bash", "-c", part.replace("RUN ", "")],
                cwd=self.folder(),
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=SECONDS,
            )
            assert done.returncode == 0, f"{part}\n{done.stdout[-1500:]}{done.stderr[-1500:]}"


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    root = tmp_path_factory.mktemp("imagen")
    built = Container(root)
    build, final = stages()
    for word, rest in (*build, *final):
        built.do(word, rest)
    for folder in (root, *root.parents):
        with suppress(PermissionError):
            folder.chmod(folder.stat().st_mode | 0o055)
    subprocess.run(["chmod", "-R", "go=rX,u-w", str(root / "opt")], check=True)
    data = root / "datos"
    data.mkdir(mode=0o700)
    os.chown(data, int(USER), int(USER))
    yield built
    subprocess.run(["chmod", "-R", "u+w", str(root)], check=True)


def as_user(container: Container, *command: str, **variables: str) -> subprocess.Popen[str]:
    own = {**container.environment, "SECRET_KEY": "0123456789" * 4, "DATABASE_URL": "postgresql://a:b@127.0.0.1:9/c"}
    own |= {"REDIS_URL": "redis://127.0.0.1:9/0", "CHROMA_URL": "http://127.0.0.1:9", "HOME": "/nonexistent"}
    own |= {"ALLOWED_HOSTS": "pr.example,127.0.0.1", "TMPDIR": str(container.root / "datos"), **variables}
    limited = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", *command]
    return subprocess.Popen(
        limited, cwd=container.folder(), env=own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def test_what_tests_and_builds_need_is_not_in_the_image(container: Container) -> None:
    left = {path.name for path in (container.root / "opt" / "pr-system").iterdir()}
    assert not left & {"tests", "bench", "deploy"}
    assert {"manage.py", "prsystem", "staticfiles"} <= left
    assert list((container.root / "opt/pr-system/prsystem/locale").glob("*/LC_MESSAGES/django.mo"))


@pytest.mark.skipif(not PYTHON, reason="every Python here is in a folder that other users can't enter")
def test_it_serves_as_another_user_from_a_tree_it_can_not_write_to(container: Container) -> None:
    [command] = [json.loads(rest) for word, rest in stages()[1] if word == "CMD"]
    port = free_port()
    manifest = json.loads((container.root / "opt/pr-system/staticfiles/staticfiles.json").read_text())
    hashed = (
        manifest["paths"]["css/app.css"]
        if "css/app.css" in manifest["paths"]
        else next(iter(manifest["paths"].values()))
    )
    web = as_user(container, *command, PORT=str(port), PRS_WEB_HOST="127.0.0.1", PRS_WEB_PROCESSES="1")
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"X-Forwarded-Proto": "https"}) as client:
            wait_for(client, web)
            assert client.get("/api/health").json() == {"status": "ok"}
            assert client.get("/api/health/ready").status_code == 503
            assert client.get(f"/static/{hashed}").status_code == 200
            probe = as_user(
                container, "python", str(container.root / "opt/pr-system/prsystem/probe.py"), PORT=str(port)
            )
            assert probe.wait(30) == 0, "no database is no reason to be ended"
    finally:
        web.terminate()
        web.communicate(timeout=60)
    touch = as_user(container, "python", "-c", "open('prueba', 'w')")
    assert "PermissionError" in touch.communicate(timeout=30)[0]


def wait_for(client: httpx.Client, web: subprocess.Popen[str]) -> None:
    for _try in range(240):
        with suppress(httpx.TransportError):
            if client.get("/api/health").status_code == 200:
                return
        assert web.poll() is None, web.communicate()[0]
        time.sleep(0.5)
    pytest.fail("it does not answer")
