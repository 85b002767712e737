from enum import StrEnum


class MotivoEnum(StrEnum):
    CONOCIMIENTO = "conocimiento"
    TEXTO = "texto"

    def __str__(self) -> str:
        return str(self.value)
