from http import HTTPStatus
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.incidencias_listar_orden import IncidenciasListarOrden
from ...models.pagina_incident import PaginaIncident
from ...models.problema import Problema
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    area: str | Unset = UNSET,
    asignado_a: str | Unset = UNSET,
    cursor: str | Unset = UNSET,
    estado: str | Unset = UNSET,
    limite: int | Unset = UNSET,
    nivel: str | Unset = UNSET,
    orden: IncidenciasListarOrden | Unset = UNSET,
    prioridad: str | Unset = UNSET,
    q: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["area"] = area

    params["asignado_a"] = asignado_a

    params["cursor"] = cursor

    params["estado"] = estado

    params["limite"] = limite

    params["nivel"] = nivel

    json_orden: str | Unset = UNSET
    if not isinstance(orden, Unset):
        json_orden = orden.value

    params["orden"] = json_orden

    params["prioridad"] = prioridad

    params["q"] = q

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/incidencias",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> PaginaIncident | Problema:
    if response.status_code == 200:
        response_200 = PaginaIncident.from_dict(response.json())

        return response_200

    response_default = Problema.from_dict(response.json())

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[PaginaIncident | Problema]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    area: str | Unset = UNSET,
    asignado_a: str | Unset = UNSET,
    cursor: str | Unset = UNSET,
    estado: str | Unset = UNSET,
    limite: int | Unset = UNSET,
    nivel: str | Unset = UNSET,
    orden: IncidenciasListarOrden | Unset = UNSET,
    prioridad: str | Unset = UNSET,
    q: str | Unset = UNSET,
) -> Response[PaginaIncident | Problema]:
    """Listar incidencias; un filtro admite varios valores separados por comas

    Args:
        area (str | Unset):
        asignado_a (str | Unset):
        cursor (str | Unset):
        estado (str | Unset):
        limite (int | Unset):
        nivel (str | Unset):
        orden (IncidenciasListarOrden | Unset):
        prioridad (str | Unset):
        q (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PaginaIncident | Problema]
    """

    kwargs = _get_kwargs(
        area=area,
        asignado_a=asignado_a,
        cursor=cursor,
        estado=estado,
        limite=limite,
        nivel=nivel,
        orden=orden,
        prioridad=prioridad,
        q=q,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    area: str | Unset = UNSET,
    asignado_a: str | Unset = UNSET,
    cursor: str | Unset = UNSET,
    estado: str | Unset = UNSET,
    limite: int | Unset = UNSET,
    nivel: str | Unset = UNSET,
    orden: IncidenciasListarOrden | Unset = UNSET,
    prioridad: str | Unset = UNSET,
    q: str | Unset = UNSET,
) -> PaginaIncident | Problema | None:
    """Listar incidencias; un filtro admite varios valores separados por comas

    Args:
        area (str | Unset):
        asignado_a (str | Unset):
        cursor (str | Unset):
        estado (str | Unset):
        limite (int | Unset):
        nivel (str | Unset):
        orden (IncidenciasListarOrden | Unset):
        prioridad (str | Unset):
        q (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PaginaIncident | Problema
    """

    return sync_detailed(
        client=client,
        area=area,
        asignado_a=asignado_a,
        cursor=cursor,
        estado=estado,
        limite=limite,
        nivel=nivel,
        orden=orden,
        prioridad=prioridad,
        q=q,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    area: str | Unset = UNSET,
    asignado_a: str | Unset = UNSET,
    cursor: str | Unset = UNSET,
    estado: str | Unset = UNSET,
    limite: int | Unset = UNSET,
    nivel: str | Unset = UNSET,
    orden: IncidenciasListarOrden | Unset = UNSET,
    prioridad: str | Unset = UNSET,
    q: str | Unset = UNSET,
) -> Response[PaginaIncident | Problema]:
    """Listar incidencias; un filtro admite varios valores separados por comas

    Args:
        area (str | Unset):
        asignado_a (str | Unset):
        cursor (str | Unset):
        estado (str | Unset):
        limite (int | Unset):
        nivel (str | Unset):
        orden (IncidenciasListarOrden | Unset):
        prioridad (str | Unset):
        q (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PaginaIncident | Problema]
    """

    kwargs = _get_kwargs(
        area=area,
        asignado_a=asignado_a,
        cursor=cursor,
        estado=estado,
        limite=limite,
        nivel=nivel,
        orden=orden,
        prioridad=prioridad,
        q=q,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    area: str | Unset = UNSET,
    asignado_a: str | Unset = UNSET,
    cursor: str | Unset = UNSET,
    estado: str | Unset = UNSET,
    limite: int | Unset = UNSET,
    nivel: str | Unset = UNSET,
    orden: IncidenciasListarOrden | Unset = UNSET,
    prioridad: str | Unset = UNSET,
    q: str | Unset = UNSET,
) -> PaginaIncident | Problema | None:
    """Listar incidencias; un filtro admite varios valores separados por comas

    Args:
        area (str | Unset):
        asignado_a (str | Unset):
        cursor (str | Unset):
        estado (str | Unset):
        limite (int | Unset):
        nivel (str | Unset):
        orden (IncidenciasListarOrden | Unset):
        prioridad (str | Unset):
        q (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PaginaIncident | Problema
    """

    return (
        await asyncio_detailed(
            client=client,
            area=area,
            asignado_a=asignado_a,
            cursor=cursor,
            estado=estado,
            limite=limite,
            nivel=nivel,
            orden=orden,
            prioridad=prioridad,
            q=q,
        )
    ).parsed
