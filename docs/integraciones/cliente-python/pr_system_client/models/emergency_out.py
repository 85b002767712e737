from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="EmergencyOut")


@_attrs_define
class EmergencyOut:
    """`motivo`: what tells the danger; `indicaciones`: what the site wants done.

    Attributes:
        activa (bool):
        motivo (str):
        indicaciones (str):
    """

    activa: bool
    motivo: str
    indicaciones: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        activa = self.activa

        motivo = self.motivo

        indicaciones = self.indicaciones

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "activa": activa,
                "motivo": motivo,
                "indicaciones": indicaciones,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        activa = d.pop("activa")

        motivo = d.pop("motivo")

        indicaciones = d.pop("indicaciones")

        emergency_out = cls(
            activa=activa,
            motivo=motivo,
            indicaciones=indicaciones,
        )

        emergency_out.additional_properties = d
        return emergency_out

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
