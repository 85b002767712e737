from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.twin_out import TwinOut


T = TypeVar("T", bound="TwinsOut")


@_attrs_define
class TwinsOut:
    """
    Attributes:
        gemelos (list[TwinOut]):
    """

    gemelos: list[TwinOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        gemelos = []
        for gemelos_item_data in self.gemelos:
            gemelos_item = gemelos_item_data.to_dict()
            gemelos.append(gemelos_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "gemelos": gemelos,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.twin_out import TwinOut

        d = dict(src_dict)
        gemelos = []
        _gemelos = d.pop("gemelos")
        for gemelos_item_data in _gemelos:
            gemelos_item = TwinOut.from_dict(gemelos_item_data)

            gemelos.append(gemelos_item)

        twins_out = cls(
            gemelos=gemelos,
        )

        twins_out.additional_properties = d
        return twins_out

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
