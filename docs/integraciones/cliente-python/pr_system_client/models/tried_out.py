from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.meant_out import MeantOut


T = TypeVar("T", bound="TriedOut")


@_attrs_define
class TriedOut:
    """
    Attributes:
        consulta (str):
        tambien (list[MeantOut]):
    """

    consulta: str
    tambien: list[MeantOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        consulta = self.consulta

        tambien = []
        for tambien_item_data in self.tambien:
            tambien_item = tambien_item_data.to_dict()
            tambien.append(tambien_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "consulta": consulta,
                "tambien": tambien,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.meant_out import MeantOut

        d = dict(src_dict)
        consulta = d.pop("consulta")

        tambien = []
        _tambien = d.pop("tambien")
        for tambien_item_data in _tambien:
            tambien_item = MeantOut.from_dict(tambien_item_data)

            tambien.append(tambien_item)

        tried_out = cls(
            consulta=consulta,
            tambien=tambien,
        )

        tried_out.additional_properties = d
        return tried_out

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
