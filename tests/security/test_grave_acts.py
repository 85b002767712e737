"""Whatever an administrator changes asks again who it is, ten minutes after signing in, through every door: pages and
acts of the console, operations of the API. What doesn't is in the one list of `core.step_up`, for all doors alike."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import resolve

from audit.models import AuditEntry
from incidents.exams.models import ChatModelCandidate
from prsystem.accounts.models import User
from prsystem.accounts.sessions.tokens import access_token_for
from prsystem.core.api.administering import AdministratorView
from prsystem.core.rights import Role
from prsystem.core.web.step_up import ORDINARY, is_grave_door
from tests.accounts.test_step_up import late
from tests.architecture.test_api_parity import paths
from tests.people import make_user
from tests.security.addresses import ALL, CONVERTERS, OURS
from tests.security.api_parity import CONSOLE, MODELS, Reason
from tests.security.policies import POLICIES, administrator
from tests.security.test_matrix import address, filled
from tests.security.world import OWN, place_in

pytestmark = pytest.mark.django_db
WRITES = [(name, use) for name in sorted(POLICIES) for use in POLICIES[name] if use.method != "get"]
OF_ADMINISTRATORS = [(name, use) for name, use in WRITES if use.policy is administrator and name.startswith("api_")]


@pytest.fixture
def eva() -> User:
    return make_user("eva", Role.ADMIN)


def views() -> dict[str, Any]:
    """Views of the API by the name of their address."""
    found = {pattern.name: getattr(pattern.callback, "cls", None) for _route, pattern in ALL if pattern.name}
    return {name: view for name, view in found.items() if view is not None and name in OURS}


def test_every_write_under_an_administrators_right_goes_through_the_gate() -> None:
    """A view that checks the right by itself would pass it by."""
    outside = [name for name, _use in OF_ADMINISTRATORS if not issubclass(views()[name], AdministratorView)]
    assert len(OF_ADMINISTRATORS) >= 35
    assert outside == []


def test_every_operation_of_the_api_asks_or_is_in_the_list(eva: User) -> None:
    place = place_in(OWN)
    caller = Client(headers={"authorization": f"Bearer {access_token_for(eva)}"}, raise_request_exception=False)
    wrong, before = [], AuditEntry.objects.exclude(resultado="denegado").count()
    for name, use in [(name, use) for name, use in OF_ADMINISTRATORS if is_grave_door(name)]:
        body = filled(use.body, {**place.names, "number": place.names["published"]})
        answer = getattr(caller, use.method)(address(name, place.names), body, content_type="application/json")
        if (answer.status_code, answer.json().get("codigo")) != (403, "step_up_requerido"):
            wrong.append((name, use.method, answer.status_code))
    assert wrong == []
    assert AuditEntry.objects.exclude(resultado="denegado").count() == before


def test_what_is_in_the_list_asks_nothing(eva: User) -> None:
    place = place_in(OWN)
    caller = Client(headers={"authorization": f"Bearer {access_token_for(eva)}"}, raise_request_exception=False)
    ordinary = [(name, use) for name, use in OF_ADMINISTRATORS if not is_grave_door(name)]
    assert len(ordinary) == 5
    for name, use in ordinary:
        body = filled(use.body, place.names)
        answer = getattr(caller, use.method)(address(name, place.names), body, content_type="application/json")
        assert b"step_up_requerido" not in answer.content, name


def doors_of_the_console() -> list[tuple[str, str, dict[str, str]]]:
    """Door, address and what is sent there: every address below /admin/, and every act above a list."""
    found = []
    for route, pattern in ALL:
        if not route.startswith("admin/") or not pattern.name or pattern.name == "login":
            continue
        path = "/" + CONVERTERS.sub("1", route.removesuffix("$").replace("(?P<url>.*)", "nada"))
        found.append((pattern.name, path, {}))
    for model, page in admin.site._registry.items():
        name = f"{model._meta.app_label}_{model._meta.model_name}_changelist"
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        found += [(f"{name}:{act}", path, {"action": act}) for act in (*page.actions, "delete_selected")]
    return found


def test_every_page_and_act_of_the_console_asks_or_is_in_the_list(eva: User) -> None:
    client, wrong = late(eva), []
    client.raise_request_exception = False
    doors = [given for given in doors_of_the_console() if is_grave_door(given[0])]
    for door, path, values in doors:
        answer = client.post(path, values)
        if "step_up.html" not in [template.name for template in answer.templates]:
            wrong.append((door, path, answer.status_code))
    assert len(doors) > 300
    assert wrong == []


def test_the_console_is_left_without_proof() -> None:
    eva = make_user("eva", Role.ADMIN)
    assert "step_up.html" not in [template.name for template in late(eva).post("/admin/logout/").templates]


def test_the_form_says_which_of_two_acts_counts_and_both_do_here(eva: User) -> None:
    model = ChatModelCandidate.objects.create(name="qwen3:8b")
    client, path = late(eva), "/admin/incidents/chatmodelcandidate/"
    sent = {"action": ["examine", "promote"], "index": "1", "_selected_action": [model.pk]}
    assert "step_up.html" in [template.name for template in client.post(path, sent).templates]
    assert not AuditEntry.objects.filter(accion__startswith="model").exists()


def test_the_list_names_doors_that_exist_and_none_twice() -> None:
    doors = [door for named in ORDINARY.values() for door in named]
    known = {door for door, _path, _values in doors_of_the_console()} | set(OURS)
    assert sorted(set(doors) - known) == []
    assert len(doors) == len(set(doors))


def test_both_doors_of_one_act_are_grave_or_neither_is() -> None:
    """By the table of what the console's pages and acts are called in the API."""
    matches = {operation: resolve(re.sub(r"\{\w+\}", "1", path)) for operation, path in paths().items()}
    of_administrators = {name for name, view in views().items() if issubclass(view, AdministratorView)}
    asks = {
        operation: is_grave_door(match.url_name)
        for operation, match in matches.items()
        if match.url_name in of_administrators
    }
    wrong = []
    for door, operations in [*CONSOLE.items(), *((_door(model), told) for model, told in MODELS.items())]:
        if isinstance(operations, Reason):
            continue
        for operation in operations:
            if operation in asks and asks[operation] != is_grave_door(door) and door not in MORE_THAN_ONE_ACT:
                wrong.append((door, operation))
    assert wrong == []


# Reading, or a whole table where the console has one row that editors write too.
MORE_THAN_ONE_ACT = {"health", "sheet_plan", "knowledge_glossaryterm_change"}


def _door(model: str) -> str:
    label, _dot, act = model.partition(".")[0], ".", model.split(".")[2:]
    name = f"{label}_{model.split('.')[1].lower()}"
    return f"{name}_changelist:{act[0]}" if act else f"{name}_change"
