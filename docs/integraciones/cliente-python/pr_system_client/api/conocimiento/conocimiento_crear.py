from http import HTTPStatus
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.article_in_request import ArticleInRequest
from ...models.problema import Problema
from ...models.publication_out import PublicationOut
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: ArticleInRequest,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/conocimiento",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problema | PublicationOut:
    if response.status_code == 201:
        response_201 = PublicationOut.from_dict(response.json())

        return response_201

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
    *,
    client: AuthenticatedClient,
    body: ArticleInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problema | PublicationOut]:
    """Escribir un artículo nuevo (borrador, o publicado con `publicar`)

    Args:
        idempotency_key (str | Unset):
        body (ArticleInRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problema | PublicationOut]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: ArticleInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Problema | PublicationOut | None:
    """Escribir un artículo nuevo (borrador, o publicado con `publicar`)

    Args:
        idempotency_key (str | Unset):
        body (ArticleInRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problema | PublicationOut
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: ArticleInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problema | PublicationOut]:
    """Escribir un artículo nuevo (borrador, o publicado con `publicar`)

    Args:
        idempotency_key (str | Unset):
        body (ArticleInRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problema | PublicationOut]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: ArticleInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Problema | PublicationOut | None:
    """Escribir un artículo nuevo (borrador, o publicado con `publicar`)

    Args:
        idempotency_key (str | Unset):
        body (ArticleInRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problema | PublicationOut
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
