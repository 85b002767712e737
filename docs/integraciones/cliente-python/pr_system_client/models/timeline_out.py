from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.timeline_out_tipo_enum import TimelineOutTipoEnum

if TYPE_CHECKING:
    from ..models.timeline_out_detalles import TimelineOutDetalles


T = TypeVar("T", bound="TimelineOut")


@_attrs_define
class TimelineOut:
    """
    Attributes:
        id (str):
        tipo (TimelineOutTipoEnum): * `cambio` - cambio
            * `comentario` - comentario
        momento (datetime.datetime):
        actor (str):
        accion (str):
        detalles (TimelineOutDetalles):
        cuerpo (str):
        interno (bool):
    """

    id: str
    tipo: TimelineOutTipoEnum
    momento: datetime.datetime
    actor: str
    accion: str
    detalles: TimelineOutDetalles
    cuerpo: str
    interno: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        tipo = self.tipo.value

        momento = self.momento.isoformat()

        actor = self.actor

        accion = self.accion

        detalles = self.detalles.to_dict()

        cuerpo = self.cuerpo

        interno = self.interno

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "tipo": tipo,
                "momento": momento,
                "actor": actor,
                "accion": accion,
                "detalles": detalles,
                "cuerpo": cuerpo,
                "interno": interno,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.timeline_out_detalles import TimelineOutDetalles

        d = dict(src_dict)
        id = d.pop("id")

        tipo = TimelineOutTipoEnum(d.pop("tipo"))

        momento = datetime.datetime.fromisoformat(d.pop("momento"))

        actor = d.pop("actor")

        accion = d.pop("accion")

        detalles = TimelineOutDetalles.from_dict(d.pop("detalles"))

        cuerpo = d.pop("cuerpo")

        interno = d.pop("interno")

        timeline_out = cls(
            id=id,
            tipo=tipo,
            momento=momento,
            actor=actor,
            accion=accion,
            detalles=detalles,
            cuerpo=cuerpo,
            interno=interno,
        )

        timeline_out.additional_properties = d
        return timeline_out

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
