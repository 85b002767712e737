from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ArticleLineOut")


@_attrs_define
class ArticleLineOut:
    """
    Attributes:
        articulo (str):
        titulo (str):
        area (str):
        version (str):
        estado (str):
        idioma (str):
        visibilidad (str):
        actualizado_en (datetime.datetime):
        url (str):
    """

    articulo: str
    titulo: str
    area: str
    version: str
    estado: str
    idioma: str
    visibilidad: str
    actualizado_en: datetime.datetime
    url: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        articulo = self.articulo

        titulo = self.titulo

        area = self.area

        version = self.version

        estado = self.estado

        idioma = self.idioma

        visibilidad = self.visibilidad

        actualizado_en = self.actualizado_en.isoformat()

        url = self.url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "articulo": articulo,
                "titulo": titulo,
                "area": area,
                "version": version,
                "estado": estado,
                "idioma": idioma,
                "visibilidad": visibilidad,
                "actualizado_en": actualizado_en,
                "url": url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        articulo = d.pop("articulo")

        titulo = d.pop("titulo")

        area = d.pop("area")

        version = d.pop("version")

        estado = d.pop("estado")

        idioma = d.pop("idioma")

        visibilidad = d.pop("visibilidad")

        actualizado_en = datetime.datetime.fromisoformat(d.pop("actualizado_en"))

        url = d.pop("url")

        article_line_out = cls(
            articulo=articulo,
            titulo=titulo,
            area=area,
            version=version,
            estado=estado,
            idioma=idioma,
            visibilidad=visibilidad,
            actualizado_en=actualizado_en,
            url=url,
        )

        article_line_out.additional_properties = d
        return article_line_out

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
