from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.riesgo_enum import RiesgoEnum

T = TypeVar("T", bound="TargetsOut")


@_attrs_define
class TargetsOut:
    """
    Attributes:
        respuesta_vence_en (datetime.datetime | None):
        resolucion_vence_en (datetime.datetime | None):
        pausado (bool):
        riesgo (RiesgoEnum): * `ok` - ok
            * `en_riesgo` - en_riesgo
            * `vencido` - vencido
    """

    respuesta_vence_en: datetime.datetime | None
    resolucion_vence_en: datetime.datetime | None
    pausado: bool
    riesgo: RiesgoEnum
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        respuesta_vence_en: None | str
        if isinstance(self.respuesta_vence_en, datetime.datetime):
            respuesta_vence_en = self.respuesta_vence_en.isoformat()
        else:
            respuesta_vence_en = self.respuesta_vence_en

        resolucion_vence_en: None | str
        if isinstance(self.resolucion_vence_en, datetime.datetime):
            resolucion_vence_en = self.resolucion_vence_en.isoformat()
        else:
            resolucion_vence_en = self.resolucion_vence_en

        pausado = self.pausado

        riesgo = self.riesgo.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "respuesta_vence_en": respuesta_vence_en,
                "resolucion_vence_en": resolucion_vence_en,
                "pausado": pausado,
                "riesgo": riesgo,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)

        def _parse_respuesta_vence_en(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                respuesta_vence_en_type_0 = datetime.datetime.fromisoformat(data)

                return respuesta_vence_en_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        respuesta_vence_en = _parse_respuesta_vence_en(d.pop("respuesta_vence_en"))

        def _parse_resolucion_vence_en(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                resolucion_vence_en_type_0 = datetime.datetime.fromisoformat(data)

                return resolucion_vence_en_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        resolucion_vence_en = _parse_resolucion_vence_en(d.pop("resolucion_vence_en"))

        pausado = d.pop("pausado")

        riesgo = RiesgoEnum(d.pop("riesgo"))

        targets_out = cls(
            respuesta_vence_en=respuesta_vence_en,
            resolucion_vence_en=resolucion_vence_en,
            pausado=pausado,
            riesgo=riesgo,
        )

        targets_out.additional_properties = d
        return targets_out

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
