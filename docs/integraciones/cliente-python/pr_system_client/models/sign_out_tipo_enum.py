from enum import StrEnum


class SignOutTipoEnum(StrEnum):
    ACCESO = "acceso"
    AMENAZA = "amenaza"
    DINERO = "dinero"
    MODELO = "modelo"
    REENVIO = "reenvio"
    SECRETO = "secreto"
    SILENCIO = "silencio"

    def __str__(self) -> str:
        return str(self.value)
