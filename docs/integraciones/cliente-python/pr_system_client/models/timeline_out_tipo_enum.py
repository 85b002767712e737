from enum import StrEnum


class TimelineOutTipoEnum(StrEnum):
    CAMBIO = "cambio"
    COMENTARIO = "comentario"

    def __str__(self) -> str:
        return str(self.value)
