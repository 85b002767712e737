from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.gap_out import GapOut


T = TypeVar("T", bound="GapsOut")


@_attrs_define
class GapsOut:
    """
    Attributes:
        resultados (list[GapOut]):
    """

    resultados: list[GapOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        resultados = []
        for resultados_item_data in self.resultados:
            resultados_item = resultados_item_data.to_dict()
            resultados.append(resultados_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "resultados": resultados,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.gap_out import GapOut

        d = dict(src_dict)
        resultados = []
        _resultados = d.pop("resultados")
        for resultados_item_data in _resultados:
            resultados_item = GapOut.from_dict(resultados_item_data)

            resultados.append(resultados_item)

        gaps_out = cls(
            resultados=resultados,
        )

        gaps_out.additional_properties = d
        return gaps_out

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
