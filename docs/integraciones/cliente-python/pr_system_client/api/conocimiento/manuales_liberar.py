from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...models.edition_out import EditionOut
from ...models.edition_release_in_request import EditionReleaseInRequest
from ...models.problema import Problema
from ...types import UNSET, Response, Unset


def _get_kwargs(
    slug: str,
    edition: int,
    *,
    body: EditionReleaseInRequest,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/conocimiento/manuales/{slug}/ediciones/{edition}/liberar".format(
            slug=quote(str(slug), safe=""),
            edition=quote(str(edition), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> EditionOut | Problema:
    if response.status_code == 202:
        response_202 = EditionOut.from_dict(response.json())

        return response_202

    response_default = Problema.from_dict(response.json())

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[EditionOut | Problema]:
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
    body: EditionReleaseInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[EditionOut | Problema]:
    """Liberar una edición retenida

    Args:
        slug (str):
        edition (int):
        idempotency_key (str | Unset):
        body (EditionReleaseInRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EditionOut | Problema]
    """

    kwargs = _get_kwargs(
        slug=slug,
        edition=edition,
        body=body,
        idempotency_key=idempotency_key,
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
    body: EditionReleaseInRequest,
    idempotency_key: str | Unset = UNSET,
) -> EditionOut | Problema | None:
    """Liberar una edición retenida

    Args:
        slug (str):
        edition (int):
        idempotency_key (str | Unset):
        body (EditionReleaseInRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EditionOut | Problema
    """

    return sync_detailed(
        slug=slug,
        edition=edition,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    slug: str,
    edition: int,
    *,
    client: AuthenticatedClient,
    body: EditionReleaseInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[EditionOut | Problema]:
    """Liberar una edición retenida

    Args:
        slug (str):
        edition (int):
        idempotency_key (str | Unset):
        body (EditionReleaseInRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EditionOut | Problema]
    """

    kwargs = _get_kwargs(
        slug=slug,
        edition=edition,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    slug: str,
    edition: int,
    *,
    client: AuthenticatedClient,
    body: EditionReleaseInRequest,
    idempotency_key: str | Unset = UNSET,
) -> EditionOut | Problema | None:
    """Liberar una edición retenida

    Args:
        slug (str):
        edition (int):
        idempotency_key (str | Unset):
        body (EditionReleaseInRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EditionOut | Problema
    """

    return (
        await asyncio_detailed(
            slug=slug,
            edition=edition,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
