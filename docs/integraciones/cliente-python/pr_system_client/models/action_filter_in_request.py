from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ActionFilterInRequest")


@_attrs_define
class ActionFilterInRequest:
    """The filters of the list.

    Attributes:
        estado (str | Unset):
        nivel (str | Unset):
        prioridad (str | Unset):
        area (str | Unset):
        asignado_a (str | Unset):
        q (str | Unset):
    """

    estado: str | Unset = UNSET
    nivel: str | Unset = UNSET
    prioridad: str | Unset = UNSET
    area: str | Unset = UNSET
    asignado_a: str | Unset = UNSET
    q: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        estado = self.estado

        nivel = self.nivel

        prioridad = self.prioridad

        area = self.area

        asignado_a = self.asignado_a

        q = self.q

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if estado is not UNSET:
            field_dict["estado"] = estado
        if nivel is not UNSET:
            field_dict["nivel"] = nivel
        if prioridad is not UNSET:
            field_dict["prioridad"] = prioridad
        if area is not UNSET:
            field_dict["area"] = area
        if asignado_a is not UNSET:
            field_dict["asignado_a"] = asignado_a
        if q is not UNSET:
            field_dict["q"] = q

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        estado = d.pop("estado", UNSET)

        nivel = d.pop("nivel", UNSET)

        prioridad = d.pop("prioridad", UNSET)

        area = d.pop("area", UNSET)

        asignado_a = d.pop("asignado_a", UNSET)

        q = d.pop("q", UNSET)

        action_filter_in_request = cls(
            estado=estado,
            nivel=nivel,
            prioridad=prioridad,
            area=area,
            asignado_a=asignado_a,
            q=q,
        )

        action_filter_in_request.additional_properties = d
        return action_filter_in_request

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
