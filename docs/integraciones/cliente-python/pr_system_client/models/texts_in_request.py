from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.blank_enum import BlankEnum
from ..models.idioma_enum import IdiomaEnum
from ..types import UNSET, Unset

T = TypeVar("T", bound="TextsInRequest")


@_attrs_define
class TextsInRequest:
    """Texts that are left out stay as they are. `idioma` empty: recognised from the text.

    Attributes:
        titulo (str | Unset):
        problema (str | Unset):
        causa (str | Unset):
        solucion (str | Unset):
        idioma (BlankEnum | IdiomaEnum | Unset):
    """

    titulo: str | Unset = UNSET
    problema: str | Unset = UNSET
    causa: str | Unset = UNSET
    solucion: str | Unset = UNSET
    idioma: BlankEnum | IdiomaEnum | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        titulo = self.titulo

        problema = self.problema

        causa = self.causa

        solucion = self.solucion

        idioma: str | Unset
        if isinstance(self.idioma, Unset):
            idioma = UNSET
        elif isinstance(self.idioma, IdiomaEnum):
            idioma = self.idioma.value
        else:
            idioma = self.idioma.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if titulo is not UNSET:
            field_dict["titulo"] = titulo
        if problema is not UNSET:
            field_dict["problema"] = problema
        if causa is not UNSET:
            field_dict["causa"] = causa
        if solucion is not UNSET:
            field_dict["solucion"] = solucion
        if idioma is not UNSET:
            field_dict["idioma"] = idioma

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        titulo = d.pop("titulo", UNSET)

        problema = d.pop("problema", UNSET)

        causa = d.pop("causa", UNSET)

        solucion = d.pop("solucion", UNSET)

        def _parse_idioma(data: object) -> BlankEnum | IdiomaEnum | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                idioma_type_0 = IdiomaEnum(data)

                return idioma_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, str):
                raise TypeError()
            idioma_type_1 = BlankEnum(data)

            return idioma_type_1

        idioma = _parse_idioma(d.pop("idioma", UNSET))

        texts_in_request = cls(
            titulo=titulo,
            problema=problema,
            causa=causa,
            solucion=solucion,
            idioma=idioma,
        )

        texts_in_request.additional_properties = d
        return texts_in_request

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
