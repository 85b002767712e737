from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="LinkedOut")


@_attrs_define
class LinkedOut:
    """
    Attributes:
        numero (str):
        id (str):
        titulo (str):
        estado (str):
    """

    numero: str
    id: str
    titulo: str
    estado: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        numero = self.numero

        id = self.id

        titulo = self.titulo

        estado = self.estado

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "numero": numero,
                "id": id,
                "titulo": titulo,
                "estado": estado,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        numero = d.pop("numero")

        id = d.pop("id")

        titulo = d.pop("titulo")

        estado = d.pop("estado")

        linked_out = cls(
            numero=numero,
            id=id,
            titulo=titulo,
            estado=estado,
        )

        linked_out.additional_properties = d
        return linked_out

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
