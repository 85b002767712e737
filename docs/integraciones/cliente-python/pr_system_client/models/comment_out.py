from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="CommentOut")


@_attrs_define
class CommentOut:
    """`incidencia`: where it was said, another one when that was merged into this.

    Attributes:
        id (str):
        incidencia (str):
        autor (str):
        cuerpo (str):
        interno (bool):
        creado_en (datetime.datetime):
    """

    id: str
    incidencia: str
    autor: str
    cuerpo: str
    interno: bool
    creado_en: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        incidencia = self.incidencia

        autor = self.autor

        cuerpo = self.cuerpo

        interno = self.interno

        creado_en = self.creado_en.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "incidencia": incidencia,
                "autor": autor,
                "cuerpo": cuerpo,
                "interno": interno,
                "creado_en": creado_en,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        id = d.pop("id")

        incidencia = d.pop("incidencia")

        autor = d.pop("autor")

        cuerpo = d.pop("cuerpo")

        interno = d.pop("interno")

        creado_en = datetime.datetime.fromisoformat(d.pop("creado_en"))

        comment_out = cls(
            id=id,
            incidencia=incidencia,
            autor=autor,
            cuerpo=cuerpo,
            interno=interno,
            creado_en=creado_en,
        )

        comment_out.additional_properties = d
        return comment_out

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
