from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.sign_out import SignOut


T = TypeVar("T", bound="PublicationOut")


@_attrs_define
class PublicationOut:
    """
    Attributes:
        articulo (str):
        version (str):
        estado (str):
        retencion (list[SignOut]): Vacía donde nada impide publicarla.
    """

    articulo: str
    version: str
    estado: str
    retencion: list[SignOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        articulo = self.articulo

        version = self.version

        estado = self.estado

        retencion = []
        for retencion_item_data in self.retencion:
            retencion_item = retencion_item_data.to_dict()
            retencion.append(retencion_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "articulo": articulo,
                "version": version,
                "estado": estado,
                "retencion": retencion,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.sign_out import SignOut

        d = dict(src_dict)
        articulo = d.pop("articulo")

        version = d.pop("version")

        estado = d.pop("estado")

        retencion = []
        _retencion = d.pop("retencion")
        for retencion_item_data in _retencion:
            retencion_item = SignOut.from_dict(retencion_item_data)

            retencion.append(retencion_item)

        publication_out = cls(
            articulo=articulo,
            version=version,
            estado=estado,
            retencion=retencion,
        )

        publication_out.additional_properties = d
        return publication_out

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
