from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.draft_out import DraftOut


T = TypeVar("T", bound="PaginaDraft")


@_attrs_define
class PaginaDraft:
    """
    Attributes:
        resultados (list[DraftOut]):
        siguiente (None | str):
        anterior (None | str):
    """

    resultados: list[DraftOut]
    siguiente: None | str
    anterior: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        resultados = []
        for resultados_item_data in self.resultados:
            resultados_item = resultados_item_data.to_dict()
            resultados.append(resultados_item)

        siguiente: None | str
        siguiente = self.siguiente

        anterior: None | str
        anterior = self.anterior

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "resultados": resultados,
                "siguiente": siguiente,
                "anterior": anterior,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.draft_out import DraftOut

        d = dict(src_dict)
        resultados = []
        _resultados = d.pop("resultados")
        for resultados_item_data in _resultados:
            resultados_item = DraftOut.from_dict(resultados_item_data)

            resultados.append(resultados_item)

        def _parse_siguiente(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        siguiente = _parse_siguiente(d.pop("siguiente"))

        def _parse_anterior(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        anterior = _parse_anterior(d.pop("anterior"))

        pagina_draft = cls(
            resultados=resultados,
            siguiente=siguiente,
            anterior=anterior,
        )

        pagina_draft.additional_properties = d
        return pagina_draft

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
