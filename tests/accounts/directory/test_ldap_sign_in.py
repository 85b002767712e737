"""Signing in against a real directory: one person is one account, whatever is typed."""

from typing import Any

import pytest
from django.test import Client

from audit.models import AuditEntry
from prsystem.accounts.directory.probe import directory_probe
from prsystem.accounts.models import Area, User
from prsystem.core.rights import Role
from tests.accounts.directory.conftest import PASSWORD, map_group
from tests.people import api, make_user
from tests.refusals import refused
from tests.standins.slapd import BASE, Directory

pytestmark = pytest.mark.django_db

SAME_AS_ANA = [" ana", "ana ", "ANA", "Ana", "ａｎａ", "\tana\n", "ANA　", "\u00a0ana"]
HOSTILE = [
    *("a\\6ea", "\\61na", "an\\61", "a\\\\6ea", "ana\\", "\\ana", "ana\\00", "\\2aana"),
    *("ana)(|(uid=*", "*", "a*", "*)(uid=*", "ana)", "(ana", "ana)(&", "*)(objectClass=*", "ana)(uid=ana"),
    *("|(uid=ana)", "&(uid=ana)", "!(uid=x)", "ana)(!(uid=x)", "(uid=ana)", "uid=ana", "ana|ana", "ana&ana"),
    *("beto,ou=prov", f"uid=ana,ou=personas,{BASE}", "ana,ou=personas", "ana+cn=ana", "ana;ou=personas", "ana\\,x"),
    *("ana\x00", "\x00ana", "an\x00a", "ana\x00)(uid=*", "\x00", "a\x01na", "ana\x7f", "an\ra", "an\na"),
    *("a" * 10_000, "ana" + " " * 10_000 + "x", "ana" * 50 + "a", "*" * 200, "(" * 200, "\\" * 200),
    *("", " ", "\u200b", "\ufeff", "\u00adana", "an\u00ada", "an\u200da", "ana\u200b", "а\u043d\u0430", "ana\u0301"),
    *("ana%00", "ana%2a", "%(user)s", "%s", "{0}", "${jndi:ldap://127.0.0.1/a}", "ana' OR '1'='1", "ana--", "ana;--"),
    *("../ana", "ana/../ana", "ana@planta.mx", "PLANTA\\ana", "ana#", "<script>ana</script>", "ana\u202eana", "null"),
]


def sign_in(username: str, password: str = PASSWORD, **extra: Any) -> Any:
    return api().post("/api/auth/login", {"username": username, "password": password}, **extra)


@pytest.mark.parametrize("typed", SAME_AS_ANA)
def test_one_person_is_one_account_however_the_name_is_spelt(typed: str, directory: Directory) -> None:
    assert sign_in(typed).status_code == 200
    assert sign_in("ana").status_code == 200
    assert list(User.objects.values_list("username", "full_name", "email")) == [
        ("ana", "Ana Directorio", "ana@planta.mx")
    ]


def test_a_directory_without_the_names_of_active_directory_lets_people_in(plain_directory: Directory) -> None:
    assert sign_in("ana").status_code == 200
    [people] = [found for found in directory_probe() if found.step == "search"]
    assert people.is_ok, people.text


@pytest.mark.parametrize(("kind", "status"), [("805306368", 200), ("805306369", 401)], ids=["person", "computer"])
def test_of_active_directory_people_enter_and_computers_do_not(kind: str, status: int, directory: Directory) -> None:
    directory.add(
        f"cn=PC 01,ou=personas,{BASE}",
        objectClass=["inetOrgPerson", "extensibleObject"],
        cn="PC 01",
        sn="PC",
        sAMAccountName="pc01",
        sAMAccountType=kind,
        userPassword=PASSWORD,
    )
    assert sign_in("pc01").status_code == status


def test_the_list_of_hostile_names_is_long_enough() -> None:
    assert len(set(HOSTILE)) >= 50


@pytest.mark.usefixtures("own_refusals")
@pytest.mark.parametrize("typed", HOSTILE)
def test_a_hostile_name_is_refused_and_makes_no_account(typed: str, directory: Directory) -> None:
    answer = sign_in(typed)
    assert answer.status_code in (400, 401), answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    browser = Client()
    assert browser.post("/entrar", {"username": typed, "password": PASSWORD}).status_code in (200, 429)
    assert browser.get("/cuenta/").status_code == 302
    assert not User.objects.exists()
    assert [entry.detalles["puerta"] for entry in refused("session.refused")] == ["api", "web"]


@pytest.mark.parametrize(
    "password", ["", "mala", "*", f"{PASSWORD} ", PASSWORD.lower(), "a" * 4096, "\x00", f"{PASSWORD}\x00"]
)
def test_another_password_is_refused(password: str, directory: Directory) -> None:
    assert sign_in("ana", password).status_code in (400, 401)
    browser = Client()
    browser.post("/entrar", {"username": "ana", "password": password})
    assert browser.get("/cuenta/").status_code == 302


