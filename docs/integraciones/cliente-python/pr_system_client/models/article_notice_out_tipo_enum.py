from enum import StrEnum


class ArticleNoticeOutTipoEnum(StrEnum):
    RETIRADA = "retirada"
    REVISION = "revision"

    def __str__(self) -> str:
        return str(self.value)
