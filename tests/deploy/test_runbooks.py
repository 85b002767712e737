"""Every command in docs/runbooks, run or read by the program that it is for: the real `docker` client against the
recording engine, `docker compose` and Django by their own parsers, openssl on a made certificate."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, get_commands, load_command_class
from django.db import connection

from deploy.cluster import certificates
from prsystem.runner.program import PROJECT
from tests.standins.docker.engine import Engine

from .runbooks import ALL, FOLDER, PAGES, PROGRAM, Line
from .swarm_site import DEPLOY, MARKS, deploy, manager, run_make_secrets
from .test_compose import FILES, GIVEN, read, run

# Of other machines, or harmless: nothing here reads them.
ELSEWHERE = {"curl", "ldapsearch", "age-keygen", "cp", "git", "export", "ollama", "nvidia-smi", "df"}


def lines(*programs: str) -> list[Line]:
    return [line for line in ALL if plain(line).split()[0] in programs]


def plain(line: Line) -> str:
    return line.text.removeprefix("sudo ").removeprefix(".venv/bin/python ").removeprefix(".venv/bin/")


def test_every_command_is_read_by_somebody() -> None:
    assert len(ALL) > 100
    unknown = [str(line) for line in ALL if not PROGRAM.match(line.text)]
    assert unknown == []
    read_here = {"docker", "manage.py", "make", "openssl", "patronictl", "echo", "sh"}
    left = {plain(line).split()[0] for line in ALL} - read_here - ELSEWHERE
    assert {path for path in left if not os.access(PROJECT / path, os.X_OK)} == set()


# --- docker


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("operador")
    certificates.make(found / "tls")
    (found / "nuevo.pem").write_bytes((found / "tls" / "cert.pem").read_bytes())
    (found / "nueva.key").write_bytes((found / "tls" / "key.pem").read_bytes())
    run_make_secrets(found / "secretos")
    return found


@pytest.fixture(scope="module")
def engine(folder: Path) -> Iterator[Engine]:
    with manager(folder) as found:
        found.add("configs", {"Name": "viejo", "Data": "eA=="})
        deploy(found)
        deploy(found)  # what `rollback` goes back to
        yield found


def in_shell(engine: Engine, text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    text = text.replace("sudo ", "").replace("service rollback", "service rollback --detach")
    text = text.replace("deploy/swarm/deploy.sh", f"{DEPLOY}/swarm/deploy.sh {DEPLOY}/swarm/env.example")
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text],
        cwd=folder,
        env={**os.environ, **engine.environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


# One that needs an image, a registry, or that is only named.
MENTIONS = ("docker build", "docker push", "docker buildx", "docker stack deploy")
SWARM = [line for line in (*lines("docker", "deploy/swarm/deploy.sh"),) if "docker compose" not in line.text]
SWARM += [line for line in ALL if "| docker " in line.text]


@MARKS[0]
def test_every_docker_command_is_one_that_a_swarm_with_this_stack_takes(engine: Engine, folder: Path) -> None:
    assert len(SWARM) > 30
    for line in SWARM:
        if not line.text.startswith(MENTIONS):
            done = in_shell(engine, line.text, folder)
            assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    for _name, command in engine.execs.values():
        takes(command)
    asked = {name.rstrip("12") for name, _command in engine.execs.values()}
    assert asked == {"prs_worker", "prs_postgres", "prs_s3"}


@MARKS[0]
def test_the_secrets_are_given_to_swarm_as_the_page_says(folder: Path) -> None:
    [line] = [line for line in lines("sh") if "docker secret create" in line.text]
    with Engine() as bare:
        done = in_shell(bare, line.text, folder)
        assert done.returncode == 0, done.stderr
        deploy(bare)


@MARKS[0]
def test_a_new_version_is_migrated_with_its_own_image_before_anything_else_changes(folder: Path) -> None:
    [update] = [line for line in SWARM if "--replicas 1 prs_migrate" in line.text]
    page = (FOLDER / "actualizar.md").read_text(encoding="utf-8")
    assert page.index("--replicas 1 prs_migrate") < page.index("deploy/swarm/deploy.sh")
    with manager(folder / "otra") as engine:
        deploy(engine)
        before = images(engine)
        assert in_shell(engine, update.text, folder).returncode == 0
        assert images(engine) == {**before, "prs_migrate": "registro.example/pr-system:0.2.0"}
        assert engine.specs("services")["prs_migrate"]["Mode"]["Replicated"]["Replicas"] == 1
        deploy(engine)
        assert engine.specs("services")["prs_migrate"]["Mode"]["Replicated"]["Replicas"] == 0


def images(engine: Engine) -> dict[str, str]:
    found = engine.specs("services").items()
    return {name: spec["TaskTemplate"]["ContainerSpec"]["Image"].partition("@")[0] for name, spec in found}


def takes(command: list[str]) -> None:
    """A command inside a container."""
    if command[:2] == ["python", "manage.py"]:
        manage(command[2:])
    else:
        assert command[0] in ("patronictl", "weed", "nginx"), command


COMPOSE = [line for line in ALL if "docker compose " in line.text]


def test_every_compose_command_is_one_that_it_knows() -> None:
    services = set(read(FILES["one"], "--profile", "ollama", **GIVEN)["services"])
    assert len(COMPOSE) > 8
    for line in COMPOSE:
        _docker, _compose, *words = shlex.split(line.text)
        options = dict(zip(words[0:4:2], words[1:4:2], strict=True))
        assert set(options) == {"-f", "--env-file"}, line
        assert all((PROJECT / path).exists() for path in options.values()), line
        verb, *rest = words[4:]
        known = run("docker-compose", verb, "--help")
        assert known.returncode == 0, line
        while rest and rest[0].startswith("-"):
            option = rest.pop(0)
            assert re.search(rf"(^|\s){option}[, ]", known.stdout), f"{line}: {option}"
            if option == "-e":
                rest.pop(0)
        named = rest[:1] if verb == "exec" else rest
        assert set(named) <= services, line
        if verb == "exec":
            takes(rest[1:])


# --- the others


def manage(arguments: list[str]) -> None:
    name, *rest = arguments
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    parser.parse_args(rest)


MANAGE = [line for line in lines("manage.py") if len(line.text.split()) > 1]


@pytest.mark.parametrize("line", dict.fromkeys(plain(line) for line in MANAGE))
def test_every_manage_command_is_one_that_it_knows(line: str) -> None:
    try:
        manage([word for word in shlex.split(line)[1:] if not word.startswith("<")])
    except (SystemExit, CommandError) as error:
        pytest.fail(f"{line}: {error}")


def test_every_make_target_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert {plain(line).split()[1] for line in lines("make")} <= targets


def test_openssl_takes_every_line_about_certificates(folder: Path) -> None:
    given = [line for line in (*lines("openssl", "echo"),) if "docker" not in line.text]
    assert len(given) > 5
    for line in given:
        text = line.text.replace("pr.planta.example:443", "127.0.0.1:1").replace("2>/dev/null", "")
        done = subprocess.run(
            ["bash", "-c", text],
            cwd=folder,
            env={**os.environ, "SSL_CERT_FILE": str(folder / "tls" / "ca.pem")},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert not re.search(r"[Uu]nknown option|Use -help", done.stderr), f"{line}\n{done.stderr}"
        assert done.returncode == 0 or "127.0.0.1:1" in text, f"{line}\n{done.stderr}"


def test_patronictl_knows_what_it_is_told() -> None:
    program = Path(sys.executable).parent / "patronictl"
    if not program.exists():
        pytest.skip("needs requirements-cluster.lock, which `make cluster` installs")
    for verb in {re.split(r"patronictl(?: -c \S+)? ", line.text)[1].split()[0] for line in lines("patronictl")}:
        done = subprocess.run([str(program), verb, "--help"], capture_output=True, check=False)
        assert done.returncode == 0, verb


SQL = re.compile(r"`((?:SELECT|DROP|ALTER|GRANT)\s[^`\s]+\s[^`]+)`")


@pytest.mark.django_db
def test_postgresql_understands_every_statement() -> None:
    found = [" ".join(sql.split()) for page in PAGES for sql in SQL.findall(page.read_text(encoding="utf-8"))]
    assert len(found) >= 5
    for sql in found:
        filled = re.sub(r"<rol>|NOMBRE|`", "nombre", sql)
        with connection.cursor() as cursor:
            cursor.execute(f"DO $check$ BEGIN RETURN; {filled}; END $check$")  # read, and not done


# --- names

ROLES = {"prs_owner", "prs_app", "prs_readonly", "prs_backup"}
OTHER = {"prs_respaldo", "prs_modelos"}  # a replication slot; a volume of one machine


def test_every_name_in_a_page_is_one_of_the_stacks() -> None:
    swarm = read(FILES["swarm"], **GIVEN)
    known = {f"prs_{name}" for kind in ("services", "networks", "volumes") for name in swarm[kind]}
    for page in PAGES:
        named = set(re.findall(r"\bprs_[a-z][a-z0-9-]*(?![\w=]*=)", page.read_text(encoding="utf-8")))
        assert named - {"prs_postgres", "prs_ollama", "prs_etcd"} <= known | ROLES | OTHER, page.name


EMBEDDED = {"PRS_DATA_DIR", "PRS_PG_BIN", "PRS_BACKUP_DIR", "DATABASE_OWNER_URL", "PORT"}


def test_every_variable_that_a_page_tells_to_set_can_be_set_in_both_stacks() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (PROJECT / "prsystem" / "settings").glob("*.py"))
    stacks = [read(FILES[name], **GIVEN)["services"] for name in FILES]
    for page in PAGES:
        named = set(re.findall(r"`([A-Z][A-Z0-9]+_[A-Z0-9_]+)(?:=[^`]*)?`", page.read_text(encoding="utf-8")))
        for name in (one for one in named - EMBEDDED if f'"{one}"' in source):
            for services in stacks:
                given = {key for one in ("backend", "worker") for key in services[one]["environment"]}
                assert {name, f"{name}_FILE"} & given, f"{page.name}: {name}"
