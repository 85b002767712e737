from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="LinkInRequest")


@_attrs_define
class LinkInRequest:
    """`tipo`: what this incident is to the other: relacionada, duplicada, padre or hija.

    Attributes:
        incidencia (str):
        tipo (str | Unset):
    """

    incidencia: str
    tipo: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        incidencia = self.incidencia

        tipo = self.tipo

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "incidencia": incidencia,
            }
        )
        if tipo is not UNSET:
            field_dict["tipo"] = tipo

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        incidencia = d.pop("incidencia")

        tipo = d.pop("tipo", UNSET)

        link_in_request = cls(
            incidencia=incidencia,
            tipo=tipo,
        )

        link_in_request.additional_properties = d
        return link_in_request

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
