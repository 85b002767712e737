from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ArticleInRequest")


@_attrs_define
class ArticleInRequest:
    """
    Attributes:
        titulo (str):
        problema (str):
        solucion (str):
        area (str):
        causa (str | Unset):
        publicar (bool | Unset):
    """

    titulo: str
    problema: str
    solucion: str
    area: str
    causa: str | Unset = UNSET
    publicar: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        titulo = self.titulo

        problema = self.problema

        solucion = self.solucion

        area = self.area

        causa = self.causa

        publicar = self.publicar

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "titulo": titulo,
                "problema": problema,
                "solucion": solucion,
                "area": area,
            }
        )
        if causa is not UNSET:
            field_dict["causa"] = causa
        if publicar is not UNSET:
            field_dict["publicar"] = publicar

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        titulo = d.pop("titulo")

        problema = d.pop("problema")

        solucion = d.pop("solucion")

        area = d.pop("area")

        causa = d.pop("causa", UNSET)

        publicar = d.pop("publicar", UNSET)

        article_in_request = cls(
            titulo=titulo,
            problema=problema,
            solucion=solucion,
            area=area,
            causa=causa,
            publicar=publicar,
        )

        article_in_request.additional_properties = d
        return article_in_request

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
