from enum import StrEnum


class MarkOutQueEnum(StrEnum):
    AVISO = "aviso"
    REGLA = "regla"
    VENCIDO = "vencido"

    def __str__(self) -> str:
        return str(self.value)
