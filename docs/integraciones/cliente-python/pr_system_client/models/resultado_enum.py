from enum import StrEnum


class ResultadoEnum(StrEnum):
    HECHA = "hecha"
    RECHAZADA = "rechazada"

    def __str__(self) -> str:
        return str(self.value)
