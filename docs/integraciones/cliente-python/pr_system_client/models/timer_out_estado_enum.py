from enum import StrEnum


class TimerOutEstadoEnum(StrEnum):
    CUMPLIDO = "cumplido"
    EN_RIESGO = "en_riesgo"
    INCUMPLIDO = "incumplido"
    OK = "ok"
    PAUSADO = "pausado"
    VENCIDO = "vencido"

    def __str__(self) -> str:
        return str(self.value)
