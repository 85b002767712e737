from enum import StrEnum


class VisibilidadEnum(StrEnum):
    AREA = "area"
    SOPORTE = "soporte"
    TODOS = "todos"

    def __str__(self) -> str:
        return str(self.value)
