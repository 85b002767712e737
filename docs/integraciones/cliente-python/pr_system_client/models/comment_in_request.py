from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="CommentInRequest")


@_attrs_define
class CommentInRequest:
    """
    Attributes:
        cuerpo (str):
        interno (bool | Unset):
    """

    cuerpo: str
    interno: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cuerpo = self.cuerpo

        interno = self.interno

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cuerpo": cuerpo,
            }
        )
        if interno is not UNSET:
            field_dict["interno"] = interno

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        cuerpo = d.pop("cuerpo")

        interno = d.pop("interno", UNSET)

        comment_in_request = cls(
            cuerpo=cuerpo,
            interno=interno,
        )

        comment_in_request.additional_properties = d
        return comment_in_request

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
