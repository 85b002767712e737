from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ArticleOut")


@_attrs_define
class ArticleOut:
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
        problema (str):
        causa (str):
        solucion (str):
        archivado (bool):
        responsable (None | str):
        revisar_el (datetime.date | None):
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
    problema: str
    causa: str
    solucion: str
    archivado: bool
    responsable: None | str
    revisar_el: datetime.date | None
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

        problema = self.problema

        causa = self.causa

        solucion = self.solucion

        archivado = self.archivado

        responsable: None | str
        responsable = self.responsable

        revisar_el: None | str
        if isinstance(self.revisar_el, datetime.date):
            revisar_el = self.revisar_el.isoformat()
        else:
            revisar_el = self.revisar_el

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
                "problema": problema,
                "causa": causa,
                "solucion": solucion,
                "archivado": archivado,
                "responsable": responsable,
                "revisar_el": revisar_el,
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

        problema = d.pop("problema")

        causa = d.pop("causa")

        solucion = d.pop("solucion")

        archivado = d.pop("archivado")

        def _parse_responsable(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        responsable = _parse_responsable(d.pop("responsable"))

        def _parse_revisar_el(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                revisar_el_type_0 = datetime.date.fromisoformat(data)

                return revisar_el_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        revisar_el = _parse_revisar_el(d.pop("revisar_el"))

        article_out = cls(
            articulo=articulo,
            titulo=titulo,
            area=area,
            version=version,
            estado=estado,
            idioma=idioma,
            visibilidad=visibilidad,
            actualizado_en=actualizado_en,
            url=url,
            problema=problema,
            causa=causa,
            solucion=solucion,
            archivado=archivado,
            responsable=responsable,
            revisar_el=revisar_el,
        )

        article_out.additional_properties = d
        return article_out

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
