"""Every grave step that is a POST asks who it is, ten minutes after signing in: backups, restores, settings,
tables of people and roles, first steps, the password of another."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from integrations.backups.models import BackupRun, RestorePoint
from prsystem.accounts.models import User
from prsystem.accounts.sessions.tokens import access_token_for
from prsystem.core.rights import Role
from prsystem.runtime.models import StoredSetting
from tests.people import PASSWORD, api, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def eva() -> User:
    return make_user("eva", Role.ADMIN, password=PASSWORD)


def late(user: User) -> Client:
    """Signed in eleven minutes ago."""
    client = Client()
    with time_machine.travel(timezone.now() - timedelta(minutes=11)):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def grave() -> dict[str, tuple[str, dict[str, Any]]]:
    key = {"key": "mfa_roles"}
    return {
        "make a backup": (reverse("admin:integrations_backuprun_make"), {}),
        "verify backups": (reverse("admin:integrations_backuprun_changelist"), {"action": "verify"}),
        "release a restore": (reverse("admin:integrations_restorepoint_changelist"), {"action": "release"}),
        "change a setting": (reverse("admin:setting", kwargs=key), {"valor": "admin", "seen": 0}),
        "undo a setting": (reverse("admin:setting_revert", kwargs={**key, "change_id": 1}), {}),
        "write a table": (reverse("admin:sheet_apply", kwargs={"code": "people"}), {"token": "x"}),
        "first steps": (reverse("admin:setup_step", kwargs={"code": "people"}), {"username": "nueva"}),
        "the password of another": (reverse("admin:auth_user_password_change", args=[1]), {"password1": "x"}),
    }


@pytest.mark.parametrize("what", range(8))
def test_a_grave_step_asks_first_and_does_nothing(what: int, eva: User) -> None:
    path, values = list(grave().values())[what]
    asked = late(eva).post(path, values)
    assert "step_up.html" in [template.name for template in asked.templates], path
    assert not BackupRun.objects.exists()
    assert not StoredSetting.objects.exists()
    kept = dict(asked.context["kept"])
    assert kept == {name: str(value) for name, value in values.items() if "password" not in name}


def test_once_proved_the_step_goes_on(eva: User) -> None:
    client, path = late(eva), reverse("admin:integrations_backuprun_make")
    assert client.post(path, {"confirmacion": PASSWORD}).status_code == 302
    assert BackupRun.objects.count() == 1


@pytest.mark.parametrize("name", ["integrations_backuprun_changelist", "integrations_restorepoint_changelist"])
def test_looking_at_copies_and_restores_is_free(name: str, eva: User) -> None:
    RestorePoint.objects.create(
        copy_id="20261124T000000Z-daily", taken_at=timezone.now(), until=timezone.now(), last_event_id=0
    )
    assert "step_up.html" not in [found.name for found in late(eva).get(reverse(f"admin:{name}")).templates]


def test_a_setting_is_changed_through_the_api_by_whoever_signed_in_lately(eva: User) -> None:
    client = api()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access_token_for(eva, is_proof=False)}")
    refused = client.put("/api/ajustes/mfa_roles", {"valor": []})
    assert (refused.status_code, json.loads(refused.content)["codigo"]) == (403, "step_up_requerido")
    assert client.get("/api/ajustes/mfa_roles").status_code == 200
    assert api(eva).put("/api/ajustes/mfa_roles", {"valor": ["admin"]}).status_code == 200
