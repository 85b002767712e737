from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types
from ..types import UNSET, File, Unset

T = TypeVar("T", bound="ManualInRequest")


@_attrs_define
class ManualInRequest:
    """
    Attributes:
        archivo (File):
        area (str):
        nombre (str | Unset):
        visibilidad (str | Unset):
    """

    archivo: File
    area: str
    nombre: str | Unset = UNSET
    visibilidad: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        archivo = self.archivo.to_tuple()

        area = self.area

        nombre = self.nombre

        visibilidad = self.visibilidad

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "archivo": archivo,
                "area": area,
            }
        )
        if nombre is not UNSET:
            field_dict["nombre"] = nombre
        if visibilidad is not UNSET:
            field_dict["visibilidad"] = visibilidad

        return field_dict

    def to_multipart(self) -> types.RequestFiles:
        files: types.RequestFiles = []

        files.append(("archivo", self.archivo.to_tuple()))

        files.append(("area", (None, str(self.area).encode(), "text/plain")))

        if not isinstance(self.nombre, Unset):
            files.append(("nombre", (None, str(self.nombre).encode(), "text/plain")))

        if not isinstance(self.visibilidad, Unset):
            files.append(
                ("visibilidad", (None, str(self.visibilidad).encode(), "text/plain"))
            )

        for prop_name, prop in self.additional_properties.items():
            files.append((prop_name, (None, str(prop).encode(), "text/plain")))

        return files

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        archivo = File(payload=BytesIO(d.pop("archivo")))

        area = d.pop("area")

        nombre = d.pop("nombre", UNSET)

        visibilidad = d.pop("visibilidad", UNSET)

        manual_in_request = cls(
            archivo=archivo,
            area=area,
            nombre=nombre,
            visibilidad=visibilidad,
        )

        manual_in_request.additional_properties = d
        return manual_in_request

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
