from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...models.patched_term_change_in_request import PatchedTermChangeInRequest
from ...models.problema import Problema
from ...models.term_out import TermOut
from ...types import UNSET, Response, Unset


def _get_kwargs(
    n: int,
    *,
    body: PatchedTermChangeInRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "patch",
        "url": "/api/conocimiento/glosario/{n}".format(
            n=quote(str(n), safe=""),
        ),
    }

    if not isinstance(body, Unset):
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
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
    body: PatchedTermChangeInRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problema | TermOut]:
    """Cambiar un término del glosario

    Args:
        n (int):
        idempotency_key (str | Unset):
        body (PatchedTermChangeInRequest | Unset): What is left out stays as it is.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problema | TermOut]
    """

    kwargs = _get_kwargs(
        n=n,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    n: int,
    *,
    client: AuthenticatedClient,
    body: PatchedTermChangeInRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Problema | TermOut | None:
    """Cambiar un término del glosario

    Args:
        n (int):
        idempotency_key (str | Unset):
        body (PatchedTermChangeInRequest | Unset): What is left out stays as it is.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problema | TermOut
    """

    return sync_detailed(
        n=n,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    n: int,
    *,
    client: AuthenticatedClient,
    body: PatchedTermChangeInRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problema | TermOut]:
    """Cambiar un término del glosario

    Args:
        n (int):
        idempotency_key (str | Unset):
        body (PatchedTermChangeInRequest | Unset): What is left out stays as it is.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problema | TermOut]
    """

    kwargs = _get_kwargs(
        n=n,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    n: int,
    *,
    client: AuthenticatedClient,
    body: PatchedTermChangeInRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Problema | TermOut | None:
    """Cambiar un término del glosario

    Args:
        n (int):
        idempotency_key (str | Unset):
        body (PatchedTermChangeInRequest | Unset): What is left out stays as it is.

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
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
