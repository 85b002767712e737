from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...models.emergency_in_request import EmergencyInRequest
from ...models.incident_out import IncidentOut
from ...models.problema import Problema
from ...types import UNSET, Response, Unset


def _get_kwargs(
    id: str,
    *,
    body: EmergencyInRequest,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/incidencias/{id}/emergencia".format(
            id=quote(str(id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> IncidentOut | Problema:
    if response.status_code == 200:
        response_200 = IncidentOut.from_dict(response.json())

        return response_200

    response_default = Problema.from_dict(response.json())

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[IncidentOut | Problema]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    id: str,
    *,
    client: AuthenticatedClient,
    body: EmergencyInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[IncidentOut | Problema]:
    """Declarar peligro para personas, o levantarlo

    Args:
        id (str):
        idempotency_key (str | Unset):
        body (EmergencyInRequest): `activa` false calls it off, which support may; whoever
            reported may declare one.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[IncidentOut | Problema]
    """

    kwargs = _get_kwargs(
        id=id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    id: str,
    *,
    client: AuthenticatedClient,
    body: EmergencyInRequest,
    idempotency_key: str | Unset = UNSET,
) -> IncidentOut | Problema | None:
    """Declarar peligro para personas, o levantarlo

    Args:
        id (str):
        idempotency_key (str | Unset):
        body (EmergencyInRequest): `activa` false calls it off, which support may; whoever
            reported may declare one.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        IncidentOut | Problema
    """

    return sync_detailed(
        id=id,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    id: str,
    *,
    client: AuthenticatedClient,
    body: EmergencyInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[IncidentOut | Problema]:
    """Declarar peligro para personas, o levantarlo

    Args:
        id (str):
        idempotency_key (str | Unset):
        body (EmergencyInRequest): `activa` false calls it off, which support may; whoever
            reported may declare one.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[IncidentOut | Problema]
    """

    kwargs = _get_kwargs(
        id=id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    id: str,
    *,
    client: AuthenticatedClient,
    body: EmergencyInRequest,
    idempotency_key: str | Unset = UNSET,
) -> IncidentOut | Problema | None:
    """Declarar peligro para personas, o levantarlo

    Args:
        id (str):
        idempotency_key (str | Unset):
        body (EmergencyInRequest): `activa` false calls it off, which support may; whoever
            reported may declare one.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        IncidentOut | Problema
    """

    return (
        await asyncio_detailed(
            id=id,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
