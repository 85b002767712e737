"""The loopback topology without starting it: what each part is given, and what is said when a program is missing."""

import json
import re
import stat
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

from deploy.cluster import data, database, edge, installed, monitoring
from deploy.cluster.site import BACKENDS, Site
from deploy.cluster.topology import Cluster
from prsystem.runner import endpoints
from prsystem.runner.layout import Layout
from prsystem.runner.program import PROJECT, RunnerError


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(Layout(tmp_path / "cluster"))


def test_ports_and_passwords_are_kept_and_private(site: Site) -> None:
    again = Site(site.layout)
    assert (site.ports, site.secrets) == (again.ports, again.secrets)
    assert len(set(site.ports.values())) == len(site.ports)
    assert len(set(site.secrets.values())) == len(site.secrets)
    assert stat.S_IMODE((site.data / "secretos.json").stat().st_mode) == 0o600


def test_a_port_that_is_free_twice_is_given_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    offered = (number // 2 for number in count(100_000))
    monkeypatch.setattr(endpoints, "free_port", lambda: next(offered))
    assert len(set(site.ports.values())) == len(site.ports)


def test_the_application_is_not_the_owner_of_the_schema(site: Site) -> None:
    app, owner = site.environment(), site.owner_environment()
    assert "prs_app:" in app["DATABASE_URL"]
    assert app["DATABASE_URL"].endswith("target_session_attrs=read-write")
    assert app["DATABASE_REPLICA_URL"].endswith("target_session_attrs=prefer-standby")
    assert owner == app | {"DATABASE_OWNER_URL": owner["DATABASE_OWNER_URL"]}
    assert "prs_owner:" in owner["DATABASE_OWNER_URL"]
    assert site.secrets["owner"] not in json.dumps(app)
    assert len({site.url(name) for name in BACKENDS}) == 3


def test_a_commit_is_acknowledged_by_both_servers_and_slots_are_bounded(site: Site) -> None:
    settings = database._settings(site, "pg1")
    shared = settings["bootstrap"]["dcs"]
    assert shared["synchronous_mode"] is True
    assert shared["postgresql"]["parameters"]["max_slot_wal_keep_size"] == "1GB"
    assert "data-checksums" in settings["bootstrap"]["initdb"]
    assert not [line for line in settings["postgresql"]["pg_hba"] if line.startswith("host") and "trust" in line]


def test_five_roles_and_none_of_the_application_is_superuser() -> None:
    text = database.ROLES.read_text()
    roles = set(re.findall(r"CREATE ROLE (\w+)", text))
    assert roles == {"prs_owner", "prs_app", "prs_readonly", "prs_backup"}, "and Patroni's replicator"
    assert "SUPERUSER" not in re.sub(r"--.*", "", text).upper()
    assert "lock_timeout = '2s'" in text


@pytest.mark.parametrize(
    ("part", "package"),
    [
        (database.etcd_program, "etcd-server"),
        (data.directory_program, "slapd"),
        (monitoring.prometheus_program, "prometheus"),
        (monitoring.alertmanager_program, "prometheus-alertmanager"),
        (lambda site: edge.program(site.data), "nginx-light"),
    ],
)
def test_a_missing_program_is_named_with_its_package(
    site: Site, part: object, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.data.mkdir()
    monkeypatch.setattr("shutil.which", lambda *given, **named: None)
    with pytest.raises(RunnerError) as error:
        part(site)
    assert f"apt-get install {package}" in str(error.value)
    assert len(str(error.value).splitlines()) == 1


def test_all_missing_programs_are_named_at_once_before_anything_is_installed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the script that make runs first, with a bare Python, and by the start itself."""
    script = (sys.executable, "-I", "-S", str(PROJECT / "deploy" / "cluster" / "installed.py"))
    done = subprocess.run(script, env={"PATH": "/nowhere"}, capture_output=True, text=True, check=False)
    monkeypatch.setattr("shutil.which", lambda *given, **named: None)
    with pytest.raises(RunnerError) as error:
        Cluster(site).up()
    for program, (package, _others) in installed.PROGRAMS.items():
        assert program in str(error.value)
        assert package in str(error.value).partition("apt-get install ")[2].split()
    assert len(str(error.value).splitlines()) == 1
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert {"etcd-server", "prometheus", "prometheus-alertmanager"} <= set(done.stderr.split())  # none in /usr/sbin
    recipe = subprocess.run(["make", "-n", "cluster"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    assert recipe.index("installed.py") < min(recipe.index("bootstrap.py"), recipe.index("pip install"))


def test_every_part_of_the_contract_is_there(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name, **named: f"/usr/bin/{name}")
    site.data.mkdir()
    names = [program.name for programs in Cluster(site).programs.values() for program in programs]
    assert len(names) == len(set(names))
    assert set(names) >= {
        *("nginx", "backend1", "backend2", "backend3", "worker", "beat", "sender", "etcd", "pg1", "pg2", "valkey"),
        *("chroma", "embedder", "s3", "ldap", "nodo1", "nodo2", "nodo3", "prometheus", "alertmanager"),
    }
