from enum import StrEnum


class PlazoEnum(StrEnum):
    RESOLUCION = "resolucion"
    RESPUESTA = "respuesta"

    def __str__(self) -> str:
        return str(self.value)
