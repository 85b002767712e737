from enum import StrEnum


class RiesgoEnum(StrEnum):
    EN_RIESGO = "en_riesgo"
    OK = "ok"
    VENCIDO = "vencido"

    def __str__(self) -> str:
        return str(self.value)
