from http import HTTPStatus
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.problema import Problema
from ...models.search_out import SearchOut
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    limite: int | Unset = 10,
    query: str,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limite"] = limite

    params["query"] = query

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/conocimiento/buscar",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problema | SearchOut:
    if response.status_code == 200:
        response_200 = SearchOut.from_dict(response.json())

        return response_200

    response_default = Problema.from_dict(response.json())

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Problema | SearchOut]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    limite: int | Unset = 10,
    query: str,
) -> Response[Problema | SearchOut]:
    """Buscar en el conocimiento

    Args:
        limite (int | Unset):  Default: 10.
        query (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problema | SearchOut]
    """

    kwargs = _get_kwargs(
        limite=limite,
        query=query,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    limite: int | Unset = 10,
    query: str,
) -> Problema | SearchOut | None:
    """Buscar en el conocimiento

    Args:
        limite (int | Unset):  Default: 10.
        query (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problema | SearchOut
    """

    return sync_detailed(
        client=client,
        limite=limite,
        query=query,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    limite: int | Unset = 10,
    query: str,
) -> Response[Problema | SearchOut]:
    """Buscar en el conocimiento

    Args:
        limite (int | Unset):  Default: 10.
        query (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problema | SearchOut]
    """

    kwargs = _get_kwargs(
        limite=limite,
        query=query,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    limite: int | Unset = 10,
    query: str,
) -> Problema | SearchOut | None:
    """Buscar en el conocimiento

    Args:
        limite (int | Unset):  Default: 10.
        query (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problema | SearchOut
    """

    return (
        await asyncio_detailed(
            client=client,
            limite=limite,
            query=query,
        )
    ).parsed
