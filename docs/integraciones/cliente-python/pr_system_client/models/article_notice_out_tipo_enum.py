from enum import StrEnum


class ArticleNoticeOutTipoEnum(StrEnum):
    DEVUELTA = "devuelta"
    PUBLICADA = "publicada"
    RECHAZADA = "rechazada"
    REPORTADA = "reportada"
    RETIRADA = "retirada"
    REVISION = "revision"

    def __str__(self) -> str:
        return str(self.value)
