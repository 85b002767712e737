from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...models.article_out import ArticleOut
from ...models.patched_article_change_request import PatchedArticleChangeRequest
from ...models.problema import Problema
from ...types import UNSET, Response, Unset


def _get_kwargs(
    slug: str,
    *,
    body: PatchedArticleChangeRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "patch",
        "url": "/api/conocimiento/{slug}".format(
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
) -> ArticleOut | Problema:
    if response.status_code == 200:
        response_200 = ArticleOut.from_dict(response.json())

        return response_200

    response_default = Problema.from_dict(response.json())

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ArticleOut | Problema]:
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
    body: PatchedArticleChangeRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[ArticleOut | Problema]:
    """Cambiar quién puede leer un artículo y quién lo cuida

    Args:
        slug (str):
        idempotency_key (str | Unset):
        body (PatchedArticleChangeRequest | Unset): `responsable` null: nobody looks after it.
            `revisar_el` null: a year after its next publication.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ArticleOut | Problema]
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
    body: PatchedArticleChangeRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> ArticleOut | Problema | None:
    """Cambiar quién puede leer un artículo y quién lo cuida

    Args:
        slug (str):
        idempotency_key (str | Unset):
        body (PatchedArticleChangeRequest | Unset): `responsable` null: nobody looks after it.
            `revisar_el` null: a year after its next publication.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ArticleOut | Problema
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
    body: PatchedArticleChangeRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[ArticleOut | Problema]:
    """Cambiar quién puede leer un artículo y quién lo cuida

    Args:
        slug (str):
        idempotency_key (str | Unset):
        body (PatchedArticleChangeRequest | Unset): `responsable` null: nobody looks after it.
            `revisar_el` null: a year after its next publication.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ArticleOut | Problema]
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
    body: PatchedArticleChangeRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> ArticleOut | Problema | None:
    """Cambiar quién puede leer un artículo y quién lo cuida

    Args:
        slug (str):
        idempotency_key (str | Unset):
        body (PatchedArticleChangeRequest | Unset): `responsable` null: nobody looks after it.
            `revisar_el` null: a year after its next publication.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ArticleOut | Problema
    """

    return (
        await asyncio_detailed(
            slug=slug,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
