"""The first start of the `postgres` container of deploy/compose.yml, as its entrypoint does it: a fresh folder, the
database of POSTGRES_DB, the script of deploy/postgres with secrets as files. Then each role is asked what it may do.

Once with the PostgreSQL of the embedded mode, which is of the release line of the image, and once with Debian's.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from prsystem.runner.endpoints import LOOPBACK, free_port
from prsystem.runner.program import PROJECT
from prsystem.runner.servers import postgres

pytestmark = pytest.mark.slow
DEPLOY = PROJECT / "deploy"
DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1:]
ROLES = ("owner", "app", "readonly", "backup")


class FirstStart:
    """A server on loopback whose roles were made by the script, and a table of the owner as `migrate` leaves one."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self.binaries, self.folder, self.port = binaries, folder, free_port()
        self.data, self.secrets = folder / "datos", folder / "secretos"
        self.data.mkdir(mode=0o700)
        command = [str(DEPLOY / "make-secrets.sh"), str(self.secrets), "pr.planta.example"]
        subprocess.run(command, check=True, capture_output=True)
        postgres.hand_over(folder)

    def run(self, program: str, *arguments: str, **variables: str) -> None:
        environment = {"PATH": f"{self.binaries}:{os.environ['PATH']}", "LANG": "C.UTF-8", **variables}
        command = [*postgres.unprivileged(), program, *arguments]
        done = subprocess.run(command, env=environment, cwd="/", capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self, *options: str) -> None:
        given = " ".join((f"-k {self.folder}", "-c wal_level=replica", *options))
        self.run("pg_ctl", "-D", str(self.data), "-o", given, "-l", str(self.folder / "log"), "-w", "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop")

    def prepare(self) -> None:
        """What the entrypoint of the image does before it starts the server for good."""
        password = self.secrets / "pg_superuser"
        made = ("--data-checksums", "--locale=C.UTF-8", "--encoding=UTF8")  # POSTGRES_INITDB_ARGS of compose.yml
        self.run("initdb", "-D", str(self.data), "-U", "postgres", f"--pwfile={password}", "--auth=trust", *made)
        with (self.data / "pg_hba.conf").open("w", encoding="utf-8") as access:
            access.write("local all all trust\nhost all all all scram-sha-256\n")
        self.start("-c listen_addresses=''", "-c password_encryption=scram-sha-256")
        socket = {"PGHOST": str(self.folder)}
        self.run("psql", "-U", "postgres", "-qc", "CREATE DATABASE prs", **socket)
        given = {"POSTGRES_USER": "postgres", "POSTGRES_DB": "prs", "PGDATA": str(self.data)}
        places = {"PRS_SECRETS_DIR": str(self.secrets), "PRS_ROLES": str(DEPLOY / "postgres" / "roles.sql")}
        self.run(str(DEPLOY / "postgres" / "init-roles.sh"), **socket, **given, **places)
        self.stop()
        self.start(f"-c listen_addresses={LOOPBACK}", f"-c port={self.port}")

    def password(self, role: str) -> str:
        return (self.secrets / f"pg_{role}").read_text(encoding="utf-8").strip()

    def connect(self, role: str, **options: str) -> psycopg.Connection:
        given = {"host": LOOPBACK, "port": str(self.port), "dbname": "prs", "user": f"prs_{role}"}
        return psycopg.connect(**{**given, "password": self.password(role), **options}, autocommit=True)  # type: ignore[arg-type]


@pytest.fixture(
    scope="module", params=[None, *DEBIAN], ids=lambda p: "embedded" if p is None else f"debian-{p.parent.name}"
)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirstStart]:
    found = FirstStart(request.param or postgres.binaries(), tmp_path_factory.mktemp("pg"))
    found.prepare()
    try:
        with found.connect("owner") as owner:
            owner.execute("CREATE TABLE caso (n int); INSERT INTO caso VALUES (1)")
            owner.execute("GRANT SELECT, INSERT ON caso TO prs_app")
        yield found
    finally:
        found.stop()
        shutil.rmtree(found.folder)


def allowed(connection: psycopg.Connection, statement: str) -> bool:
    try:
        connection.execute(statement)
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction):
        return False
    return True


def test_each_role_enters_with_its_password_alone(server: FirstStart) -> None:
    for role in ROLES:
        server.connect(role).close()
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            server.connect(role, password="otra")


MAY = {
    "SELECT * FROM caso": {"owner", "app", "readonly", "backup"},
    "INSERT INTO caso VALUES (2)": {"owner", "app"},
    "UPDATE caso SET n = n": {"owner"},
    "CREATE TABLE ajena (n int); DROP TABLE ajena": {"owner"},
    "CREATE TEMPORARY TABLE mia (n int)": {"owner", "app"},
    "CREATE SCHEMA ajeno; DROP SCHEMA ajeno": {"owner"},
    "CREATE DATABASE otra": {"owner"},
    "CREATE ROLE intruso": set(),
    "ALTER SYSTEM SET fsync = off": set(),
    "COPY caso TO PROGRAM 'cat'": set(),
    "SELECT pg_read_file('/etc/passwd')": set(),
    "SET ROLE postgres": set(),
}


@pytest.mark.parametrize("statement", MAY)
def test_each_role_may_do_what_it_is_for(server: FirstStart, statement: str) -> None:
    may = set()
    for role in ROLES:
        with server.connect(role) as connection:
            if allowed(connection, statement):
                may.add(role)
    assert may == MAY[statement]


def test_copies_are_made_by_two_and_read_whole(server: FirstStart) -> None:
    may = set()
    for role in ROLES:
        try:
            server.connect(role, replication="true").close()
            may.add(role)
        except psycopg.OperationalError as error:
            assert "replication" in str(error)
    assert may == {"owner", "backup"}
    target = server.folder / "base"
    given = {"PGPASSWORD": server.password("backup")}
    place = ("-h", LOOPBACK, "-p", str(server.port), "-U", "prs_backup")
    server.run("pg_basebackup", *place, "-D", str(target), "-c", "fast", "-X", "stream", **given)
    server.run("pg_verifybackup", str(target))
    server.run("pg_dump", *place, "-f", str(server.folder / "copia.sql"), "prs", **given)


def test_a_restore_sends_out_who_is_in_and_nobody_else_can(server: FirstStart) -> None:
    for role in ("app", "readonly", "backup", "owner"):
        with server.connect("app") as victim, server.connect(role) as connection:
            sent_out = allowed(connection, f"SELECT pg_terminate_backend({victim.info.backend_pid})")
            assert sent_out is (role in ("owner", "app")), role  # everybody may end sessions of their own


def test_what_each_role_is_held_to(server: FirstStart) -> None:
    held = {"owner": ("lock_timeout", "2s"), "readonly": ("default_transaction_read_only", "on")}
    for role, (name, value) in {**held, "app": ("idle_in_transaction_session_timeout", "1min")}.items():
        with server.connect(role) as connection:
            assert connection.execute(f"SHOW {name}").fetchone() == (value,)
    with server.connect("owner") as connection:
        assert connection.execute("SHOW data_checksums").fetchone() == ("on",)
