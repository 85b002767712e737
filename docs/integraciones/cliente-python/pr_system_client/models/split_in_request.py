from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="SplitInRequest")


@_attrs_define
class SplitInRequest:
    """`comentarios` and `adjuntos`: the ids of those that go along.

    Attributes:
        titulo (str):
        descripcion (str):
        version (int | Unset):
        comentarios (list[str] | Unset):
        adjuntos (list[str] | Unset):
    """

    titulo: str
    descripcion: str
    version: int | Unset = UNSET
    comentarios: list[str] | Unset = UNSET
    adjuntos: list[str] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        titulo = self.titulo

        descripcion = self.descripcion

        version = self.version

        comentarios: list[str] | Unset = UNSET
        if not isinstance(self.comentarios, Unset):
            comentarios = self.comentarios

        adjuntos: list[str] | Unset = UNSET
        if not isinstance(self.adjuntos, Unset):
            adjuntos = self.adjuntos

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "titulo": titulo,
                "descripcion": descripcion,
            }
        )
        if version is not UNSET:
            field_dict["version"] = version
        if comentarios is not UNSET:
            field_dict["comentarios"] = comentarios
        if adjuntos is not UNSET:
            field_dict["adjuntos"] = adjuntos

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        titulo = d.pop("titulo")

        descripcion = d.pop("descripcion")

        version = d.pop("version", UNSET)

        comentarios = cast(list[str], d.pop("comentarios", UNSET))

        adjuntos = cast(list[str], d.pop("adjuntos", UNSET))

        split_in_request = cls(
            titulo=titulo,
            descripcion=descripcion,
            version=version,
            comentarios=comentarios,
            adjuntos=adjuntos,
        )

        split_in_request.additional_properties = d
        return split_in_request

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
