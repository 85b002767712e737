from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="MeOut")


@_attrs_define
class MeOut:
    """
    Attributes:
        id (str):
        username (str):
        nombre (str):
        roles (list[str]):
        areas (list[str]):
        idioma (str):
    """

    id: str
    username: str
    nombre: str
    roles: list[str]
    areas: list[str]
    idioma: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        username = self.username

        nombre = self.nombre

        roles = self.roles

        areas = self.areas

        idioma = self.idioma

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "username": username,
                "nombre": nombre,
                "roles": roles,
                "areas": areas,
                "idioma": idioma,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        id = d.pop("id")

        username = d.pop("username")

        nombre = d.pop("nombre")

        roles = cast(list[str], d.pop("roles"))

        areas = cast(list[str], d.pop("areas"))

        idioma = d.pop("idioma")

        me_out = cls(
            id=id,
            username=username,
            nombre=nombre,
            roles=roles,
            areas=areas,
            idioma=idioma,
        )

        me_out.additional_properties = d
        return me_out

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
