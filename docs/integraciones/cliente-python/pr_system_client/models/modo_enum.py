from enum import StrEnum


class ModoEnum(StrEnum):
    HIBRIDO = "hibrido"
    TEXTO = "texto"

    def __str__(self) -> str:
        return str(self.value)
