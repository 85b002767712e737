from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="HelpedInRequest")


@_attrs_define
class HelpedInRequest:
    """`sin_incidencia`: it helped so well that nothing had to be reported.

    Attributes:
        util (bool):
        sin_incidencia (bool | Unset):
    """

    util: bool
    sin_incidencia: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        util = self.util

        sin_incidencia = self.sin_incidencia

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "util": util,
            }
        )
        if sin_incidencia is not UNSET:
            field_dict["sin_incidencia"] = sin_incidencia

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        util = d.pop("util")

        sin_incidencia = d.pop("sin_incidencia", UNSET)

        helped_in_request = cls(
            util=util,
            sin_incidencia=sin_incidencia,
        )

        helped_in_request.additional_properties = d
        return helped_in_request

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
