"""The comparison with the directory: leavers are out with everything they hold; nobody else is."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEntry
from integrations.api_keys.models import Scope
from integrations.api_keys.services import KeySpec, api_key_create
from prsystem.accounts.models import Area, DirectoryGroup, User
from prsystem.core.models import Job
from prsystem.core.rights import Role
from tests.accounts.directory.conftest import PASSWORD, forget_failures, map_group, point_at
from tests.jobs import job_run
from tests.people import actor, api, browser
from tests.standins.slapd import BASE, Directory, free_port

pytestmark = pytest.mark.django_db
ANA = f"uid=ana,ou=personas,{BASE}"


def sync() -> Any:
    from prsystem.accounts.directory.sync import directory_sync

    return directory_sync()


def tokens(username: str) -> dict[str, str]:
    return api().post("/api/auth/login", {"username": username, "password": PASSWORD}).json()


def with_token(access: str) -> Any:
    client = api()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    return client


@pytest.mark.parametrize("how", ["removed", "locked"])
def test_a_leaver_is_out_with_everything_within_one_comparison(how: str, directory: Directory, eva: User) -> None:
    page, held = Client(), tokens("ana")
    page.post("/entrar", {"username": "ana", "password": PASSWORD})
    ana = User.objects.get(username="ana")
    key = api_key_create(actor=actor(eva), spec=KeySpec(name="de ana", scopes=[Scope.KNOWLEDGE], owner=ana)).text
    search = "/api/v1/external/conocimiento/buscar?query=banda"
    assert api().get(search, HTTP_X_API_KEY=key).status_code == 200
    if how == "removed":
        directory.remove(ANA)
    else:
        directory.replace(ANA, "objectClass", "inetOrgPerson", "extensibleObject")
        directory.replace(ANA, "userAccountControl", "514")
    assert (sync().people, sync().people) == (1, 0)
    assert page.get("/cuenta/").status_code == 302
    assert with_token(held["access"]).get("/api/yo").status_code == 401
    assert api().post("/api/auth/refresh", {"refresh": held["refresh"]}).status_code == 401
    assert api().get(search, HTTP_X_API_KEY=key).status_code == 403
    assert AuditEntry.objects.filter(accion="user.left_directory", recurso=f"usuario:{ana.pk}").count() == 1


def test_who_comes_back_starts_with_new_sessions(directory: Directory) -> None:
    held = tokens("ana")
    directory.replace(ANA, "objectClass", "inetOrgPerson", "extensibleObject")
    directory.replace(ANA, "userAccountControl", "514")
    sync()
    directory.replace(ANA, "userAccountControl", "512")
    assert with_token(tokens("ana")["access"]).get("/api/yo").status_code == 200
    assert with_token(held["access"]).get("/api/yo").status_code == 401


def test_a_lost_group_is_a_lost_right_at_the_next_request(directory: Directory, prod: Area) -> None:
    map_group("soporte-l1", Role.L1, prod)
    held = tokens("luis")
    assert with_token(held["access"]).get("/api/yo").json()["roles"] == ["l1"]
    directory.remove(f"cn=soporte-l1,ou=grupos,{BASE}")
    sync()
    assert with_token(held["access"]).get("/api/yo").json()["roles"] == []


def test_nobody_is_shut_out_while_the_directory_is_away(directory: Directory, settings: Any) -> None:
    from prsystem.accounts.directory.client import DirectoryDown

    tokens("ana")
    point_at(settings, f"ldap://127.0.0.1:{free_port()}", start_tls=False)
    with pytest.raises(DirectoryDown):
        sync()
    assert User.objects.get().is_active


def test_nobody_is_shut_out_when_most_people_are_missing_at_once(directory: Directory) -> None:
    from prsystem.accounts.directory.sync import TooManyMissing

    tokens("ana")
    User.objects.bulk_create(
        User(username=f"p{n}", directory_id=f"entryUUID:00000000-0000-0000-0000-{n:012d}") for n in range(12)
    )
    with pytest.raises(TooManyMissing):
        sync()
    assert User.objects.filter(is_active=True).count() == 13
    assert AuditEntry.objects.filter(accion="directory.sync_refused", resultado="fallido").exists()


def test_local_accounts_are_no_matter_of_the_directory(directory: Directory, eva: User) -> None:
    assert sync().people == 0
    eva.refresh_from_db()
    assert eva.is_active


def test_the_button_of_the_console_compares_at_once(directory: Directory, eva: User, luis: User) -> None:
    address = reverse("admin:accounts_directorygroup_sync")
    assert browser(luis).post(address).status_code in (302, 403)
    assert not Job.objects.filter(kind="directory.sync").exists()
    page = browser(eva)
    assert page.get(address).status_code == 405
    assert page.post(address).status_code == 302
    assert page.post(address).status_code == 302
    job = Job.objects.get(kind="directory.sync")
    Job.objects.update(run_at=timezone.now() - timedelta(minutes=1))
    assert job_run(job.pk)
    assert AuditEntry.objects.filter(accion="directory.sync_requested", usuario_id=eva.pk).count() == 2
    assert address in page.get(reverse("admin:accounts_directorygroup_changelist")).content.decode()


def test_the_probe_tells_what_it_found(directory: Directory, prod: Area) -> None:
    from prsystem.accounts.directory.probe import directory_probe

    map_group("soporte-l1", Role.L1, prod)
    assert [(finding.step, finding.is_ok) for finding in directory_probe()] == [
        ("bind", True),
        ("search", True),
        ("identity", True),
        ("groups", True),
    ]
    DirectoryGroup.objects.create(dn=f"cn=nadie,ou=grupos,{BASE}", role=Role.L2)
    assert directory_probe()[-1].is_ok is False
    assert "cn=nadie" in directory_probe()[-1].text


def test_the_probe_names_a_failure(directory: Directory, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from prsystem.accounts.directory.probe import directory_probe

    settings.LDAP_BIND_PASSWORD = "otra-clave-secreta"
    (finding,) = directory_probe()
    assert (finding.step, finding.is_ok) == ("bind", False)
    assert "Invalid credentials" in finding.text
    assert "otra-clave-secreta" not in finding.text
    forget_failures(monkeypatch)
    settings.LDAP_SERVERS = []
    assert directory_probe() == []
