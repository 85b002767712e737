from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.edition_out import EditionOut
    from ..models.part_out import PartOut


T = TypeVar("T", bound="ManualDetailOut")


@_attrs_define
class ManualDetailOut:
    """
    Attributes:
        manual (str):
        nombre (str):
        area (str):
        visibilidad (str):
        url (str):
        indexado (int): Porcentaje que ya se busca por significado; por palabras, desde antes.
        ediciones (list[EditionOut]):
        partes (list[PartOut]):
    """

    manual: str
    nombre: str
    area: str
    visibilidad: str
    url: str
    indexado: int
    ediciones: list[EditionOut]
    partes: list[PartOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        manual = self.manual

        nombre = self.nombre

        area = self.area

        visibilidad = self.visibilidad

        url = self.url

        indexado = self.indexado

        ediciones = []
        for ediciones_item_data in self.ediciones:
            ediciones_item = ediciones_item_data.to_dict()
            ediciones.append(ediciones_item)

        partes = []
        for partes_item_data in self.partes:
            partes_item = partes_item_data.to_dict()
            partes.append(partes_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "manual": manual,
                "nombre": nombre,
                "area": area,
                "visibilidad": visibilidad,
                "url": url,
                "indexado": indexado,
                "ediciones": ediciones,
                "partes": partes,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.edition_out import EditionOut
        from ..models.part_out import PartOut

        d = dict(src_dict)
        manual = d.pop("manual")

        nombre = d.pop("nombre")

        area = d.pop("area")

        visibilidad = d.pop("visibilidad")

        url = d.pop("url")

        indexado = d.pop("indexado")

        ediciones = []
        _ediciones = d.pop("ediciones")
        for ediciones_item_data in _ediciones:
            ediciones_item = EditionOut.from_dict(ediciones_item_data)

            ediciones.append(ediciones_item)

        partes = []
        _partes = d.pop("partes")
        for partes_item_data in _partes:
            partes_item = PartOut.from_dict(partes_item_data)

            partes.append(partes_item)

        manual_detail_out = cls(
            manual=manual,
            nombre=nombre,
            area=area,
            visibilidad=visibilidad,
            url=url,
            indexado=indexado,
            ediciones=ediciones,
            partes=partes,
        )

        manual_detail_out.additional_properties = d
        return manual_detail_out

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
