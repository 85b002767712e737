"""API keys and clients that call with them."""

from typing import Any

from rest_framework.test import APIClient

from integrations.api_keys.services import KeySpec, NewKey, api_key_create
from prsystem.accounts.models import Area
from prsystem.core.context import SYSTEM


def make_key(*scopes: str, areas: list[Area] | None = None, name: str = "ERP", **fields: Any) -> NewKey:
    spec = KeySpec(name=name, scopes=list(scopes), areas=areas or [], **fields)
    return api_key_create(actor=SYSTEM, spec=spec)


def client(key: NewKey | str = "", **headers: str) -> APIClient:
    """A client that sends JSON with the key; without one when none is given."""
    made = APIClient(raise_request_exception=False)
    made.default_format = "json"
    text = key if isinstance(key, str) else key.text
    made.credentials(**({"HTTP_X_API_KEY": text} if text else {}), **headers)
    return made
