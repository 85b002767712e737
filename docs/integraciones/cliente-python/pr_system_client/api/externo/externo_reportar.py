from http import HTTPStatus
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.external_report_in_request import ExternalReportInRequest
from ...models.external_report_out import ExternalReportOut
from ...models.problema import Problema
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: ExternalReportInRequest,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/external/incidencias",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ExternalReportOut | Problema:
    if response.status_code == 200:
        response_200 = ExternalReportOut.from_dict(response.json())

        return response_200

    if response.status_code == 201:
        response_201 = ExternalReportOut.from_dict(response.json())

        return response_201

    response_default = Problema.from_dict(response.json())

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ExternalReportOut | Problema]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: ExternalReportInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[ExternalReportOut | Problema]:
    """Reportar desde otro sistema; la misma referencia es la misma incidencia

    Args:
        idempotency_key (str | Unset):
        body (ExternalReportInRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ExternalReportOut | Problema]
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
    body: ExternalReportInRequest,
    idempotency_key: str | Unset = UNSET,
) -> ExternalReportOut | Problema | None:
    """Reportar desde otro sistema; la misma referencia es la misma incidencia

    Args:
        idempotency_key (str | Unset):
        body (ExternalReportInRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ExternalReportOut | Problema
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: ExternalReportInRequest,
    idempotency_key: str | Unset = UNSET,
) -> Response[ExternalReportOut | Problema]:
    """Reportar desde otro sistema; la misma referencia es la misma incidencia

    Args:
        idempotency_key (str | Unset):
        body (ExternalReportInRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ExternalReportOut | Problema]
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
    body: ExternalReportInRequest,
    idempotency_key: str | Unset = UNSET,
) -> ExternalReportOut | Problema | None:
    """Reportar desde otro sistema; la misma referencia es la misma incidencia

    Args:
        idempotency_key (str | Unset):
        body (ExternalReportInRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ExternalReportOut | Problema
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
