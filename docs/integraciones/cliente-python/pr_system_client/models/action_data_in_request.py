from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ActionDataInRequest")


@_attrs_define
class ActionDataInRequest:
    """What the action asks for; `en` of a merge is the oldest of those chosen when it isn't given.

    Attributes:
        asignado_a (str | Unset):
        motivo (str | Unset):
        nivel (str | Unset):
        prioridad (str | Unset):
        area (str | Unset):
        en (str | Unset):
    """

    asignado_a: str | Unset = UNSET
    motivo: str | Unset = UNSET
    nivel: str | Unset = UNSET
    prioridad: str | Unset = UNSET
    area: str | Unset = UNSET
    en: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        asignado_a = self.asignado_a

        motivo = self.motivo

        nivel = self.nivel

        prioridad = self.prioridad

        area = self.area

        en = self.en

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if asignado_a is not UNSET:
            field_dict["asignado_a"] = asignado_a
        if motivo is not UNSET:
            field_dict["motivo"] = motivo
        if nivel is not UNSET:
            field_dict["nivel"] = nivel
        if prioridad is not UNSET:
            field_dict["prioridad"] = prioridad
        if area is not UNSET:
            field_dict["area"] = area
        if en is not UNSET:
            field_dict["en"] = en

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        asignado_a = d.pop("asignado_a", UNSET)

        motivo = d.pop("motivo", UNSET)

        nivel = d.pop("nivel", UNSET)

        prioridad = d.pop("prioridad", UNSET)

        area = d.pop("area", UNSET)

        en = d.pop("en", UNSET)

        action_data_in_request = cls(
            asignado_a=asignado_a,
            motivo=motivo,
            nivel=nivel,
            prioridad=prioridad,
            area=area,
            en=en,
        )

        action_data_in_request.additional_properties = d
        return action_data_in_request

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
