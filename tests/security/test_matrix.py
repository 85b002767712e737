"""Every URL x role x own and other area, made from the URL table and the policies: nobody gets further than his rights.

That no URL lacks a policy is a test among those of the architecture.
"""

import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from incidents.models import Incident
from prsystem.accounts.models import User
from prsystem.accounts.sessions.tokens import access_token_for
from prsystem.core.rights import Rights
from tests.people import browser
from tests.security.addresses import ADMIN, ALL, CONVERTERS, OURS, SLASH
from tests.security.policies import DENIED, HIDDEN, OK, OPEN_TO_ALL, POLICIES, SIGN_IN, Use
from tests.security.world import OTHER, OWN, Place, people, place_in

OWN_ACCOUNT = ("/admin/password_change/", "/admin/logout/")  # lead to one's own account and out, for everybody


def test_an_address_with_a_slash_at_its_end_is_the_same() -> None:
    by_name = {pattern.name: pattern for _route, pattern in ALL}
    for name in OURS:
        if name.endswith(SLASH):
            assert by_name[name].callback.cls is by_name[name.removesuffix(SLASH)].callback.cls


def filled(value: Any, names: dict[str, Any]) -> Any:
    if isinstance(value, str):
        return value.format(**names) if "{" in value else value
    if isinstance(value, list):
        return [filled(item, names) for item in value]
    return {name: filled(item, names) for name, item in value.items()} if isinstance(value, dict) else value


NUMBERED = {
    "api_trail_entry": "entry_id",
    "api_article_notice_done": "notice_id",
    "api_chat_model_examine": "candidate_id",
    "api_chat_model_promote": "candidate_id",
    "api_job_retry": "job_id",
    "api_backup_verify": "backup_id",
    "api_mail_again": "mail_id",
    "api_incident_link": "link",
    "api_incident_step": "step",
    "api_incident_macro": "macro_id",
    "api_macro": "macro_id",
    "api_glossary_term": "term_id",
    "api_board_mail": "board_mail_id",
    "api_model_node": "node_id",
    "api_delivery": "delivery_id",
    "api_delivery_resend": "delivery_id",
    **dict.fromkeys(
        [f"api_endpoint{act}" for act in ("", "_on", "_off", "_rotate", "_test", "_resend")], "endpoint_id"
    ),
}


def address(name: str, names: dict[str, Any]) -> str:
    """The URL with the world's values. `number` is an article's in addresses of versions, else an incident's."""
    route = OURS[name]
    given = {**names, "old": names["published"], "new": names["draft"]}
    given["n"] = given[NUMBERED.get(name, "n")]
    if "slug" in CONVERTERS.findall(route) and name != "source_act":  # whose number is the incident's
        is_draft = name in ("version_publish", "version_reject", "version_submit", "draft_discard")
        given["number"] = names["draft"] if is_draft else names["older" if name == "version_restore" else "published"]
    return "/" + CONVERTERS.sub(lambda match: str(given[match.group(1)]), route)


def seen(response: Any) -> str:
    if response.status_code == 401:
        return SIGN_IN
    if response.status_code == 302 and response.headers["Location"].startswith(("/entrar", "/admin/login")):
        return SIGN_IN
    assert response.status_code < 500, response.status_code
    return {403: DENIED, 404: HIDDEN}.get(response.status_code, OK)


def ask(client: Client, name: str, use: Use, names: dict[str, Any]) -> str:
    """What somebody gets; whatever the request changed is undone."""
    numbers = {**names, "number": names["published"]}
    body, path = filled(use.body, numbers), address(name, names)
    options = {"content_type": "application/json"} if name.startswith("api_") and use.method != "get" else {}
    with transaction.atomic():
        found = seen(getattr(client, use.method)(path, body if use.method != "get" else None, **options))
        transaction.set_rollback(True)
    return found


@pytest.fixture
def places(db: None) -> dict[str, Place]:
    return {code: place_in(code) for code in (OWN, OTHER)}


