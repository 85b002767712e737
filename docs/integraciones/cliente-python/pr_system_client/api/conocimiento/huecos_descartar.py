from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...models.gap_dismiss_in_request import GapDismissInRequest
from ...models.gap_out import GapOut
from ...models.problema import Problema
from ...types import UNSET, Response, Unset


def _get_kwargs(
    gap_id: int,
    *,
    body: GapDismissInRequest,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/huecos/{gap_id}/descartar".format(
            gap_id=quote(str(gap_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> GapOut | Problema:
    if response.status_code == 200:
        response_200 = GapOut.from_dict(response.json())

        return response_200

    response_default = Problema.from_dict(response.json())

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[GapOut | Problema]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    gap_id: int,
    *,
    client: AuthenticatedClient,
    body: GapDismissInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[GapOut | Problema]:
    """Descartar un hueco de conocimiento con su motivo

    Args:
        gap_id (int):
        idempotency_key (str | Unset):
        body (GapDismissInRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GapOut | Problema]
    """

    kwargs = _get_kwargs(
        gap_id=gap_id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    gap_id: int,
    *,
    client: AuthenticatedClient,
    body: GapDismissInRequest,
    idempotency_key: str | Unset = UNSET,
) -> GapOut | Problema | None:
    """Descartar un hueco de conocimiento con su motivo

    Args:
        gap_id (int):
        idempotency_key (str | Unset):
        body (GapDismissInRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GapOut | Problema
    """

    return sync_detailed(
        gap_id=gap_id,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    gap_id: int,
    *,
    client: AuthenticatedClient,
    body: GapDismissInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[GapOut | Problema]:
    """Descartar un hueco de conocimiento con su motivo

    Args:
        gap_id (int):
        idempotency_key (str | Unset):
        body (GapDismissInRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GapOut | Problema]
    """

    kwargs = _get_kwargs(
        gap_id=gap_id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    gap_id: int,
    *,
    client: AuthenticatedClient,
    body: GapDismissInRequest,
    idempotency_key: str | Unset = UNSET,
) -> GapOut | Problema | None:
    """Descartar un hueco de conocimiento con su motivo

    Args:
        gap_id (int):
        idempotency_key (str | Unset):
        body (GapDismissInRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GapOut | Problema
    """

    return (
        await asyncio_detailed(
            gap_id=gap_id,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
