from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ResolveInRequest")


@_attrs_define
class ResolveInRequest:
    """`version` is the edit counter that the caller saw; another one by now is a 409.

    Attributes:
        solucion (str):
        version (int | Unset):
        causa (str | Unset):
        articulo (None | str | Unset):
        publicar (bool | Unset):
        hijas (str | Unset):
    """

    solucion: str
    version: int | Unset = UNSET
    causa: str | Unset = UNSET
    articulo: None | str | Unset = UNSET
    publicar: bool | Unset = UNSET
    hijas: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        solucion = self.solucion

        version = self.version

        causa = self.causa

        articulo: None | str | Unset
        if isinstance(self.articulo, Unset):
            articulo = UNSET
        else:
            articulo = self.articulo

        publicar = self.publicar

        hijas = self.hijas

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "solucion": solucion,
            }
        )
        if version is not UNSET:
            field_dict["version"] = version
        if causa is not UNSET:
            field_dict["causa"] = causa
        if articulo is not UNSET:
            field_dict["articulo"] = articulo
        if publicar is not UNSET:
            field_dict["publicar"] = publicar
        if hijas is not UNSET:
            field_dict["hijas"] = hijas

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        solucion = d.pop("solucion")

        version = d.pop("version", UNSET)

        causa = d.pop("causa", UNSET)

        def _parse_articulo(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        articulo = _parse_articulo(d.pop("articulo", UNSET))

        publicar = d.pop("publicar", UNSET)

        hijas = d.pop("hijas", UNSET)

        resolve_in_request = cls(
            solucion=solucion,
            version=version,
            causa=causa,
            articulo=articulo,
            publicar=publicar,
            hijas=hijas,
        )

        resolve_in_request.additional_properties = d
        return resolve_in_request

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
