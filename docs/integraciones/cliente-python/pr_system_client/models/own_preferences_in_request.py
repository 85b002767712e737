from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.idioma_enum import IdiomaEnum
from ..models.tema_enum import TemaEnum
from ..types import UNSET, Unset

T = TypeVar("T", bound="OwnPreferencesInRequest")


@_attrs_define
class OwnPreferencesInRequest:
    """
    Attributes:
        idioma (IdiomaEnum | Unset): * `` -
            * `es` - es
            * `en` - en
        tema (TemaEnum | Unset): * `auto` - auto
            * `light` - light
            * `dark` - dark
    """

    idioma: IdiomaEnum | Unset = UNSET
    tema: TemaEnum | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        idioma: str | Unset = UNSET
        if not isinstance(self.idioma, Unset):
            idioma = self.idioma.value

        tema: str | Unset = UNSET
        if not isinstance(self.tema, Unset):
            tema = self.tema.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if idioma is not UNSET:
            field_dict["idioma"] = idioma
        if tema is not UNSET:
            field_dict["tema"] = tema

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        _idioma = d.pop("idioma", UNSET)
        idioma: IdiomaEnum | Unset
        if isinstance(_idioma, Unset):
            idioma = UNSET
        else:
            idioma = IdiomaEnum(_idioma)

        _tema = d.pop("tema", UNSET)
        tema: TemaEnum | Unset
        if isinstance(_tema, Unset):
            tema = UNSET
        else:
            tema = TemaEnum(_tema)

        own_preferences_in_request = cls(
            idioma=idioma,
            tema=tema,
        )

        own_preferences_in_request.additional_properties = d
        return own_preferences_in_request

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
