"""nginx with the configuration of deploy/nginx, its site files written for ports on loopback."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

from prsystem.runner.program import PROJECT, Program, RunnerError

from . import certificates

SOURCE = PROJECT / "deploy" / "nginx"
FILE = "nginx-enterprise.conf"
LOOPBACK = "127.0.0.1"


def binary() -> str:
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not found:
        raise RunnerError("falta nginx: apt-get install nginx-light")
    return found


def prepare(folder: Path, *, https_port: int, http_port: int, backends: list[int]) -> None:
    """Copy the configuration into the folder and write what differs from a real site."""
    shutil.copytree(SOURCE, folder, dirs_exist_ok=True)
    (folder / "run").mkdir(exist_ok=True)
    certificates.make(folder / "tls")
    site = folder / "site"
    (site / "listen-http.conf").write_text(f'listen {LOOPBACK}:{http_port};\nset $https_port_suffix ":{https_port}";\n')
    (site / "listen-https.conf").write_text(f"listen {LOOPBACK}:{https_port} ssl http2;\n")
    write_names(folder, LOOPBACK, "localhost")
    write_backends(folder, backends)


def write_names(folder: Path, *names: str) -> None:
    """The names that are answered, as deploy/nginx/start.sh writes them from ALLOWED_HOSTS."""
    given = {"PRS_EDGE": str(folder), "ALLOWED_HOSTS": ",".join(names)}
    subprocess.run(["sh", str(SOURCE / "start.sh"), "names"], check=True, env={"PATH": os.environ["PATH"], **given})


def write_backends(folder: Path, backends: list[int]) -> None:
    """The upstream group."""
    lines = [f"    server {LOOPBACK}:{port} max_fails=1 fail_timeout=2s;" for port in backends]
    head = "upstream backends {\n    zone backends 64k;\n    least_conn;\n"
    text = head + "\n".join(lines) + "\n    keepalive 32;\n    keepalive_timeout 4s;\n}\n"
    (folder / "site" / "backends.conf").write_text(text)


def command(folder: Path, *more: str) -> tuple[str, ...]:
    return (binary(), "-p", str(folder), "-c", str(folder / FILE), *more)


def reload(folder: Path) -> None:
    """Read the configuration again; requests under way are finished by the old processes."""
    subprocess.run(command(folder, "-s", "reload"), check=True, stderr=subprocess.DEVNULL)


def program(folder: Path) -> Program:
    # SIGQUIT lets requests under way finish.
    # As root its workers would be another user, who can't reach a private folder.
    user = " user root;" if os.geteuid() == 0 else ""
    foreground = command(folder, "-g", f"daemon off;{user}")
    return Program("nginx", foreground, stop_signal=signal.SIGQUIT, stop_seconds=15)
