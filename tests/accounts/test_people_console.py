"""People in the console: made with roles, kept out, let in, unlocked; and never without an administrator."""

from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import Client

from audit.models import AuditEntry
from prsystem.accounts.models import Area, RoleGrant, User
from prsystem.accounts.services import NewUser, user_create, user_set_active, user_unlock, user_update
from prsystem.accounts.sessions.tokens import access_token_for
from prsystem.core.errors import Conflict, InvalidInput
from prsystem.core.rights import Role
from tests.people import PASSWORD, actor, browser, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/accounts/user/"


def choose(action: str, *people: User) -> dict[str, Any]:
    return {"action": action, "_selected_action": [person.pk for person in people]}


def locked(username: str) -> None:
    AccessAttempt.objects.create(
        username=username, ip_address="10.0.0.1", user_agent="x", failures_since_start=5, path_info="/entrar"
    )


def test_a_person_is_made_with_roles(eva: User, prod: Area) -> None:
    new = NewUser(" Nora ", "Nora Paz", "nora@planta.example", PASSWORD, ((Role.L1, prod.pk), (Role.EDITOR, None)))
    user = user_create(actor=actor(eva), new=new)
    assert user.username == "nora"
    assert user.check_password(PASSWORD)
    assert set(user.grants.values_list("role", "area_id")) == {(Role.L1, prod.pk), (Role.EDITOR, None)}
    found = AuditEntry.objects.get(accion="user.created")
    assert found.detalles["roles"]["despues"] == ["editor (*)", f"l1 ({prod.pk})"]
    assert PASSWORD not in str(found.detalles)


def test_every_bad_field_of_a_new_person_is_named(eva: User) -> None:
    with pytest.raises(InvalidInput) as refusal:
        user_create(actor=actor(eva), new=NewUser("eva", email="no", password="corta"))
    assert set(refusal.value.errors) == {"username", "email", "password"}
    assert User.objects.count() == 1


def test_roles_are_changed_as_a_whole_and_once(eva: User, luis: User, mant: Area) -> None:
    values = {"full_name": luis.full_name, "email": "", "grants": [(Role.L2, mant.pk)]}
    assert user_update(actor=actor(eva), user_id=luis.pk, **values)
    assert not user_update(actor=actor(eva), user_id=luis.pk, **values)
    assert list(luis.grants.values_list("role", "area_id")) == [(Role.L2, mant.pk)]
    assert AuditEntry.objects.filter(accion="user.updated").count() == 1


def test_who_is_kept_out_is_out_at_once(eva: User, luis: User, client: Client) -> None:
    page, token = browser(luis), access_token_for(luis)
    assert browser(eva).post(LIST, choose("keep_out", luis)).status_code == 302
    assert page.get("/").status_code == 302
    assert client.get("/api/yo", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert browser(eva).post(LIST, choose("let_in", luis)).status_code == 302
    luis.refresh_from_db()
    assert luis.is_active
    actions = AuditEntry.objects.filter(recurso=f"usuario:{luis.pk}").exclude(accion__startswith="session")
    assert list(actions.order_by("id").values_list("accion", flat=True)) == ["user.deactivated", "user.activated"]


def test_nobody_keeps_himself_out_nor_the_last_administrator(eva: User) -> None:
    other = make_user("otra", Role.ADMIN)
    with pytest.raises(Conflict):
        user_set_active(actor=actor(eva), user_id=eva.pk, is_active=False)
    assert user_set_active(actor=actor(eva), user_id=other.pk, is_active=False)
    with pytest.raises(Conflict):
        user_set_active(actor=actor(other), user_id=eva.pk, is_active=False)


def test_the_last_administrator_keeps_the_role(eva: User) -> None:
    grant = RoleGrant.objects.get(user=eva)
    answer = browser(eva).post(f"/admin/accounts/rolegrant/{grant.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 409
    chosen = {"action": "delete_selected", "_selected_action": [grant.pk], "post": "yes"}
    assert browser(eva).post("/admin/accounts/rolegrant/", chosen).status_code == 409
    values = {"username": "eva", "is_active": "on", "language": "es", "theme": "auto", "grants-TOTAL_FORMS": 1}
    values |= {"grants-INITIAL_FORMS": 1, "grants-0-id": grant.pk, "grants-0-user": eva.pk, "grants-0-role": "l1"}
    assert browser(eva).post(f"/admin/accounts/user/{eva.pk}/change/", values).status_code == 409
    grant.refresh_from_db()
    assert grant.role == Role.ADMIN


def test_an_account_is_unlocked(eva: User, luis: User) -> None:
    locked("luis")
    page = browser(eva)
    shown = {user.username: user.locked for user in page.get(LIST).context["cl"].result_list}
    assert (shown["luis"], shown["eva"]) == (True, False)
    for _twice in range(2):
        assert page.post(LIST, choose("unlock", luis)).status_code == 302
    assert not AccessAttempt.objects.exists()
    assert AuditEntry.objects.filter(accion="user.unlocked").count() == 1
    assert not user_unlock(actor=actor(eva), user_id=luis.pk)


def test_the_list_costs_the_same_for_many(eva: User, prod: Area, django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        make_user(f"p{number}", Role.L1, Role.L2, areas=[prod])
    page = browser(eva)
    with django_assert_max_num_queries(12):
        assert page.get(LIST).status_code == 200
