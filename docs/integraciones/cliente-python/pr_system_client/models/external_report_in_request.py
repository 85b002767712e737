from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ExternalReportInRequest")


@_attrs_define
class ExternalReportInRequest:
    """
    Attributes:
        titulo (str):
        descripcion (str):
        area (str):
        origen (str):
        referencia_externa (str | Unset):
        prioridad (str | Unset):
        huella (str | Unset): Lo que hace iguales a dos eventos. Sin ella ni referencia, cuentan el área y el texto.
    """

    titulo: str
    descripcion: str
    area: str
    origen: str
    referencia_externa: str | Unset = UNSET
    prioridad: str | Unset = UNSET
    huella: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        titulo = self.titulo

        descripcion = self.descripcion

        area = self.area

        origen = self.origen

        referencia_externa = self.referencia_externa

        prioridad = self.prioridad

        huella = self.huella

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "titulo": titulo,
                "descripcion": descripcion,
                "area": area,
                "origen": origen,
            }
        )
        if referencia_externa is not UNSET:
            field_dict["referencia_externa"] = referencia_externa
        if prioridad is not UNSET:
            field_dict["prioridad"] = prioridad
        if huella is not UNSET:
            field_dict["huella"] = huella

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        titulo = d.pop("titulo")

        descripcion = d.pop("descripcion")

        area = d.pop("area")

        origen = d.pop("origen")

        referencia_externa = d.pop("referencia_externa", UNSET)

        prioridad = d.pop("prioridad", UNSET)

        huella = d.pop("huella", UNSET)

        external_report_in_request = cls(
            titulo=titulo,
            descripcion=descripcion,
            area=area,
            origen=origen,
            referencia_externa=referencia_externa,
            prioridad=prioridad,
            huella=huella,
        )

        external_report_in_request.additional_properties = d
        return external_report_in_request

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
