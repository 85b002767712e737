from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.article_notice_out_tipo_enum import ArticleNoticeOutTipoEnum

T = TypeVar("T", bound="ArticleNoticeOut")


@_attrs_define
class ArticleNoticeOut:
    """
    Attributes:
        id (str):
        tipo (ArticleNoticeOutTipoEnum): * `retirada` - retirada
            * `revision` - revision
            * `reportada` - reportada
            * `rechazada` - rechazada
            * `devuelta` - devuelta
            * `publicada` - publicada
        articulo (str):
        version (None | str):
        texto (str):
        creado_en (datetime.datetime):
    """

    id: str
    tipo: ArticleNoticeOutTipoEnum
    articulo: str
    version: None | str
    texto: str
    creado_en: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        tipo = self.tipo.value

        articulo = self.articulo

        version: None | str
        version = self.version

        texto = self.texto

        creado_en = self.creado_en.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "tipo": tipo,
                "articulo": articulo,
                "version": version,
                "texto": texto,
                "creado_en": creado_en,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        id = d.pop("id")

        tipo = ArticleNoticeOutTipoEnum(d.pop("tipo"))

        articulo = d.pop("articulo")

        def _parse_version(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        version = _parse_version(d.pop("version"))

        texto = d.pop("texto")

        creado_en = datetime.datetime.fromisoformat(d.pop("creado_en"))

        article_notice_out = cls(
            id=id,
            tipo=tipo,
            articulo=articulo,
            version=version,
            texto=texto,
            creado_en=creado_en,
        )

        article_notice_out.additional_properties = d
        return article_notice_out

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
