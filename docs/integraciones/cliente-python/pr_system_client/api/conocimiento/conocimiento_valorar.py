from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...models.helped_in_request import HelpedInRequest
from ...models.helped_out import HelpedOut
from ...models.problema import Problema
from ...types import UNSET, Response, Unset


def _get_kwargs(
    slug: str,
    *,
    body: HelpedInRequest,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/conocimiento/{slug}/valoracion".format(
            slug=quote(str(slug), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> HelpedOut | Problema:
    if response.status_code == 200:
        response_200 = HelpedOut.from_dict(response.json())

        return response_200

    response_default = Problema.from_dict(response.json())

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[HelpedOut | Problema]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    slug: str,
    *,
    client: AuthenticatedClient,
    body: HelpedInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[HelpedOut | Problema]:
    """Decir si un artículo sirvió

    Args:
        slug (str):
        idempotency_key (str | Unset):
        body (HelpedInRequest): `sin_incidencia`: it helped so well that nothing had to be
            reported.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[HelpedOut | Problema]
    """

    kwargs = _get_kwargs(
        slug=slug,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    slug: str,
    *,
    client: AuthenticatedClient,
    body: HelpedInRequest,
    idempotency_key: str | Unset = UNSET,
) -> HelpedOut | Problema | None:
    """Decir si un artículo sirvió

    Args:
        slug (str):
        idempotency_key (str | Unset):
        body (HelpedInRequest): `sin_incidencia`: it helped so well that nothing had to be
            reported.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        HelpedOut | Problema
    """

    return sync_detailed(
        slug=slug,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    slug: str,
    *,
    client: AuthenticatedClient,
    body: HelpedInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[HelpedOut | Problema]:
    """Decir si un artículo sirvió

    Args:
        slug (str):
        idempotency_key (str | Unset):
        body (HelpedInRequest): `sin_incidencia`: it helped so well that nothing had to be
            reported.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[HelpedOut | Problema]
    """

    kwargs = _get_kwargs(
        slug=slug,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    slug: str,
    *,
    client: AuthenticatedClient,
    body: HelpedInRequest,
    idempotency_key: str | Unset = UNSET,
) -> HelpedOut | Problema | None:
    """Decir si un artículo sirvió

    Args:
        slug (str):
        idempotency_key (str | Unset):
        body (HelpedInRequest): `sin_incidencia`: it helped so well that nothing had to be
            reported.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        HelpedOut | Problema
    """

    return (
        await asyncio_detailed(
            slug=slug,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
