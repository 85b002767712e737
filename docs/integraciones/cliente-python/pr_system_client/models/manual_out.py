from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ManualOut")


@_attrs_define
class ManualOut:
    """
    Attributes:
        manual (str):
        nombre (str):
        area (str):
        visibilidad (str):
        url (str):
    """

    manual: str
    nombre: str
    area: str
    visibilidad: str
    url: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        manual = self.manual

        nombre = self.nombre

        area = self.area

        visibilidad = self.visibilidad

        url = self.url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "manual": manual,
                "nombre": nombre,
                "area": area,
                "visibilidad": visibilidad,
                "url": url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        manual = d.pop("manual")

        nombre = d.pop("nombre")

        area = d.pop("area")

        visibilidad = d.pop("visibilidad")

        url = d.pop("url")

        manual_out = cls(
            manual=manual,
            nombre=nombre,
            area=area,
            visibilidad=visibilidad,
            url=url,
        )

        manual_out.additional_properties = d
        return manual_out

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
