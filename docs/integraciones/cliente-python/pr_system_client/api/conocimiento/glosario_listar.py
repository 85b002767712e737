from http import HTTPStatus
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.pagina_term import PaginaTerm
from ...models.problema import Problema
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    area: str | Unset = UNSET,
    cursor: str | Unset = UNSET,
    limite: int | Unset = UNSET,
    q: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["area"] = area

    params["cursor"] = cursor

    params["limite"] = limite

    params["q"] = q

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/conocimiento/glosario",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> PaginaTerm | Problema:
    if response.status_code == 200:
        response_200 = PaginaTerm.from_dict(response.json())

        return response_200

    response_default = Problema.from_dict(response.json())

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[PaginaTerm | Problema]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    area: str | Unset = UNSET,
    cursor: str | Unset = UNSET,
    limite: int | Unset = UNSET,
    q: str | Unset = UNSET,
) -> Response[PaginaTerm | Problema]:
    """Listar el glosario: términos del sitio y de las áreas propias

    Args:
        area (str | Unset):
        cursor (str | Unset):
        limite (int | Unset):
        q (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PaginaTerm | Problema]
    """

    kwargs = _get_kwargs(
        area=area,
        cursor=cursor,
        limite=limite,
        q=q,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    area: str | Unset = UNSET,
    cursor: str | Unset = UNSET,
    limite: int | Unset = UNSET,
    q: str | Unset = UNSET,
) -> PaginaTerm | Problema | None:
    """Listar el glosario: términos del sitio y de las áreas propias

    Args:
        area (str | Unset):
        cursor (str | Unset):
        limite (int | Unset):
        q (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PaginaTerm | Problema
    """

    return sync_detailed(
        client=client,
        area=area,
        cursor=cursor,
        limite=limite,
        q=q,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    area: str | Unset = UNSET,
    cursor: str | Unset = UNSET,
    limite: int | Unset = UNSET,
    q: str | Unset = UNSET,
) -> Response[PaginaTerm | Problema]:
    """Listar el glosario: términos del sitio y de las áreas propias

    Args:
        area (str | Unset):
        cursor (str | Unset):
        limite (int | Unset):
        q (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PaginaTerm | Problema]
    """

    kwargs = _get_kwargs(
        area=area,
        cursor=cursor,
        limite=limite,
        q=q,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    area: str | Unset = UNSET,
    cursor: str | Unset = UNSET,
    limite: int | Unset = UNSET,
    q: str | Unset = UNSET,
) -> PaginaTerm | Problema | None:
    """Listar el glosario: términos del sitio y de las áreas propias

    Args:
        area (str | Unset):
        cursor (str | Unset):
        limite (int | Unset):
        q (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PaginaTerm | Problema
    """

    return (
        await asyncio_detailed(
            client=client,
            area=area,
            cursor=cursor,
            limite=limite,
            q=q,
        )
    ).parsed
