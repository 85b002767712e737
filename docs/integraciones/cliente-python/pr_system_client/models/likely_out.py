from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="LikelyOut")


@_attrs_define
class LikelyOut:
    """`parecido` goes from 0 to 1, by common words; below 0.5 the meaning told it.

    Attributes:
        id (str):
        numero (str):
        titulo (str):
        area (str):
        estado (str):
        parecido (float):
    """

    id: str
    numero: str
    titulo: str
    area: str
    estado: str
    parecido: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        numero = self.numero

        titulo = self.titulo

        area = self.area

        estado = self.estado

        parecido = self.parecido

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "numero": numero,
                "titulo": titulo,
                "area": area,
                "estado": estado,
                "parecido": parecido,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        id = d.pop("id")

        numero = d.pop("numero")

        titulo = d.pop("titulo")

        area = d.pop("area")

        estado = d.pop("estado")

        parecido = d.pop("parecido")

        likely_out = cls(
            id=id,
            numero=numero,
            titulo=titulo,
            area=area,
            estado=estado,
            parecido=parecido,
        )

        likely_out.additional_properties = d
        return likely_out

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
