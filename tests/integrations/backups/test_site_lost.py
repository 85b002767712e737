"""The whole site is lost: off-site copies and the escrow key, on an empty data folder, by the script of the runbook."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import httpx
import pyrage
import pytest

from prsystem.demo_accounts import PASSWORD

ROOT = Path(__file__).resolve().parents[3]
SECONDS = 600


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(*command: str, **variables: str) -> str:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        command, cwd=ROOT, env={**kept, **variables}, capture_output=True, text=True, check=False, timeout=SECONDS
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def manage(*arguments: str, **variables: str) -> str:
    return run(sys.executable, "manage.py", *arguments, **variables)


@pytest.mark.slow
def test_a_bare_folder_becomes_the_service_again(tmp_path: Path) -> None:
    operations, escrow = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    site = {"PRS_DATA_DIR": str(tmp_path / "sitio")}
    site["PRS_BACKUP_RECIPIENTS"] = f"{operations.to_public()},{escrow.to_public()}"
    manage("demo", **site)
    key = json.loads(manage("apikey", "create", "--nombre", "ERP", "--scope", "health:read", "--json", **site))
    told = json.loads(manage("backup", "run", "--json", **site))
    assert told["verificado"] is True
    shutil.copytree(tmp_path / "sitio" / "respaldos", tmp_path / "fuera")
    shutil.rmtree(tmp_path / "sitio")
    (tmp_path / "custodia.txt").write_text(f"{escrow}\n")

    port = free_port()
    new = {"PRS_DATA_DIR": str(tmp_path / "nuevo"), "PORT": str(port)}
    script = run("deploy/restore-site.sh", str(tmp_path / "fuera"), str(tmp_path / "custodia.txt"), "--check", **new)
    seconds = re.search(r"tiempo de recuperación: (\d+) s", script)
    assert seconds is not None
    assert int(seconds[1]) < 3600
    listed = json.loads(manage("backup", "list", "--json", **new))
    assert told["id"] in [row["id"] for row in listed]

    service = subprocess.Popen(
        [sys.executable, "-m", "prsystem.runner"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **new},
        stdout=subprocess.DEVNULL,
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", transport=httpx.HTTPTransport(retries=60)) as client:
            until_ready(client)
            answer = client.post("/api/auth/login", json={"username": "eva", "password": PASSWORD})
            assert answer.status_code == 200
            with_key = client.get("/api/health/detailed", headers={"X-API-Key": key["clave"]})
            assert with_key.status_code == 200
    finally:
        service.terminate()
        service.wait(120)


def until_ready(client: httpx.Client) -> None:
    for _try in range(240):
        with suppress(httpx.TransportError):
            if client.get("/api/health/ready").status_code == 200:
                return
        time.sleep(0.5)
    pytest.fail("the service did not become ready")
