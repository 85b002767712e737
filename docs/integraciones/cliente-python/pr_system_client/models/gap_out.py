from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.gap_out_estado_enum import GapOutEstadoEnum

T = TypeVar("T", bound="GapOut")


@_attrs_define
class GapOut:
    """
    Attributes:
        id (str):
        area (str):
        titulo (str):
        palabras (str):
        estado (GapOutEstadoEnum): * `abierto` - Abiertas
            * `escribiendo` - Se está escribiendo un borrador
            * `con_borrador` - Con borrador
            * `descartado` - Descartado
        casos (int):
        reaperturas (int):
        horas (float):
        articulo_cercano (None | str):
        confianza (float):
        borrador (None | str): Artículo del borrador.
        motivo (str):
        incidencias (list[str]): Las que se pueden ver.
    """

    id: str
    area: str
    titulo: str
    palabras: str
    estado: GapOutEstadoEnum
    casos: int
    reaperturas: int
    horas: float
    articulo_cercano: None | str
    confianza: float
    borrador: None | str
    motivo: str
    incidencias: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        area = self.area

        titulo = self.titulo

        palabras = self.palabras

        estado = self.estado.value

        casos = self.casos

        reaperturas = self.reaperturas

        horas = self.horas

        articulo_cercano: None | str
        articulo_cercano = self.articulo_cercano

        confianza = self.confianza

        borrador: None | str
        borrador = self.borrador

        motivo = self.motivo

        incidencias = self.incidencias

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "area": area,
                "titulo": titulo,
                "palabras": palabras,
                "estado": estado,
                "casos": casos,
                "reaperturas": reaperturas,
                "horas": horas,
                "articulo_cercano": articulo_cercano,
                "confianza": confianza,
                "borrador": borrador,
                "motivo": motivo,
                "incidencias": incidencias,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        id = d.pop("id")

        area = d.pop("area")

        titulo = d.pop("titulo")

        palabras = d.pop("palabras")

        estado = GapOutEstadoEnum(d.pop("estado"))

        casos = d.pop("casos")

        reaperturas = d.pop("reaperturas")

        horas = d.pop("horas")

        def _parse_articulo_cercano(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        articulo_cercano = _parse_articulo_cercano(d.pop("articulo_cercano"))

        confianza = d.pop("confianza")

        def _parse_borrador(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        borrador = _parse_borrador(d.pop("borrador"))

        motivo = d.pop("motivo")

        incidencias = cast(list[str], d.pop("incidencias"))

        gap_out = cls(
            id=id,
            area=area,
            titulo=titulo,
            palabras=palabras,
            estado=estado,
            casos=casos,
            reaperturas=reaperturas,
            horas=horas,
            articulo_cercano=articulo_cercano,
            confianza=confianza,
            borrador=borrador,
            motivo=motivo,
            incidencias=incidencias,
        )

        gap_out.additional_properties = d
        return gap_out

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
