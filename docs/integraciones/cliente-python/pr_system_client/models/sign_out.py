from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.sign_out_tipo_enum import SignOutTipoEnum

T = TypeVar("T", bound="SignOut")


@_attrs_define
class SignOut:
    """One reason why a text is held, and the words that it was told by.

    Attributes:
        tipo (SignOutTipoEnum): * `modelo` - modelo
            * `secreto` - secreto
            * `reenvio` - reenvio
            * `silencio` - silencio
            * `amenaza` - amenaza
            * `dinero` - dinero
            * `acceso` - acceso
        motivo (str):
        palabras (str):
    """

    tipo: SignOutTipoEnum
    motivo: str
    palabras: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        tipo = self.tipo.value

        motivo = self.motivo

        palabras = self.palabras

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "tipo": tipo,
                "motivo": motivo,
                "palabras": palabras,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        tipo = SignOutTipoEnum(d.pop("tipo"))

        motivo = d.pop("motivo")

        palabras = d.pop("palabras")

        sign_out = cls(
            tipo=tipo,
            motivo=motivo,
            palabras=palabras,
        )

        sign_out.additional_properties = d
        return sign_out

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
