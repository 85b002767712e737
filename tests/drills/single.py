"""Drills against one instance of `make run`: a disk that takes nothing more, an archive that is damaged. No cluster."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psycopg

from prsystem.runner.endpoints import free_port
from prsystem.runner.layout import Layout
from prsystem.runner.leftovers import stop_all
from prsystem.runner.program import PROJECT

from .record import Seen

MEGABYTES = 400
SECONDS = 400
REPORTS = 30


class Alone:
    """One `make run` on a data folder, and an ERP that reports to it."""

    def __init__(self, data: Path, output: Path) -> None:
        self.layout, self.port, self.output = Layout(data), free_port(), output
        self.acknowledged: list[str] = []
        self.statuses: dict[int, int] = {}
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            **{"PRS_DATA_DIR": str(data), "PORT": str(self.port), "SECRET_KEY": "k" * 40},
        }
        with output.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "prsystem.runner"],
                cwd=PROJECT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def started(self) -> "Alone":
        ends_at = time.monotonic() + SECONDS
        while "PR-System está en" not in self.said():
            if self.process.poll() is not None or time.monotonic() > ends_at:
                raise RuntimeError(self.said())
            time.sleep(0.2)
        self.manage(
            "shell", "-c", "from prsystem.accounts.models import Area as A; A.objects.create(code='P', name='P')"
        )
        given = ("--nombre", "ERP", "--scope", "incidencias:write", "--area", "P", "--json")
        self.key = json.loads(self.manage("apikey", "create", *given))["clave"]
        return self

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def manage(self, *arguments: str, **variables: str) -> str:
        done = manage(*arguments, environment={**self.environment, **variables})
        if done.returncode:
            raise RuntimeError(f"manage.py {' '.join(arguments[:2])}: {(done.stderr or done.stdout).strip()[-500:]}")
        return done.stdout

    def report(self) -> int:
        """The status; 0 when nobody answers."""
        title = f"Reporte {sum(self.statuses.values()) + 1}"
        body = {"titulo": title, "descripcion": "El motor 3 no arranca. " * 200, "area": "P", "origen": "ERP"}
        address = f"http://127.0.0.1:{self.port}/api/v1/external/incidencias"
        status, headers = 0, {"X-API-Key": self.key}
        with suppress(httpx.HTTPError):
            status = httpx.post(address, json=body, headers=headers, timeout=60, trust_env=False).status_code
        if status == 201:
            self.acknowledged.append(title)
        self.statuses[status] = self.statuses.get(status, 0) + 1
        return status

    def until(self, status: int) -> bool:
        ends_at = time.monotonic() + SECONDS
        while self.report() != status:
            if self.process.poll() is not None or time.monotonic() > ends_at:
                return False
            time.sleep(0.3)
        return True

    def lost(self) -> int:
        with psycopg.connect(self.layout.database_url) as db:
            there = {row[0] for row in db.execute("SELECT title FROM incidents_incident")}
        return sum(title not in there for title in self.acknowledged)

    def stop(self) -> None:
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(120)
        stop_all(self.layout)


def manage(*arguments: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False, timeout=SECONDS
    )


@contextmanager
def small_disk() -> Iterator[Path]:
    """A disk of its own in memory; PermissionError where this user may not mount one."""
    folder = Path(tempfile.mkdtemp(prefix="prs-disco-"))
    options = f"size={MEGABYTES}m,nr_inodes=20000"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=False, capture_output=True
    )
    if mounted.returncode:
        folder.rmdir()
        raise PermissionError("a tmpfs can't be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


def fill(disk: Path) -> Callable[[], None]:
    """Not a byte is left; the answer makes room again."""
    with suppress(OSError), (disk / "lleno").open("wb") as file:
        while True:
            file.write(bytes(1 << 20))
            file.flush()
    return (disk / "lleno").unlink


def use_up_inodes(disk: Path) -> Callable[[], None]:
    """No file can be made any more, nor the files there are grow."""
    (disk / "muchos").mkdir()
    (disk / "lleno").touch()
    with suppress(OSError):
        for number in range(10**6):
            (disk / "muchos" / str(number)).touch()
    empty = fill(disk)

    def again() -> None:
        empty()
        shutil.rmtree(disk / "muchos")

    return again


def disk_full(_rig: object = None, _size: object = None) -> Seen:
    with small_disk() as disk, tempfile.TemporaryDirectory() as outside:
        alone = Alone(disk / "datos", Path(outside) / "salida")
        try:
            alone.started().until(201)
            came_back = [_in_trouble(alone, disk, trouble) for trouble in (fill, use_up_inodes)]
            lost, is_alive = alone.lost(), alone.process.poll() is None
        finally:
            alone.stop()
        told = alone.said().replace(str(disk / "datos"), "la carpeta del estado")
        said = [line for line in told.splitlines() if line.startswith("[aviso]") and "disco" in line]
    counts = ", ".join(f"{number}×{status or 'sin respuesta'}" for status, number in sorted(alone.statuses.items()))
    seen = (
        f"{counts}; de {len(alone.acknowledged)} confirmados se perdieron {lost}; "
        f"{'el programa siguió vivo' if is_alive else 'el programa terminó'}; "
        f"volvió solo {sum(came_back)} de {len(came_back)} veces; dijo: «{said[0] if said else ''}»"
    )
    held = is_alive and not lost and all(came_back) and set(alone.statuses) <= {201, 503} and bool(said)
    expected = "los reportes contestan 503 y nada confirmado se pierde; con sitio otra vez, todo vuelve solo"
    return Seen("el disco del estado se llena, y después se queda sin inodos (`make run`)", expected, seen, held)


def _in_trouble(alone: Alone, disk: Path, trouble: Callable[[Path], Callable[[], None]]) -> bool:
    mend = trouble(disk)
    refused = alone.until(503)
    for _more in range(10):
        alone.report()
    mend()
    return refused and alone.until(201)


Damage = Callable[[Path], None]


def _segments(copies: Path) -> list[Path]:
    [copy] = copies.glob("*-manual")
    first = json.loads((copy / "manifest.json").read_text())["base_wal"]
    return sorted(path for path in copies.glob("wal/*/0*.gz") if path.name >= first)


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[min(1000, len(content) // 2)] ^= 0x40
    path.write_bytes(bytes(content))


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


DAMAGES: dict[str, Damage] = {
    "segmento que falta": lambda copies: _segments(copies)[1].unlink(),
    "segmento cortado": lambda copies: _cut(_segments(copies)[1]),
    "un bit cambiado": lambda copies: _flip(_segments(copies)[1]),
    "final que falta": lambda copies: next(copies.glob("wal/*/0*.partial")).unlink(),
    "lista cambiada": lambda copies: _cut(next(copies.glob("wal/*/wal.json"))),
    "manifiesto cambiado": lambda copies: _edit(next(copies.glob("*-manual/manifest.json"))),
    "copia física que falta": lambda copies: next(copies.glob("*-manual/base.tar.gz")).unlink(),
}


def _edit(path: Path) -> None:
    path.write_text(path.read_text().replace('"rows": ', '"rows": 1', 1))


def archive_damaged(_rig: object = None, _size: object = None) -> Seen:
    with tempfile.TemporaryDirectory() as outside:
        room = Path(outside)
        alone = Alone(room / "datos", room / "salida")
        try:
            alone.started()
            _reported(alone)
        finally:
            alone.stop()
        copies = alone.layout.data / "respaldos"
        refused = {name: _refused(room, copies, damage) for name, damage in DAMAGES.items()}
        told, there = _restored(room, copies)
    missing = sum(title not in there for title in alone.acknowledged)
    named = sum(refused.values())
    seen = (
        f"de {len(alone.acknowledged)} reportes confirmados, el archivo sano devuelve todos menos {missing}; "
        f"de {len(refused)} daños ({', '.join(refused)}) {named} negados con su nombre, "
        f"{len(refused) - named} dados por buenos"
    )
    expected = "cada daño se nombra y se niega, sin cambiar nada; sano, vuelve todo"
    fault = "`restore --at latest` en una máquina vacía, con el archivo continuo dañado"
    return Seen(fault, expected, seen, told == 0 and not missing and named == len(refused))


def _reported(alone: Alone) -> None:
    """A copy, then reports in several segments of WAL, each fetched."""
    alone.manage("backup", "run")
    collect = "from integrations.backups.ticking import wal_collect as w; r = w(); assert r.state == 'done', r.error"
    for _segment in range(3):
        for _report in range(REPORTS // 3):
            alone.report()
        with psycopg.connect(alone.layout.owner_url, autocommit=True) as db:
            db.execute("SELECT pg_switch_wal()")
        alone.manage("shell", "-c", collect)
    alone.report()
    alone.manage("shell", "-c", collect)


def _refused(room: Path, copies: Path, damage: Damage) -> bool:
    """Whether the command failed, named a file, and left the database empty."""
    place = room / "danado"
    shutil.copytree(copies, place)
    damage(place)
    done = _restore(room, place)
    shutil.rmtree(place)
    named = any(word in done.stderr for word in ("0000000", "wal.json", "manifest.json", "base.tar.gz"))
    return done.returncode != 0 and named and "Traceback" not in done.stderr


def _restore(room: Path, copies: Path) -> "subprocess.CompletedProcess[str]":
    return manage("restore", "--from", str(copies), "--at", "latest", "--yes", environment=_empty(room))


def _empty(room: Path) -> dict[str, str]:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**inherited, "PRS_DATA_DIR": str(room / "nuevo"), "SECRET_KEY": "k" * 40}


def _restored(room: Path, copies: Path) -> tuple[int, set[str]]:
    status = _restore(room, copies).returncode
    ask = "from incidents.models import Incident as I; print('\\n'.join(I.objects.values_list('title', flat=True)))"
    listed = manage("shell", "--no-imports", "-c", ask, environment=_empty(room))
    return status, set(listed.stdout.splitlines())


SINGLE: dict[str, Callable[..., Seen]] = {"disco": disk_full, "archivo": archive_damaged}
