from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="TwinOut")


@_attrs_define
class TwinOut:
    """
    Attributes:
        articulo (str):
        version (str):
        siguiente_version (str):
        titulo (str):
        confianza (float):
        es_seguro (bool):
        url (str):
    """

    articulo: str
    version: str
    siguiente_version: str
    titulo: str
    confianza: float
    es_seguro: bool
    url: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        articulo = self.articulo

        version = self.version

        siguiente_version = self.siguiente_version

        titulo = self.titulo

        confianza = self.confianza

        es_seguro = self.es_seguro

        url = self.url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "articulo": articulo,
                "version": version,
                "siguiente_version": siguiente_version,
                "titulo": titulo,
                "confianza": confianza,
                "es_seguro": es_seguro,
                "url": url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        articulo = d.pop("articulo")

        version = d.pop("version")

        siguiente_version = d.pop("siguiente_version")

        titulo = d.pop("titulo")

        confianza = d.pop("confianza")

        es_seguro = d.pop("es_seguro")

        url = d.pop("url")

        twin_out = cls(
            articulo=articulo,
            version=version,
            siguiente_version=siguiente_version,
            titulo=titulo,
            confianza=confianza,
            es_seguro=es_seguro,
            url=url,
        )

        twin_out.additional_properties = d
        return twin_out

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
