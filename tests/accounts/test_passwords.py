"""What a new password must be like, and the first administrator's link."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from audit.models import AuditEntry
from prsystem.accounts.models import SetupLink, User
from prsystem.accounts.sign_in.first_administrator import setup_link_create
from prsystem.runtime.services import setting_set
from tests.people import PASSWORD, actor, browser, make_user

pytestmark = pytest.mark.django_db
GOOD = "Tres-Tuercas-Azules-88"


def codes(password: str, user: User | None = None) -> set[str]:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return {str(found.code) for found in error.error_list}
    return set()


@pytest.mark.parametrize("password", [GOOD, "Xq7" + "ñandú-" * 20, "Aa1" + "x y" * 40, "Ωmega-Torno-2026-Δ"])
def test_long_passwords_of_any_letters_are_accepted(password: str) -> None:
    assert codes(password) == set()


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Corta-7", "password_too_short"),
        ("Contraseña2026!!", "common_word"),
        ("Bienvenido123456", "common_word"),
        ("P4ssw0rd-1234567", "common_word"),
        ("!!!Mantenimiento-2026", "common_word"),
        ("El-PR-System-manda-7", "context_word"),
        ("Localhost-para-todos-7", "context_word"),
        ("Rosalinda-es-la-mejor-7", "context_word"),
        ("tres-tuercas-azules-88", "composition"),
        ("TRES-TUERCAS-AZULES-88", "composition"),
        ("Tres-Tuercas-Azules", "composition"),
    ],
)
def test_weak_passwords_are_told_why(password: str, code: str) -> None:
    assert code in codes(password, User(username="rlopez", full_name="Rosalinda López"))


def test_the_rule_of_composition_is_a_setting_and_so_are_words(eva: User) -> None:
    setting_set(actor=actor(eva), key="password_composition", value=False)
    setting_set(actor=actor(eva), key="password_words", value=["Tuercas"])
    assert codes("solo letras muy largas y ya") == set()
    assert codes(GOOD) == {"context_word"}


def test_a_changed_password_ends_the_other_sessions() -> None:
    ana = make_user("ana", password=PASSWORD)
    here, there = browser(ana), browser(ana)
    answer = here.post("/cuenta/", {"old_password": PASSWORD, "new_password1": GOOD, "new_password2": GOOD})
    assert answer.status_code == 302
    assert here.get("/cuenta/").status_code == 200
    assert there.get("/cuenta/").status_code == 302


def values(**changed: str) -> dict[str, str]:
    given = {"username": "Jefa", "full_name": "Julia Jefa", "new_password1": GOOD, "new_password2": GOOD}
    return {**given, **changed}


def test_the_first_administrator_is_made_once_by_the_link() -> None:
    address = f"/primera-cuenta/{setup_link_create()}"
    assert Client().get(address).status_code == 200
    assert Client().post(address, values()).headers["Location"] == "/entrar"
    jefa = User.objects.get()
    assert (jefa.username, jefa.rights.is_admin, jefa.check_password(GOOD)) == ("jefa", True, True)
    assert AuditEntry.objects.filter(accion="administrator.created_first", recurso=f"usuario:{jefa.pk}").count() == 1
    assert Client().get(address).status_code == 404
    assert Client().post(address, values(username="otra")).status_code == 404
    assert setup_link_create() == ""


@pytest.mark.parametrize(
    "changed",
    [
        {"username": ""},
        {"username": "con espacios"},
        {"new_password1": "corta", "new_password2": "corta"},
        {"new_password2": "otra"},
        {"username": "tuercas"},
    ],
)
def test_a_bad_first_account_is_told_why_and_the_link_stays(changed: dict[str, str]) -> None:
    address = f"/primera-cuenta/{setup_link_create()}"
    assert Client().post(address, values(**changed)).status_code == 422
    assert not User.objects.exists()
    assert Client().post(address, values()).status_code == 302


def test_links_that_are_wrong_old_or_not_needed_are_not_there(eva: User) -> None:
    assert Client().get("/primera-cuenta/nada").status_code == 404
    User.objects.update(is_active=False)
    first, second = setup_link_create(), setup_link_create()
    assert Client().get(f"/primera-cuenta/{first}").status_code == 404
    assert Client().get(f"/primera-cuenta/{second}").status_code == 200
    SetupLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(f"/primera-cuenta/{second}").status_code == 404
    User.objects.update(is_active=True)
    assert setup_link_create() == ""


def test_the_link_is_kept_as_a_digest() -> None:
    token = setup_link_create()
    assert token not in str(list(SetupLink.objects.values()))


def test_the_command_prints_the_link_while_there_is_nobody(capsys: Any) -> None:
    call_command("first_administrator")
    path = capsys.readouterr().out.strip().partition("8000")[2]
    assert Client().get(path).status_code == 200
    make_user("eva", "admin")
    with pytest.raises(CommandError):
        call_command("first_administrator")
