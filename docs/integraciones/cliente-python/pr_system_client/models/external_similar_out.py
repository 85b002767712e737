from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ExternalSimilarOut")


@_attrs_define
class ExternalSimilarOut:
    """
    Attributes:
        incidencia_id (str):
        numero (str):
        titulo (str):
        estado (str):
        url (str):
    """

    incidencia_id: str
    numero: str
    titulo: str
    estado: str
    url: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        incidencia_id = self.incidencia_id

        numero = self.numero

        titulo = self.titulo

        estado = self.estado

        url = self.url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "incidencia_id": incidencia_id,
                "numero": numero,
                "titulo": titulo,
                "estado": estado,
                "url": url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        incidencia_id = d.pop("incidencia_id")

        numero = d.pop("numero")

        titulo = d.pop("titulo")

        estado = d.pop("estado")

        url = d.pop("url")

        external_similar_out = cls(
            incidencia_id=incidencia_id,
            numero=numero,
            titulo=titulo,
            estado=estado,
            url=url,
        )

        external_similar_out.additional_properties = d
        return external_similar_out

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
