from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.plazo_enum import PlazoEnum
from ..models.timer_out_estado_enum import TimerOutEstadoEnum

if TYPE_CHECKING:
    from ..models.calendar_out import CalendarOut
    from ..models.interval_out import IntervalOut
    from ..models.mark_out import MarkOut
    from ..models.pause_out import PauseOut


T = TypeVar("T", bound="TimerOut")


@_attrs_define
class TimerOut:
    """
    Attributes:
        plazo (PlazoEnum): * `respuesta` - respuesta
            * `resolucion` - resolucion
        estado (TimerOutEstadoEnum): * `ok` - ok
            * `en_riesgo` - en_riesgo
            * `vencido` - vencido
            * `pausado` - pausado
            * `cumplido` - cumplido
            * `incumplido` - incumplido
        politica (str):
        calendario (CalendarOut):
        empezo_en (datetime.datetime):
        en_riesgo_en (datetime.datetime):
        vence_en (datetime.datetime):
        termino_en (datetime.datetime | None):
        objetivo_segundos (int):
        usado_segundos (int):
        pausado_segundos (int):
        pausas (list[PauseOut]):
        intervalos (list[IntervalOut]):
        intervalos_omitidos (int):
        avisos (list[MarkOut]):
    """

    plazo: PlazoEnum
    estado: TimerOutEstadoEnum
    politica: str
    calendario: CalendarOut
    empezo_en: datetime.datetime
    en_riesgo_en: datetime.datetime
    vence_en: datetime.datetime
    termino_en: datetime.datetime | None
    objetivo_segundos: int
    usado_segundos: int
    pausado_segundos: int
    pausas: list[PauseOut]
    intervalos: list[IntervalOut]
    intervalos_omitidos: int
    avisos: list[MarkOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        plazo = self.plazo.value

        estado = self.estado.value

        politica = self.politica

        calendario = self.calendario.to_dict()

        empezo_en = self.empezo_en.isoformat()

        en_riesgo_en = self.en_riesgo_en.isoformat()

        vence_en = self.vence_en.isoformat()

        termino_en: None | str
        if isinstance(self.termino_en, datetime.datetime):
            termino_en = self.termino_en.isoformat()
        else:
            termino_en = self.termino_en

        objetivo_segundos = self.objetivo_segundos

        usado_segundos = self.usado_segundos

        pausado_segundos = self.pausado_segundos

        pausas = []
        for pausas_item_data in self.pausas:
            pausas_item = pausas_item_data.to_dict()
            pausas.append(pausas_item)

        intervalos = []
        for intervalos_item_data in self.intervalos:
            intervalos_item = intervalos_item_data.to_dict()
            intervalos.append(intervalos_item)

        intervalos_omitidos = self.intervalos_omitidos

        avisos = []
        for avisos_item_data in self.avisos:
            avisos_item = avisos_item_data.to_dict()
            avisos.append(avisos_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "plazo": plazo,
                "estado": estado,
                "politica": politica,
                "calendario": calendario,
                "empezo_en": empezo_en,
                "en_riesgo_en": en_riesgo_en,
                "vence_en": vence_en,
                "termino_en": termino_en,
                "objetivo_segundos": objetivo_segundos,
                "usado_segundos": usado_segundos,
                "pausado_segundos": pausado_segundos,
                "pausas": pausas,
                "intervalos": intervalos,
                "intervalos_omitidos": intervalos_omitidos,
                "avisos": avisos,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.calendar_out import CalendarOut
        from ..models.interval_out import IntervalOut
        from ..models.mark_out import MarkOut
        from ..models.pause_out import PauseOut

        d = dict(src_dict)
        plazo = PlazoEnum(d.pop("plazo"))

        estado = TimerOutEstadoEnum(d.pop("estado"))

        politica = d.pop("politica")

        calendario = CalendarOut.from_dict(d.pop("calendario"))

        empezo_en = datetime.datetime.fromisoformat(d.pop("empezo_en"))

        en_riesgo_en = datetime.datetime.fromisoformat(d.pop("en_riesgo_en"))

        vence_en = datetime.datetime.fromisoformat(d.pop("vence_en"))

        def _parse_termino_en(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                termino_en_type_0 = datetime.datetime.fromisoformat(data)

                return termino_en_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        termino_en = _parse_termino_en(d.pop("termino_en"))

        objetivo_segundos = d.pop("objetivo_segundos")

        usado_segundos = d.pop("usado_segundos")

        pausado_segundos = d.pop("pausado_segundos")

        pausas = []
        _pausas = d.pop("pausas")
        for pausas_item_data in _pausas:
            pausas_item = PauseOut.from_dict(pausas_item_data)

            pausas.append(pausas_item)

        intervalos = []
        _intervalos = d.pop("intervalos")
        for intervalos_item_data in _intervalos:
            intervalos_item = IntervalOut.from_dict(intervalos_item_data)

            intervalos.append(intervalos_item)

        intervalos_omitidos = d.pop("intervalos_omitidos")

        avisos = []
        _avisos = d.pop("avisos")
        for avisos_item_data in _avisos:
            avisos_item = MarkOut.from_dict(avisos_item_data)

            avisos.append(avisos_item)

        timer_out = cls(
            plazo=plazo,
            estado=estado,
            politica=politica,
            calendario=calendario,
            empezo_en=empezo_en,
            en_riesgo_en=en_riesgo_en,
            vence_en=vence_en,
            termino_en=termino_en,
            objetivo_segundos=objetivo_segundos,
            usado_segundos=usado_segundos,
            pausado_segundos=pausado_segundos,
            pausas=pausas,
            intervalos=intervalos,
            intervalos_omitidos=intervalos_omitidos,
            avisos=avisos,
        )

        timer_out.additional_properties = d
        return timer_out

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
