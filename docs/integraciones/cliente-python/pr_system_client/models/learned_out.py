from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.twin_out import TwinOut


T = TypeVar("T", bound="LearnedOut")


@_attrs_define
class LearnedOut:
    """`gemelos` only when a new article was made although others may be about the same problem.

    Attributes:
        articulo (str):
        version (str):
        estado (str):
        gemelos (list[TwinOut] | Unset):
    """

    articulo: str
    version: str
    estado: str
    gemelos: list[TwinOut] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        articulo = self.articulo

        version = self.version

        estado = self.estado

        gemelos: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.gemelos, Unset):
            gemelos = []
            for gemelos_item_data in self.gemelos:
                gemelos_item = gemelos_item_data.to_dict()
                gemelos.append(gemelos_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "articulo": articulo,
                "version": version,
                "estado": estado,
            }
        )
        if gemelos is not UNSET:
            field_dict["gemelos"] = gemelos

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.twin_out import TwinOut

        d = dict(src_dict)
        articulo = d.pop("articulo")

        version = d.pop("version")

        estado = d.pop("estado")

        _gemelos = d.pop("gemelos", UNSET)
        gemelos: list[TwinOut] | Unset = UNSET
        if _gemelos is not UNSET:
            gemelos = []
            for gemelos_item_data in _gemelos:
                gemelos_item = TwinOut.from_dict(gemelos_item_data)

                gemelos.append(gemelos_item)

        learned_out = cls(
            articulo=articulo,
            version=version,
            estado=estado,
            gemelos=gemelos,
        )

        learned_out.additional_properties = d
        return learned_out

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
