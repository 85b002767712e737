from enum import StrEnum


class PauseOutTipoEnum(StrEnum):
    ESPERA = "espera"
    RESUELTA = "resuelta"

    def __str__(self) -> str:
        return str(self.value)
