from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="PatchedTermChangeInRequest")


@_attrs_define
class PatchedTermChangeInRequest:
    """What is left out stays as it is.

    Attributes:
        termino (str | Unset):
        nombres (list[str] | Unset):
        area (None | str | Unset):
        nota (str | Unset):
    """

    termino: str | Unset = UNSET
    nombres: list[str] | Unset = UNSET
    area: None | str | Unset = UNSET
    nota: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        termino = self.termino

        nombres: list[str] | Unset = UNSET
        if not isinstance(self.nombres, Unset):
            nombres = self.nombres

        area: None | str | Unset
        if isinstance(self.area, Unset):
            area = UNSET
        else:
            area = self.area

        nota = self.nota

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if termino is not UNSET:
            field_dict["termino"] = termino
        if nombres is not UNSET:
            field_dict["nombres"] = nombres
        if area is not UNSET:
            field_dict["area"] = area
        if nota is not UNSET:
            field_dict["nota"] = nota

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        termino = d.pop("termino", UNSET)

        nombres = cast(list[str], d.pop("nombres", UNSET))

        def _parse_area(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        area = _parse_area(d.pop("area", UNSET))

        nota = d.pop("nota", UNSET)

        patched_term_change_in_request = cls(
            termino=termino,
            nombres=nombres,
            area=area,
            nota=nota,
        )

        patched_term_change_in_request.additional_properties = d
        return patched_term_change_in_request

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
