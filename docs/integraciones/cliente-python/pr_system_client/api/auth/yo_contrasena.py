from http import HTTPStatus
from typing import Any, cast

import httpx

from ...client import AuthenticatedClient, Client
from ...models.own_password_in_request import OwnPasswordInRequest
from ...models.problema import Problema
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: OwnPasswordInRequest,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/yo/contrasena",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | Problema:
    if response.status_code == 204:
        response_204 = cast(Any, None)
        return response_204

    response_default = Problema.from_dict(response.json())

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Any | Problema]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: OwnPasswordInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[Any | Problema]:
    """Cambiar la contraseña propia; pide la actual y haber entrado hace menos de diez minutos

    Args:
        idempotency_key (str | Unset):
        body (OwnPasswordInRequest): `actual`: the present one.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problema]
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
    body: OwnPasswordInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Any | Problema | None:
    """Cambiar la contraseña propia; pide la actual y haber entrado hace menos de diez minutos

    Args:
        idempotency_key (str | Unset):
        body (OwnPasswordInRequest): `actual`: the present one.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problema
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: OwnPasswordInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[Any | Problema]:
    """Cambiar la contraseña propia; pide la actual y haber entrado hace menos de diez minutos

    Args:
        idempotency_key (str | Unset):
        body (OwnPasswordInRequest): `actual`: the present one.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problema]
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
    body: OwnPasswordInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Any | Problema | None:
    """Cambiar la contraseña propia; pide la actual y haber entrado hace menos de diez minutos

    Args:
        idempotency_key (str | Unset):
        body (OwnPasswordInRequest): `actual`: the present one.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problema
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
