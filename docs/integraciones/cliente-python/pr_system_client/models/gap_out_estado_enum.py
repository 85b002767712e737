from enum import StrEnum


class GapOutEstadoEnum(StrEnum):
    ABIERTO = "abierto"
    CON_BORRADOR = "con_borrador"
    DESCARTADO = "descartado"
    ESCRIBIENDO = "escribiendo"

    def __str__(self) -> str:
        return str(self.value)
