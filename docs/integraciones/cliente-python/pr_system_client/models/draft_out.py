from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="DraftOut")


@_attrs_define
class DraftOut:
    """
    Attributes:
        version (str):
        estado (str):
        titulo (str):
        idioma (str):
        problema (str):
        causa (str):
        solucion (str):
        origen (str):
        autor (None | str):
        revision (int): Cuántas veces se guardó su texto; al editar un borrador es `version`.
        sobre (None | str): La versión publicada de la que partió el borrador.
        editado_por (None | str):
        editado_en (datetime.datetime | None):
        motivo (str): Por qué se rechazó, se retiró o se devolvió.
        creado_en (datetime.datetime):
        publicado_por (None | str):
        publicado_en (datetime.datetime | None):
        articulo (str):
        area (str):
    """

    version: str
    estado: str
    titulo: str
    idioma: str
    problema: str
    causa: str
    solucion: str
    origen: str
    autor: None | str
    revision: int
    sobre: None | str
    editado_por: None | str
    editado_en: datetime.datetime | None
    motivo: str
    creado_en: datetime.datetime
    publicado_por: None | str
    publicado_en: datetime.datetime | None
    articulo: str
    area: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        version = self.version

        estado = self.estado

        titulo = self.titulo

        idioma = self.idioma

        problema = self.problema

        causa = self.causa

        solucion = self.solucion

        origen = self.origen

        autor: None | str
        autor = self.autor

        revision = self.revision

        sobre: None | str
        sobre = self.sobre

        editado_por: None | str
        editado_por = self.editado_por

        editado_en: None | str
        if isinstance(self.editado_en, datetime.datetime):
            editado_en = self.editado_en.isoformat()
        else:
            editado_en = self.editado_en

        motivo = self.motivo

        creado_en = self.creado_en.isoformat()

        publicado_por: None | str
        publicado_por = self.publicado_por

        publicado_en: None | str
        if isinstance(self.publicado_en, datetime.datetime):
            publicado_en = self.publicado_en.isoformat()
        else:
            publicado_en = self.publicado_en

        articulo = self.articulo

        area = self.area

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "version": version,
                "estado": estado,
                "titulo": titulo,
                "idioma": idioma,
                "problema": problema,
                "causa": causa,
                "solucion": solucion,
                "origen": origen,
                "autor": autor,
                "revision": revision,
                "sobre": sobre,
                "editado_por": editado_por,
                "editado_en": editado_en,
                "motivo": motivo,
                "creado_en": creado_en,
                "publicado_por": publicado_por,
                "publicado_en": publicado_en,
                "articulo": articulo,
                "area": area,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        version = d.pop("version")

        estado = d.pop("estado")

        titulo = d.pop("titulo")

        idioma = d.pop("idioma")

        problema = d.pop("problema")

        causa = d.pop("causa")

        solucion = d.pop("solucion")

        origen = d.pop("origen")

        def _parse_autor(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        autor = _parse_autor(d.pop("autor"))

        revision = d.pop("revision")

        def _parse_sobre(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        sobre = _parse_sobre(d.pop("sobre"))

        def _parse_editado_por(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        editado_por = _parse_editado_por(d.pop("editado_por"))

        def _parse_editado_en(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                editado_en_type_0 = datetime.datetime.fromisoformat(data)

                return editado_en_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        editado_en = _parse_editado_en(d.pop("editado_en"))

        motivo = d.pop("motivo")

        creado_en = datetime.datetime.fromisoformat(d.pop("creado_en"))

        def _parse_publicado_por(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        publicado_por = _parse_publicado_por(d.pop("publicado_por"))

        def _parse_publicado_en(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                publicado_en_type_0 = datetime.datetime.fromisoformat(data)

                return publicado_en_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        publicado_en = _parse_publicado_en(d.pop("publicado_en"))

        articulo = d.pop("articulo")

        area = d.pop("area")

        draft_out = cls(
            version=version,
            estado=estado,
            titulo=titulo,
            idioma=idioma,
            problema=problema,
            causa=causa,
            solucion=solucion,
            origen=origen,
            autor=autor,
            revision=revision,
            sobre=sobre,
            editado_por=editado_por,
            editado_en=editado_en,
            motivo=motivo,
            creado_en=creado_en,
            publicado_por=publicado_por,
            publicado_en=publicado_en,
            articulo=articulo,
            area=area,
        )

        draft_out.additional_properties = d
        return draft_out

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
