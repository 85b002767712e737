"""What is lost by mistake or with the whole site, brought back by the commands of the runbooks, under load."""

import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pyrage

from deploy.cluster.site import BACKENDS
from prsystem.runner.endpoints import free_port
from prsystem.runner.program import PROJECT, instance_environment

from .record import Seen
from .rig import Rig

SECONDS = 600


def _manage(rig: Rig, *arguments: str, **variables: str) -> str:
    environment = {**instance_environment(rig.site.layout), **rig.site.background_environment(), **variables}
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, check=False, capture_output=True, text=True, timeout=SECONDS
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments[:2])}: {(done.stderr or done.stdout).strip()[-500:]}")
    return done.stdout


def _owner(rig: Rig) -> dict[str, str]:
    """Who restores: the tables of the new database are the owner's; the role of the copies may not make any."""
    return rig.site.owner_environment() | {"PRS_BACKUP_DATABASE_URL": rig.site.database_url("owner", "read-write")}


def table_dropped(rig: Rig, _size: object) -> Seen:
    """The second is noted, the table goes, and the documented command brings back what was there before."""
    copies = rig.site.data / "simulacro-copias"
    shutil.rmtree(copies, ignore_errors=True)
    given = {"PRS_BACKUP_DIR": str(copies)}
    _manage(rig, "backup", "run", **given)
    with rig.load() as account:
        time.sleep(5)
    before = _history(rig)
    time.sleep(1.2)
    moment = datetime.now(UTC)
    time.sleep(1.2)
    rig.sql("DROP TABLE incidents_comment CASCADE")
    with rig.load() as later:
        time.sleep(3)
    began = time.monotonic()
    _manage(
        rig,
        "restore",
        "--from",
        str(copies),
        "--at",
        moment.isoformat(),
        "--replace",
        "--yes",
        **given,
        **_owner(rig),
    )
    seconds = time.monotonic() - began
    back = rig.wait(lambda: all(rig.is_ready(name) for name in BACKENDS), 60)
    after, (lost, twice) = _history(rig), rig.lost(account.acknowledged)
    told, unwanted = f"{before} y {after}", len(later.acknowledged) - rig.lost(later.acknowledged)[0]
    seen = (
        f"comentarios, incidencias y auditoría antes y después: {told}; de {len(account.acknowledged)} reportes "
        f"anteriores al segundo faltan {lost}; de {len(later.acknowledged)} posteriores quedan {unwanted}; "
        f"la orden tardó {seconds:.0f} s; backends listos sin reinicio {back:.0f} s después"
    )
    held = before == after and not lost and not twice and not unwanted and back != float("inf")
    fault = "`DROP TABLE incidents_comment` en un segundo anotado"
    return Seen(fault, "`restore --at <segundo> --replace` devuelve el segundo anterior, entero", seen, held)


def _history(rig: Rig) -> tuple[int, ...]:
    """Counts; entries of the trail up to the restore itself."""
    tables = ("incidents_comment", "incidents_incident")
    counts = [rig.sql(f"SELECT count(*) FROM {table}")[0][0] for table in tables]
    [[trail]] = rig.sql("SELECT count(*) FROM audit_auditentry WHERE accion IN ('incident.reported', 'auth.login')")
    return (*counts, trail)


def site_lost(rig: Rig, _size: object) -> Seen:
    """An empty folder, the copies and the escrow key; the script of the runbook does the rest and prints the time."""
    folder = rig.site.data / "simulacro-sitio"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    operations, escrow = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    key = folder / "custodia.txt"
    key.touch(mode=0o600)
    key.write_text(f"{escrow}\n")
    given = {"PRS_BACKUP_DIR": str(folder / "fuera")}
    given["PRS_BACKUP_RECIPIENTS"] = f"{operations.to_public()},{escrow.to_public()}"
    with rig.load():
        time.sleep(3)
        first = _incidents(rig)
        _manage(rig, "backup", "run", **given)
        last = _incidents(rig)
    told = _script(folder, key)
    printed = re.search(r"tiempo de recuperación: (\d+) s", told)
    back = _incidents_of(folder / "nuevo") if printed else 0
    seen = f"en servicio en {printed[1]} s (escrito por el guion)" if printed else told.strip()[-200:]
    seen += f"; incidencias al empezar y al acabar la copia, bajo carga: {first} y {last}; en el sitio nuevo: {back}"
    fault = "todo el sitio: queda la copia de fuera, cifrada, y la clave de custodia"
    expected = "`deploy/restore-site.sh` sobre una carpeta vacía deja el servicio en marcha y escribe el tiempo"
    return Seen(fault, expected, seen, printed is not None and first <= back <= last)


def _incidents(rig: Rig) -> int:
    return int(rig.sql("SELECT count(*) FROM incidents_incident")[0][0])


def _incidents_of(data: Path) -> int:
    """In the instance of this folder, which isn't running."""
    ask = "from incidents.models import Incident; print(Incident.objects.count())"
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", ask]
    environment = {**_inherited(), "PRS_DATA_DIR": str(data)}
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1])


def _inherited() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def _script(folder: Path, key: Path) -> str:
    environment = {**_inherited(), "PRS_DATA_DIR": str(folder / "nuevo"), "PORT": str(free_port())}
    command = ["deploy/restore-site.sh", str(folder / "fuera"), str(key), "--check"]
    with suppress(subprocess.TimeoutExpired):
        done = subprocess.run(
            command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False, timeout=SECONDS
        )
        return done.stdout + done.stderr
    return "no terminó"
