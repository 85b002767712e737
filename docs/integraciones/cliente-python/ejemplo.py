"""Reportar desde otro sistema con el cliente generado: `python ejemplo.py http://127.0.0.1:8000 CLAVE`."""

import sys

from pr_system_client import AuthenticatedClient
from pr_system_client.api.externo import externo_buscar, externo_reportar
from pr_system_client.models import ExternalReportInRequest, ExternalReportOut, Problema, SearchOut


class Rechazada(Exception):
    """The API refused; `problema.errores` names each field with its messages."""

    def __init__(self, problema: Problema | None) -> None:
        self.problema = problema
        self.errores = problema.errores.additional_properties if problema else {}
        super().__init__(problema.detail if problema else "no answer")


def cliente(direccion: str, clave: str) -> AuthenticatedClient:
    return AuthenticatedClient(base_url=direccion, token=clave, prefix="", auth_header_name="X-API-Key", timeout=30)


def reportar(cliente: AuthenticatedClient, vez: str, **campos: str) -> ExternalReportOut:
    """`vez` is the Idempotency-Key: sent again after a lost answer, it gives the first incident."""
    dicho = externo_reportar.sync(client=cliente, body=ExternalReportInRequest(**campos), idempotency_key=vez)
    if isinstance(dicho, ExternalReportOut):
        return dicho
    raise Rechazada(dicho)


def buscar(cliente: AuthenticatedClient, palabras: str) -> SearchOut:
    dicho = externo_buscar.sync(client=cliente, query=palabras, limit=3)
    if isinstance(dicho, SearchOut):
        return dicho
    raise Rechazada(dicho)


def main() -> int:
    mes = cliente(*sys.argv[1:3])
    caso = {"titulo": "Prensa 4 sin presión", "descripcion": "Alarma 731", "area": "MANT", "origen": "mes"}
    print(reportar(mes, "turno-1-alarma-731", **caso).numero)
    print(reportar(mes, "turno-1-alarma-731", **caso).numero, "(la misma)")
    try:
        reportar(mes, "turno-1-sin-area", **{**caso, "area": "NADA"})
    except Rechazada as error:
        print(error.errores)
    for hallado in buscar(mes, "prensa sin presión").resultados:
        print(hallado.titulo, hallado.url)
    return 0


if __name__ == "__main__":
    sys.exit(main())
