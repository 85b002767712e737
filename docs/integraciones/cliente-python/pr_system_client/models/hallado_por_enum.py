from enum import StrEnum


class HalladoPorEnum(StrEnum):
    AMBOS = "ambos"
    PALABRAS = "palabras"
    SIGNIFICADO = "significado"

    def __str__(self) -> str:
        return str(self.value)
