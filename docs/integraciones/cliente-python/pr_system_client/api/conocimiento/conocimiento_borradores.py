from http import HTTPStatus
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.pagina_draft import PaginaDraft
from ...models.problema import Problema
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    cursor: str | Unset = UNSET,
    limite: int | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["cursor"] = cursor

    params["limite"] = limite

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/conocimiento/borradores",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> PaginaDraft | Problema:
    if response.status_code == 200:
        response_200 = PaginaDraft.from_dict(response.json())

        return response_200

    response_default = Problema.from_dict(response.json())

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[PaginaDraft | Problema]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    cursor: str | Unset = UNSET,
    limite: int | Unset = UNSET,
) -> Response[PaginaDraft | Problema]:
    """Listar los borradores propios

    Args:
        cursor (str | Unset):
        limite (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PaginaDraft | Problema]
    """

    kwargs = _get_kwargs(
        cursor=cursor,
        limite=limite,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    cursor: str | Unset = UNSET,
    limite: int | Unset = UNSET,
) -> PaginaDraft | Problema | None:
    """Listar los borradores propios

    Args:
        cursor (str | Unset):
        limite (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PaginaDraft | Problema
    """

    return sync_detailed(
        client=client,
        cursor=cursor,
        limite=limite,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    cursor: str | Unset = UNSET,
    limite: int | Unset = UNSET,
) -> Response[PaginaDraft | Problema]:
    """Listar los borradores propios

    Args:
        cursor (str | Unset):
        limite (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PaginaDraft | Problema]
    """

    kwargs = _get_kwargs(
        cursor=cursor,
        limite=limite,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    cursor: str | Unset = UNSET,
    limite: int | Unset = UNSET,
) -> PaginaDraft | Problema | None:
    """Listar los borradores propios

    Args:
        cursor (str | Unset):
        limite (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PaginaDraft | Problema
    """

    return (
        await asyncio_detailed(
            client=client,
            cursor=cursor,
            limite=limite,
        )
    ).parsed
