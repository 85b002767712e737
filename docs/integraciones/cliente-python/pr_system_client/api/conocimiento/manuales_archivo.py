from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...models.problema import Problema
from ...types import File, Response


def _get_kwargs(
    slug: str,
    edition: int,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/conocimiento/manuales/{slug}/ediciones/{edition}".format(
            slug=quote(str(slug), safe=""),
            edition=quote(str(edition), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> File | Problema:
    if response.status_code == 200:
        response_200 = File(payload=BytesIO(response.content))

        return response_200

    response_default = Problema.from_dict(response.json())

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[File | Problema]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    slug: str,
    edition: int,
    *,
    client: AuthenticatedClient,
) -> Response[File | Problema]:
    """Descargar el archivo de una edición

    Args:
        slug (str):
        edition (int):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[File | Problema]
    """

    kwargs = _get_kwargs(
        slug=slug,
        edition=edition,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    slug: str,
    edition: int,
    *,
    client: AuthenticatedClient,
) -> File | Problema | None:
    """Descargar el archivo de una edición

    Args:
        slug (str):
        edition (int):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        File | Problema
    """

    return sync_detailed(
        slug=slug,
        edition=edition,
        client=client,
    ).parsed


async def asyncio_detailed(
    slug: str,
    edition: int,
    *,
    client: AuthenticatedClient,
) -> Response[File | Problema]:
    """Descargar el archivo de una edición

    Args:
        slug (str):
        edition (int):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[File | Problema]
    """

    kwargs = _get_kwargs(
        slug=slug,
        edition=edition,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    slug: str,
    edition: int,
    *,
    client: AuthenticatedClient,
) -> File | Problema | None:
    """Descargar el archivo de una edición

    Args:
        slug (str):
        edition (int):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        File | Problema
    """

    return (
        await asyncio_detailed(
            slug=slug,
            edition=edition,
            client=client,
        )
    ).parsed
