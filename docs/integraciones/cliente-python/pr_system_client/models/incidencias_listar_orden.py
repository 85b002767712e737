from enum import StrEnum


class IncidenciasListarOrden(StrEnum):
    ANTIGUA = "antigua"
    PRIORIDAD = "prioridad"
    RECIENTE = "reciente"
    VENCE = "vence"

    def __str__(self) -> str:
        return str(self.value)
