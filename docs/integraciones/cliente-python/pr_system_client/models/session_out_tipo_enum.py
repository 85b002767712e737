from enum import StrEnum


class SessionOutTipoEnum(StrEnum):
    API = "api"
    NAVEGADOR = "navegador"

    def __str__(self) -> str:
        return str(self.value)
