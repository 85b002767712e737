from enum import StrEnum


class EditionOutEstadoEnum(StrEnum):
    BORRADA = "borrada"
    EN_USO = "en_uso"
    FALLIDA = "fallida"
    PENDIENTE = "pendiente"
    REEMPLAZADA = "reemplazada"
    RETENIDA = "retenida"

    def __str__(self) -> str:
        return str(self.value)