def test_every_spelling_counts_towards_one_lockout(directory: Directory) -> None:
    statuses = [sign_in(typed, "mala").status_code for typed in [" ana", "ANA", "ａｎａ", "ana ", "Ana"]]
    assert statuses == [401] * 5
    assert sign_in("ana").status_code == 429


def test_unknown_and_known_names_look_the_same(directory: Directory) -> None:
    bodies = [dict(sign_in(name, "mala").json(), request_id="") for name in ("ana", "nadie")]
    assert bodies[0] == bodies[1]


def test_an_unknown_name_costs_a_bind_too(directory: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    from prsystem.accounts.directory import client

    tried: list[str] = []
    plain = client.decoy_bind
    monkeypatch.setattr(
        client, "decoy_bind", lambda connection, password: tried.append(password) or plain(connection, password)
    )
    assert sign_in("nadie", "mala").status_code == 401
    assert tried == ["mala"]


def test_groups_within_groups_give_roles_in_areas(directory: Directory, prod: Area, mant: Area) -> None:
    map_group("soporte-l1", Role.L1, prod, mant)
    map_group("turno-noche", Role.EDITOR)
    assert sign_in("luis").status_code == 200
    luis = User.objects.get()
    assert set(luis.grants.values_list("role", "area__code", "from_directory")) == {
        ("l1", "PROD", True),
        ("l1", "MANT", True),
        ("editor", None, True),
    }
    assert sign_in("ana").status_code == 200
    assert not User.objects.get(username="ana").grants.exists()


def test_groups_in_a_circle_end(directory: Directory, prod: Area) -> None:
    directory.replace(
        f"cn=turno-noche,ou=grupos,{BASE}", "member", f"uid=luis,ou=personas,{BASE}", f"cn=soporte-l1,ou=grupos,{BASE}"
    )
    map_group("soporte-l1", Role.L1, prod)
    assert sign_in("luis").status_code == 200
    assert User.objects.get().rights.roles == ["l1"]


def test_roles_given_here_stay_and_those_of_groups_go(directory: Directory, prod: Area) -> None:
    map_group("soporte-l1", Role.L1, prod)
    sign_in("luis")
    luis = User.objects.get()
    luis.grants.create(role=Role.AUDITOR)
    directory.replace(f"cn=turno-noche,ou=grupos,{BASE}", "member", f"uid=ana,ou=personas,{BASE}")
    sign_in("luis")
    assert list(luis.grants.values_list("role", flat=True)) == ["auditor"]


def test_a_new_name_keeps_the_account(directory: Directory) -> None:
    sign_in("ana")
    before = User.objects.get()
    directory.rename(f"uid=ana,ou=personas,{BASE}", "uid=ana.ruiz")
    assert sign_in("ana").status_code == 401
    assert sign_in("ana.ruiz").status_code == 200
    assert User.objects.get().pk == before.pk
    assert User.objects.get().username == "ana.ruiz"


def test_a_new_person_never_inherits_the_account_of_the_old_name(directory: Directory) -> None:
    sign_in("ana")
    old = User.objects.get()
    directory.remove(f"uid=ana,ou=personas,{BASE}")
    directory.person("ana", "Otra-persona-2026")
    assert sign_in("ana", "Otra-persona-2026").status_code == 401
    from prsystem.accounts.directory.services import person_leave

    person_leave(user_id=old.pk, reason="missing")
    assert sign_in("ana", "Otra-persona-2026").status_code == 200
    assert User.objects.get(username="ana").pk != old.pk


def test_a_local_account_is_never_taken_over(directory: Directory) -> None:
    local = make_user("ana", password="Una-clave-local-99")
    assert sign_in("ana").status_code == 401
    assert sign_in("ana", "Una-clave-local-99").status_code == 200
    local.refresh_from_db()
    assert local.directory_id is None
    assert AuditEntry.objects.filter(accion="directory.name_taken").exists()


def test_who_was_deactivated_here_stays_out(directory: Directory) -> None:
    sign_in("ana")
    User.objects.update(is_active=False)
    assert sign_in("ana").status_code == 401
    assert not User.objects.get().is_active


def test_the_page_signs_in_too(directory: Directory, client: Any) -> None:
    answer = client.post("/entrar", {"username": " ANA", "password": PASSWORD})
    assert answer.status_code == 302
    page = client.get("/cuenta/")
    assert page.status_code == 200
    assert "Ana Directorio" in page.content.decode()


@pytest.mark.parametrize("name", ["uid=dos", "uid=ana2"])
def test_an_entry_with_two_names_has_one_here(name: str, directory: Directory) -> None:
    directory.replace(f"uid=ana,ou=personas,{BASE}", "uid", "ana", name.partition("=")[2])
    answers = [sign_in("ana").status_code, sign_in(name.partition("=")[2]).status_code]
    assert sorted(answers) == [200, 401]
    assert User.objects.count() == 1
