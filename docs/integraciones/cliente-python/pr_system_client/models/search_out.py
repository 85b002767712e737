from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.modo_enum import ModoEnum

if TYPE_CHECKING:
    from ..models.hit_out import HitOut


T = TypeVar("T", bound="SearchOut")


@_attrs_define
class SearchOut:
    """
    Attributes:
        resultados (list[HitOut]):
        modo (ModoEnum): * `hibrido` - hibrido
            * `texto` - texto
        tambien (list[str]):
    """

    resultados: list[HitOut]
    modo: ModoEnum
    tambien: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        resultados = []
        for resultados_item_data in self.resultados:
            resultados_item = resultados_item_data.to_dict()
            resultados.append(resultados_item)

        modo = self.modo.value

        tambien = self.tambien

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "resultados": resultados,
                "modo": modo,
                "tambien": tambien,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.hit_out import HitOut

        d = dict(src_dict)
        resultados = []
        _resultados = d.pop("resultados")
        for resultados_item_data in _resultados:
            resultados_item = HitOut.from_dict(resultados_item_data)

            resultados.append(resultados_item)

        modo = ModoEnum(d.pop("modo"))

        tambien = cast(list[str], d.pop("tambien"))

        search_out = cls(
            resultados=resultados,
            modo=modo,
            tambien=tambien,
        )

        search_out.additional_properties = d
        return search_out

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