@pytest.fixture
def clients(places: dict[str, Place]) -> dict[str, tuple[Rights, Client, Client]]:
    """Of each role the rights, a browser and a caller of the API."""
    return {role: (user.rights, browser(user), caller(user)) for role, user in people(places[OWN].area).items()}


def caller(user: User) -> Client:
    return Client(
        headers={"authorization": f"Bearer {access_token_for(user, is_proof=True)}"}, raise_request_exception=False
    )


GROUPS = [sorted(POLICIES)[start::5] for start in range(5)]


@pytest.mark.parametrize("names", GROUPS, ids=lambda names: names[0])
def test_nobody_gets_further_than_the_policy_says(
    names: list[str], places: dict[str, Place], clients: dict[str, tuple[Rights, Client, Client]]
) -> None:
    wrong = []
    for name in names:
        for use in POLICIES[name]:
            for role, (rights, page, api) in clients.items():
                client = api if name.startswith("api_") else page
                for code, place in places.items():
                    expected = use.policy(rights, place.area.pk)
                    found = ask(client, name, use, place.names)
                    if not same(found, expected):
                        wrong.append(f"{use.method} {name} {role} {code}: {found}, not {expected}")
    assert not wrong, "\n".join(wrong)


def same(found: str, expected: str) -> bool:
    """What may be told can be hidden as well, but not the other way round."""
    return found == expected or (found == HIDDEN and expected == DENIED)


@pytest.mark.parametrize("names", GROUPS, ids=lambda names: names[0])
def test_without_a_sign_in_there_is_only_the_door(names: list[str], places: dict[str, Place]) -> None:
    wrong = []
    for name in names:
        for use in POLICIES[name]:
            found = ask(Client(raise_request_exception=False), name, use, places[OWN].names)
            if (found != SIGN_IN) != (use.policy in OPEN_TO_ALL):
                wrong.append(f"{use.method} {name}: {found}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ["reporter", "auditor_all", "editor", "nobody", "l1"])
def test_bulk_actions_obey_each_incident(
    role: str, places: dict[str, Place], clients: dict[str, tuple[Rights, Client, Client]]
) -> None:
    """What may not be worked stays as it is, and what may not be seen isn't told apart from what doesn't exist."""
    ids = [place.names["id"] for place in places.values()]
    rights, _page, api = clients[role]
    api.post("/api/incidencias/acciones", {"accion": "tomar", "ids": ids}, content_type="application/json")
    for place in places.values():
        taken = Incident.objects.get(pk=place.names["id"]).assignee_id is not None
        assert taken == (place.area.pk in rights.works_incidents)


def admin_address(route: str, names: dict[str, Any]) -> str:
    """Any value does: who may not come in is turned away before it is looked at."""
    plain = re.sub(r"\(\?P<\w+>[^)]*\)", "1", route).replace("^", "").replace("\\.", ".").replace("$", "")
    return "/" + CONVERTERS.sub(lambda match: str(names.get(match.group(1), 1)), plain)


def test_the_console_is_for_administrators_of_everything(
    places: dict[str, Place], clients: dict[str, tuple[Rights, Client, Client]]
) -> None:
    assert len(ADMIN) > 150
    asked = (("reporter", "get"), ("auditor_all", "get"), ("admin", "get"), ("admin", "post"))
    wrong = []
    for route in ADMIN:
        path = admin_address(route, places[OWN].names)
        for role, method in asked:
            with transaction.atomic():
                found = seen(getattr(clients[role][1], method)(path))
                transaction.set_rollback(True)
            if found not in (DENIED, SIGN_IN) and path not in OWN_ACCOUNT:
                wrong.append(f"{method} {role} {path}: {found}")
        if seen(Client().get(path)) != SIGN_IN and path not in OWN_ACCOUNT:
            wrong.append(f"anonymous {path}")
        with transaction.atomic():
            found = seen(clients["admin_all"][1].get(path))
            transaction.set_rollback(True)
        if found == SIGN_IN:
            wrong.append(f"admin_all {path}: {found}")
    assert not wrong, "\n".join(wrong)
