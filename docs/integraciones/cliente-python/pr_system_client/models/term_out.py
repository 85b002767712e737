from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="TermOut")


@_attrs_define
class TermOut:
    """
    Attributes:
        id (str):
        termino (str):
        nombres (list[str]):
        area (None | str):
        nota (str):
    """

    id: str
    termino: str
    nombres: list[str]
    area: None | str
    nota: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        termino = self.termino

        nombres = self.nombres

        area: None | str
        area = self.area

        nota = self.nota

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "termino": termino,
                "nombres": nombres,
                "area": area,
                "nota": nota,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        id = d.pop("id")

        termino = d.pop("termino")

        nombres = cast(list[str], d.pop("nombres"))

        def _parse_area(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        area = _parse_area(d.pop("area"))

        nota = d.pop("nota")

        term_out = cls(
            id=id,
            termino=termino,
            nombres=nombres,
            area=area,
            nota=nota,
        )

        term_out.additional_properties = d
        return term_out

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
