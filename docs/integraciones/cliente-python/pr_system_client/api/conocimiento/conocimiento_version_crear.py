from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...models.problema import Problema
from ...models.texts_in_request import TextsInRequest
from ...models.version_out import VersionOut
from ...types import UNSET, Response, Unset


def _get_kwargs(
    slug: str,
    *,
    body: TextsInRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/conocimiento/{slug}/versiones".format(
            slug=quote(str(slug), safe=""),
        ),
    }

    if not isinstance(body, Unset):
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problema | VersionOut:
    if response.status_code == 201:
        response_201 = VersionOut.from_dict(response.json())

        return response_201

    response_default = Problema.from_dict(response.json())

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Problema | VersionOut]:
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
    body: TextsInRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problema | VersionOut]:
    """Empezar la versión siguiente como borrador

    Args:
        slug (str):
        idempotency_key (str | Unset):
        body (TextsInRequest | Unset): Texts that are left out stay as they are. `idioma` empty:
            recognised from the text.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problema | VersionOut]
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
    body: TextsInRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Problema | VersionOut | None:
    """Empezar la versión siguiente como borrador

    Args:
        slug (str):
        idempotency_key (str | Unset):
        body (TextsInRequest | Unset): Texts that are left out stay as they are. `idioma` empty:
            recognised from the text.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problema | VersionOut
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
    body: TextsInRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problema | VersionOut]:
    """Empezar la versión siguiente como borrador

    Args:
        slug (str):
        idempotency_key (str | Unset):
        body (TextsInRequest | Unset): Texts that are left out stay as they are. `idioma` empty:
            recognised from the text.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problema | VersionOut]
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
    body: TextsInRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Problema | VersionOut | None:
    """Empezar la versión siguiente como borrador

    Args:
        slug (str):
        idempotency_key (str | Unset):
        body (TextsInRequest | Unset): Texts that are left out stay as they are. `idioma` empty:
            recognised from the text.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problema | VersionOut
    """

    return (
        await asyncio_detailed(
            slug=slug,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
