from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.resultado_enum import ResultadoEnum

T = TypeVar("T", bound="ActionRowOut")


@_attrs_define
class ActionRowOut:
    """`codigo` and `motivo` say why one was refused.

    Attributes:
        id (str):
        numero (str):
        resultado (ResultadoEnum): * `hecha` - hecha
            * `rechazada` - rechazada
        codigo (str):
        motivo (str):
    """

    id: str
    numero: str
    resultado: ResultadoEnum
    codigo: str
    motivo: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        numero = self.numero

        resultado = self.resultado.value

        codigo = self.codigo

        motivo = self.motivo

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "numero": numero,
                "resultado": resultado,
                "codigo": codigo,
                "motivo": motivo,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        id = d.pop("id")

        numero = d.pop("numero")

        resultado = ResultadoEnum(d.pop("resultado"))

        codigo = d.pop("codigo")

        motivo = d.pop("motivo")

        action_row_out = cls(
            id=id,
            numero=numero,
            resultado=resultado,
            codigo=codigo,
            motivo=motivo,
        )

        action_row_out.additional_properties = d
        return action_row_out

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
