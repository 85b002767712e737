from http import HTTPStatus
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.gaps_out import GapsOut
from ...models.problema import Problema
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    descartados: bool | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["descartados"] = descartados

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/huecos",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> GapsOut | Problema:
    if response.status_code == 200:
        response_200 = GapsOut.from_dict(response.json())

        return response_200

    response_default = Problema.from_dict(response.json())

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[GapsOut | Problema]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    descartados: bool | Unset = UNSET,
) -> Response[GapsOut | Problema]:
    """Listar los huecos de conocimiento de las áreas en que se publica

    Args:
        descartados (bool | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GapsOut | Problema]
    """

    kwargs = _get_kwargs(
        descartados=descartados,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    descartados: bool | Unset = UNSET,
) -> GapsOut | Problema | None:
    """Listar los huecos de conocimiento de las áreas en que se publica

    Args:
        descartados (bool | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GapsOut | Problema
    """

    return sync_detailed(
        client=client,
        descartados=descartados,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    descartados: bool | Unset = UNSET,
) -> Response[GapsOut | Problema]:
    """Listar los huecos de conocimiento de las áreas en que se publica

    Args:
        descartados (bool | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GapsOut | Problema]
    """

    kwargs = _get_kwargs(
        descartados=descartados,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    descartados: bool | Unset = UNSET,
) -> GapsOut | Problema | None:
    """Listar los huecos de conocimiento de las áreas en que se publica

    Args:
        descartados (bool | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GapsOut | Problema
    """

    return (
        await asyncio_detailed(
            client=client,
            descartados=descartados,
        )
    ).parsed
