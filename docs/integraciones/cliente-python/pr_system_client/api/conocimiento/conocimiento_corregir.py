from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...models.correct_in_request import CorrectInRequest
from ...models.problema import Problema
from ...models.publication_out import PublicationOut
from ...types import UNSET, Response, Unset


def _get_kwargs(
    slug: str,
    *,
    body: CorrectInRequest,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/conocimiento/{slug}/corregir".format(
            slug=quote(str(slug), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problema | PublicationOut:
    if response.status_code == 200:
        response_200 = PublicationOut.from_dict(response.json())

        return response_200

    response_default = Problema.from_dict(response.json())

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Problema | PublicationOut]:
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
    body: CorrectInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problema | PublicationOut]:
    """Corregir el texto publicado y publicarlo como la versión siguiente

    Args:
        slug (str):
        idempotency_key (str | Unset):
        body (CorrectInRequest): Texts that are left out stay as they are. `idioma` empty:
            recognised from the text.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problema | PublicationOut]
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
    body: CorrectInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Problema | PublicationOut | None:
    """Corregir el texto publicado y publicarlo como la versión siguiente

    Args:
        slug (str):
        idempotency_key (str | Unset):
        body (CorrectInRequest): Texts that are left out stay as they are. `idioma` empty:
            recognised from the text.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problema | PublicationOut
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
    body: CorrectInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problema | PublicationOut]:
    """Corregir el texto publicado y publicarlo como la versión siguiente

    Args:
        slug (str):
        idempotency_key (str | Unset):
        body (CorrectInRequest): Texts that are left out stay as they are. `idioma` empty:
            recognised from the text.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problema | PublicationOut]
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
    body: CorrectInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Problema | PublicationOut | None:
    """Corregir el texto publicado y publicarlo como la versión siguiente

    Args:
        slug (str):
        idempotency_key (str | Unset):
        body (CorrectInRequest): Texts that are left out stay as they are. `idioma` empty:
            recognised from the text.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problema | PublicationOut
    """

    return (
        await asyncio_detailed(
            slug=slug,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
