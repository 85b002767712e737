from http import HTTPStatus
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.own_preferences_in_request import OwnPreferencesInRequest
from ...models.own_preferences_out import OwnPreferencesOut
from ...models.problema import Problema
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: OwnPreferencesInRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/yo/preferencias",
    }

    if not isinstance(body, Unset):
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> OwnPreferencesOut | Problema:
    if response.status_code == 200:
        response_200 = OwnPreferencesOut.from_dict(response.json())

        return response_200

    response_default = Problema.from_dict(response.json())

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[OwnPreferencesOut | Problema]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: OwnPreferencesInRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[OwnPreferencesOut | Problema]:
    """Elegir el idioma y el tema propios

    Args:
        idempotency_key (str | Unset):
        body (OwnPreferencesInRequest | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[OwnPreferencesOut | Problema]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: OwnPreferencesInRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> OwnPreferencesOut | Problema | None:
    """Elegir el idioma y el tema propios

    Args:
        idempotency_key (str | Unset):
        body (OwnPreferencesInRequest | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        OwnPreferencesOut | Problema
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: OwnPreferencesInRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[OwnPreferencesOut | Problema]:
    """Elegir el idioma y el tema propios

    Args:
        idempotency_key (str | Unset):
        body (OwnPreferencesInRequest | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[OwnPreferencesOut | Problema]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: OwnPreferencesInRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> OwnPreferencesOut | Problema | None:
    """Elegir el idioma y el tema propios

    Args:
        idempotency_key (str | Unset):
        body (OwnPreferencesInRequest | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        OwnPreferencesOut | Problema
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
