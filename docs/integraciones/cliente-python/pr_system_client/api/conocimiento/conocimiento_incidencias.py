from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...models.pagina_incident import PaginaIncident
from ...models.problema import Problema
from ...types import UNSET, Response, Unset


def _get_kwargs(
    slug: str,
    number: str,
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
        "url": "/api/conocimiento/{slug}/versiones/{number}/incidencias".format(
            slug=quote(str(slug), safe=""),
            number=quote(str(number), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> PaginaIncident | Problema:
    if response.status_code == 200:
        response_200 = PaginaIncident.from_dict(response.json())

        return response_200

    response_default = Problema.from_dict(response.json())

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[PaginaIncident | Problema]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    slug: str,
    number: str,
    *,
    client: AuthenticatedClient,
    cursor: str | Unset = UNSET,
    limite: int | Unset = UNSET,
) -> Response[PaginaIncident | Problema]:
    """Listar las incidencias que una versión respondió

    Args:
        slug (str):
        number (str):
        cursor (str | Unset):
        limite (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PaginaIncident | Problema]
    """

    kwargs = _get_kwargs(
        slug=slug,
        number=number,
        cursor=cursor,
        limite=limite,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    slug: str,
    number: str,
    *,
    client: AuthenticatedClient,
    cursor: str | Unset = UNSET,
    limite: int | Unset = UNSET,
) -> PaginaIncident | Problema | None:
    """Listar las incidencias que una versión respondió

    Args:
        slug (str):
        number (str):
        cursor (str | Unset):
        limite (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PaginaIncident | Problema
    """

    return sync_detailed(
        slug=slug,
        number=number,
        client=client,
        cursor=cursor,
        limite=limite,
    ).parsed


async def asyncio_detailed(
    slug: str,
    number: str,
    *,
    client: AuthenticatedClient,
    cursor: str | Unset = UNSET,
    limite: int | Unset = UNSET,
) -> Response[PaginaIncident | Problema]:
    """Listar las incidencias que una versión respondió

    Args:
        slug (str):
        number (str):
        cursor (str | Unset):
        limite (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PaginaIncident | Problema]
    """

    kwargs = _get_kwargs(
        slug=slug,
        number=number,
        cursor=cursor,
        limite=limite,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    slug: str,
    number: str,
    *,
    client: AuthenticatedClient,
    cursor: str | Unset = UNSET,
    limite: int | Unset = UNSET,
) -> PaginaIncident | Problema | None:
    """Listar las incidencias que una versión respondió

    Args:
        slug (str):
        number (str):
        cursor (str | Unset):
        limite (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PaginaIncident | Problema
    """

    return (
        await asyncio_detailed(
            slug=slug,
            number=number,
            client=client,
            cursor=cursor,
            limite=limite,
        )
    ).parsed
