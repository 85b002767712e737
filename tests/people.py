"""The people of the tests, by name and role, and clients that call the API as them."""

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from prsystem.accounts.models import Area, RoleGrant, User
from prsystem.accounts.sessions.tokens import access_token_for
from prsystem.core.context import Actor
from prsystem.core.rights import Role

PASSWORD = "Prueba-de-entrada-2026"


def make_area(code: str = "PROD", name: str = "") -> Area:
    area, _new = Area.objects.get_or_create(code=code, defaults={"name": name or code.title()})
    return area


def make_user(
    username: str, *roles: str, areas: list[Area] | None = None, password: str | None = None, **fields: Any
) -> User:
    """Somebody who holds the roles in the areas; everywhere when no areas are named. No password unless given: hashing
    one takes long."""
    user = User(username=username, **fields)
    if password:
        user.set_password(password)
    else:
        user.set_unusable_password()
    user.save()
    for role in roles:
        for area in areas or [None]:
            RoleGrant.objects.create(user=user, role=role, area=area)
    return user


def actor(user: User) -> Actor:
    """The user as services know him, with roles read anew."""
    return User.objects.get(pk=user.pk).as_actor()


def api(user: User | None = None) -> APIClient:
    """A client that sends JSON; with the user's bearer token when one is given."""
    client = APIClient(raise_request_exception=False)
    client.default_format = "json"
    if user is not None:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {access_token_for(user, is_proof=True)}")
    return client


def browser(user: User) -> Client:
    """A signed-in browser."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def prod(db: None) -> Area:
    return make_area("PROD", "Producción")


@pytest.fixture
def mant(db: None) -> Area:
    return make_area("MANT", "Mantenimiento")


@pytest.fixture
def ana(prod: Area) -> User:
    """Reports in PROD."""
    return make_user("ana", Role.REPORTER, areas=[prod], full_name="Ana Ruiz")


@pytest.fixture
def luis(prod: Area) -> User:
    """L1 of PROD."""
    return make_user("luis", Role.L1, areas=[prod], full_name="Luis Peña")


@pytest.fixture
def marta(prod: Area) -> User:
    """L2 of PROD."""
    return make_user("marta", Role.L2, areas=[prod], full_name="Marta Gil")


@pytest.fixture
def ivan(mant: Area) -> User:
    """L3 of MANT: another area than everybody else's."""
    return make_user("ivan", Role.L3, areas=[mant], full_name="Iván Mora")


@pytest.fixture
def eva(db: None) -> User:
    """Administrator of everything."""
    return make_user("eva", Role.ADMIN, full_name="Eva Sanz")


@pytest.fixture
def extraño(db: None) -> User:
    """Somebody without any role."""
    return make_user("extranio")
