from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.link_out_tipo_enum import LinkOutTipoEnum

if TYPE_CHECKING:
    from ..models.linked_out import LinkedOut


T = TypeVar("T", bound="LinkOut")


@_attrs_define
class LinkOut:
    """`tipo`: what this incident is to the other; «original» has the other as its duplicate.

    Attributes:
        id (str):
        tipo (LinkOutTipoEnum): * `padre` - padre
            * `hija` - hija
            * `relacionada` - relacionada
            * `duplicada` - duplicada
            * `original` - original
        incidencia (LinkedOut):
    """

    id: str
    tipo: LinkOutTipoEnum
    incidencia: LinkedOut
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        tipo = self.tipo.value

        incidencia = self.incidencia.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "tipo": tipo,
                "incidencia": incidencia,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.linked_out import LinkedOut

        d = dict(src_dict)
        id = d.pop("id")

        tipo = LinkOutTipoEnum(d.pop("tipo"))

        incidencia = LinkedOut.from_dict(d.pop("incidencia"))

        link_out = cls(
            id=id,
            tipo=tipo,
            incidencia=incidencia,
        )

        link_out.additional_properties = d
        return link_out

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
