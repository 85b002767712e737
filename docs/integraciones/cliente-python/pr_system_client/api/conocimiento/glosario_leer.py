from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...models.problema import Problema
from ...models.term_out import TermOut
from ...types import Response


def _get_kwargs(
    n: int,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/conocimiento/glosario/{n}".format(
            n=quote(str(n), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problema | TermOut:
    if response.status_code == 200:
        response_200 = TermOut.from_dict(response.json())

        return response_200

    response_default = Problema.from_dict(response.json())

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Problema | TermOut]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    n: int,
    *,
    client: AuthenticatedClient,
) -> Response[Problema | TermOut]:
    """Leer un término del glosario

    Args:
        n (int):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problema | TermOut]
    """

    kwargs = _get_kwargs(
        n=n,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    n: int,
    *,
    client: AuthenticatedClient,
) -> Problema | TermOut | None:
    """Leer un término del glosario

    Args:
        n (int):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problema | TermOut
    """

    return sync_detailed(
        n=n,
        client=client,
    ).parsed


async def asyncio_detailed(
    n: int,
    *,
    client: AuthenticatedClient,
) -> Response[Problema | TermOut]:
    """Leer un término del glosario

    Args:
        n (int):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problema | TermOut]
    """

    kwargs = _get_kwargs(
        n=n,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    n: int,
    *,
    client: AuthenticatedClient,
) -> Problema | TermOut | None:
    """Leer un término del glosario

    Args:
        n (int):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problema | TermOut
    """

    return (
        await asyncio_detailed(
            n=n,
            client=client,
        )
    ).parsed
