from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PartOut")


@_attrs_define
class PartOut:
    """
    Attributes:
        ancla (str):
        lugar (str):
        pagina (int | None):
        articulo (str):
    """

    ancla: str
    lugar: str
    pagina: int | None
    articulo: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        ancla = self.ancla

        lugar = self.lugar

        pagina: int | None
        pagina = self.pagina

        articulo = self.articulo

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "ancla": ancla,
                "lugar": lugar,
                "pagina": pagina,
                "articulo": articulo,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        ancla = d.pop("ancla")

        lugar = d.pop("lugar")

        def _parse_pagina(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        pagina = _parse_pagina(d.pop("pagina"))

        articulo = d.pop("articulo")

        part_out = cls(
            ancla=ancla,
            lugar=lugar,
            pagina=pagina,
            articulo=articulo,
        )

        part_out.additional_properties = d
        return part_out

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
