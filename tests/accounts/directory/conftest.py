"""A directory of the tests: slapd, started once per process, with the same people before every test."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from prsystem.accounts.models import Area, DirectoryGroup
from prsystem.accounts.sign_in import throttle
from prsystem.core.rights import Role
from tests.standins import slapd

PASSWORD = "Clave-del-directorio-7"
HAS_LDAP = bool(find_spec("ldap") and find_spec("django_auth_ldap"))
if not HAS_LDAP:
    collect_ignore_glob = ["test_ldap_*.py"]


@pytest.fixture(scope="session")
def slapd_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[slapd.Directory]:
    if not HAS_LDAP:
        pytest.skip("python-ldap is missing: `make ldap` (needs gcc, libldap2-dev, libsasl2-dev)")
    if slapd.SLAPD is None or not slapd.SCHEMAS.exists():
        pytest.skip("slapd is missing: apt-get install slapd")
    server = slapd.Directory(tmp_path_factory.mktemp("slapd"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def plain_directory(
    slapd_process: slapd.Directory, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[slapd.Directory]:
    """Ana in a directory that has never heard of Active Directory."""
    server = slapd.Directory(tmp_path, like_ad=False)
    server.start()
    server.clear()
    server.person("ana", PASSWORD)
    point_at(settings, server.url, server.ca_file)
    forget_failures(monkeypatch)
    yield server
    server.stop()


@pytest.fixture
def company(slapd_process: slapd.Directory) -> slapd.Directory:
    """ana and luis in `personas`, beto of a supplier in `prov`; luis in a group within a group."""
    slapd_process.clear()
    slapd_process.person("ana", PASSWORD)
    luis = slapd_process.person("luis", PASSWORD)
    slapd_process.person("beto", PASSWORD, unit="prov")
    inner = slapd_process.group("turno-noche", luis)
    slapd_process.group("soporte-l1", inner)
    return slapd_process


@pytest.fixture
def directory(company: slapd.Directory, settings: Any, monkeypatch: pytest.MonkeyPatch) -> slapd.Directory:
    """The company, and a site that signs in with it over StartTLS."""
    point_at(settings, company.url, company.ca_file)
    forget_failures(monkeypatch)
    return company


def point_at(settings: Any, url: str, ca_file: str = "", *, start_tls: bool = True) -> None:
    settings.LDAP_SERVERS, settings.LDAP_BASE_DN = [url], slapd.BASE
    settings.LDAP_BIND_DN, settings.LDAP_BIND_PASSWORD = slapd.READER, slapd.READER_PASSWORD
    settings.LDAP_START_TLS, settings.LDAP_CA_FILE = start_tls, ca_file
    backends = [name for name in settings.AUTHENTICATION_BACKENDS if name != settings.DIRECTORY_BACKEND]
    settings.AUTHENTICATION_BACKENDS = [*backends, settings.DIRECTORY_BACKEND]


def forget_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    from prsystem.accounts.directory import client

    monkeypatch.setattr(client, "_silent_until", 0.0)
    monkeypatch.setattr(throttle, "_PREFIX", f"prs:login:{uuid4()}:")
    monkeypatch.setattr(throttle, "_redis_silent_until", 0.0)


def map_group(name: str, role: Role, *areas: Area) -> DirectoryGroup:
    group = DirectoryGroup(dn=f"CN={name}, OU=grupos,{slapd.BASE}", role=role)
    group.full_clean()
    group.save()
    group.areas.set(areas)
    return group
