from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.timer_out import TimerOut


T = TypeVar("T", bound="SlaOut")


@_attrs_define
class SlaOut:
    """
    Attributes:
        numero (str):
        plazos (list[TimerOut]):
    """

    numero: str
    plazos: list[TimerOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        numero = self.numero

        plazos = []
        for plazos_item_data in self.plazos:
            plazos_item = plazos_item_data.to_dict()
            plazos.append(plazos_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "numero": numero,
                "plazos": plazos,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.timer_out import TimerOut

        d = dict(src_dict)
        numero = d.pop("numero")

        plazos = []
        _plazos = d.pop("plazos")
        for plazos_item_data in _plazos:
            plazos_item = TimerOut.from_dict(plazos_item_data)

            plazos.append(plazos_item)

        sla_out = cls(
            numero=numero,
            plazos=plazos,
        )

        sla_out.additional_properties = d
        return sla_out

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
