from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="UsefulnessOut")


@_attrs_define
class UsefulnessOut:
    """What people said of the article, and how much that moved it.

    Attributes:
        personas (int):
        sirvio_a (int):
        ajuste (float): Lo que sus votos sumaron a `puntaje` o le restaron.
        rechazada (bool): No se propone: no sirvió en casos así.
        motivo (str): Por qué no se propone, en palabras; vacío si se propone.
    """

    personas: int
    sirvio_a: int
    ajuste: float
    rechazada: bool
    motivo: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        personas = self.personas

        sirvio_a = self.sirvio_a

        ajuste = self.ajuste

        rechazada = self.rechazada

        motivo = self.motivo

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "personas": personas,
                "sirvio_a": sirvio_a,
                "ajuste": ajuste,
                "rechazada": rechazada,
                "motivo": motivo,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        personas = d.pop("personas")

        sirvio_a = d.pop("sirvio_a")

        ajuste = d.pop("ajuste")

        rechazada = d.pop("rechazada")

        motivo = d.pop("motivo")

        usefulness_out = cls(
            personas=personas,
            sirvio_a=sirvio_a,
            ajuste=ajuste,
            rechazada=rechazada,
            motivo=motivo,
        )

        usefulness_out.additional_properties = d
        return usefulness_out

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
