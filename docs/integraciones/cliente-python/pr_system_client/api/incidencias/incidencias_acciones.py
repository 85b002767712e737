from http import HTTPStatus
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.action_in_request import ActionInRequest
from ...models.action_out import ActionOut
from ...models.problema import Problema
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: ActionInRequest,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/incidencias/acciones",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ActionOut | Problema:
    if response.status_code == 200:
        response_200 = ActionOut.from_dict(response.json())

        return response_200

    response_default = Problema.from_dict(response.json())

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ActionOut | Problema]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: ActionInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[ActionOut | Problema]:
    """Hacer lo mismo con hasta 500 incidencias; dice qué pasó con cada una

    Args:
        idempotency_key (str | Unset):
        body (ActionInRequest): Either `ids` (ids or numbers) or `filtro`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ActionOut | Problema]
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
    body: ActionInRequest,
    idempotency_key: str | Unset = UNSET,
) -> ActionOut | Problema | None:
    """Hacer lo mismo con hasta 500 incidencias; dice qué pasó con cada una

    Args:
        idempotency_key (str | Unset):
        body (ActionInRequest): Either `ids` (ids or numbers) or `filtro`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ActionOut | Problema
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: ActionInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[ActionOut | Problema]:
    """Hacer lo mismo con hasta 500 incidencias; dice qué pasó con cada una

    Args:
        idempotency_key (str | Unset):
        body (ActionInRequest): Either `ids` (ids or numbers) or `filtro`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ActionOut | Problema]
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
    body: ActionInRequest,
    idempotency_key: str | Unset = UNSET,
) -> ActionOut | Problema | None:
    """Hacer lo mismo con hasta 500 incidencias; dice qué pasó con cada una

    Args:
        idempotency_key (str | Unset):
        body (ActionInRequest): Either `ids` (ids or numbers) or `filtro`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ActionOut | Problema
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
