from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ReportInRequest")


@_attrs_define
class ReportInRequest:
    """
    Attributes:
        titulo (str):
        descripcion (str):
        area (str):
        prioridad (str | Unset):
        impacto (int | Unset):
        urgencia (int | Unset):
        referencia_externa (str | Unset):
    """

    titulo: str
    descripcion: str
    area: str
    prioridad: str | Unset = UNSET
    impacto: int | Unset = UNSET
    urgencia: int | Unset = UNSET
    referencia_externa: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        titulo = self.titulo

        descripcion = self.descripcion

        area = self.area

        prioridad = self.prioridad

        impacto = self.impacto

        urgencia = self.urgencia

        referencia_externa = self.referencia_externa

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "titulo": titulo,
                "descripcion": descripcion,
                "area": area,
            }
        )
        if prioridad is not UNSET:
            field_dict["prioridad"] = prioridad
        if impacto is not UNSET:
            field_dict["impacto"] = impacto
        if urgencia is not UNSET:
            field_dict["urgencia"] = urgencia
        if referencia_externa is not UNSET:
            field_dict["referencia_externa"] = referencia_externa

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        titulo = d.pop("titulo")

        descripcion = d.pop("descripcion")

        area = d.pop("area")

        prioridad = d.pop("prioridad", UNSET)

        impacto = d.pop("impacto", UNSET)

        urgencia = d.pop("urgencia", UNSET)

        referencia_externa = d.pop("referencia_externa", UNSET)

        report_in_request = cls(
            titulo=titulo,
            descripcion=descripcion,
            area=area,
            prioridad=prioridad,
            impacto=impacto,
            urgencia=urgencia,
            referencia_externa=referencia_externa,
        )

        report_in_request.additional_properties = d
        return report_in_request

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
