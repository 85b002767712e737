from enum import StrEnum


class LinkOutTipoEnum(StrEnum):
    DUPLICADA = "duplicada"
    HIJA = "hija"
    ORIGINAL = "original"
    PADRE = "padre"
    RELACIONADA = "relacionada"

    def __str__(self) -> str:
        return str(self.value)
