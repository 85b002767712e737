from http import HTTPStatus
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.problema import Problema
from ...models.term_in_request import TermInRequest
from ...models.term_out import TermOut
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: TermInRequest,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/conocimiento/glosario",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problema | TermOut:
    if response.status_code == 201:
        response_201 = TermOut.from_dict(response.json())

        return response_201

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
    *,
    client: AuthenticatedClient,
    body: TermInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problema | TermOut]:
    """Agregar un término al glosario

    Args:
        idempotency_key (str | Unset):
        body (TermInRequest): `area` null or left out: a word of the whole site.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problema | TermOut]
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
    body: TermInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Problema | TermOut | None:
    """Agregar un término al glosario

    Args:
        idempotency_key (str | Unset):
        body (TermInRequest): `area` null or left out: a word of the whole site.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problema | TermOut
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: TermInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problema | TermOut]:
    """Agregar un término al glosario

    Args:
        idempotency_key (str | Unset):
        body (TermInRequest): `area` null or left out: a word of the whole site.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problema | TermOut]
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
    body: TermInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Problema | TermOut | None:
    """Agregar un término al glosario

    Args:
        idempotency_key (str | Unset):
        body (TermInRequest): `area` null or left out: a word of the whole site.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problema | TermOut
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
