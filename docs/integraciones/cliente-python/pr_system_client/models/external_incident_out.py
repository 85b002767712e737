from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ExternalIncidentOut")


@_attrs_define
class ExternalIncidentOut:
    """
    Attributes:
        incidencia_id (str):
        numero (str):
        titulo (str):
        area (str):
        estado (str):
        nivel (str):
        prioridad (str):
        origen (str):
        referencia_externa (str):
        repeticiones (int):
        solucion (str):
        causa (str):
        aviso_seguridad (str): Va antes de la solución. Vacío donde no hay peligro.
        creado_en (datetime.datetime):
        actualizado_en (datetime.datetime):
        resuelto_en (datetime.datetime | None):
        cerrado_en (datetime.datetime | None):
        fusionada_en (None | str):
        url (str):
    """

    incidencia_id: str
    numero: str
    titulo: str
    area: str
    estado: str
    nivel: str
    prioridad: str
    origen: str
    referencia_externa: str
    repeticiones: int
    solucion: str
    causa: str
    aviso_seguridad: str
    creado_en: datetime.datetime
    actualizado_en: datetime.datetime
    resuelto_en: datetime.datetime | None
    cerrado_en: datetime.datetime | None
    fusionada_en: None | str
    url: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        incidencia_id = self.incidencia_id

        numero = self.numero

        titulo = self.titulo

        area = self.area

        estado = self.estado

        nivel = self.nivel

        prioridad = self.prioridad

        origen = self.origen

        referencia_externa = self.referencia_externa

        repeticiones = self.repeticiones

        solucion = self.solucion

        causa = self.causa

        aviso_seguridad = self.aviso_seguridad

        creado_en = self.creado_en.isoformat()

        actualizado_en = self.actualizado_en.isoformat()

        resuelto_en: None | str
        if isinstance(self.resuelto_en, datetime.datetime):
            resuelto_en = self.resuelto_en.isoformat()
        else:
            resuelto_en = self.resuelto_en

        cerrado_en: None | str
        if isinstance(self.cerrado_en, datetime.datetime):
            cerrado_en = self.cerrado_en.isoformat()
        else:
            cerrado_en = self.cerrado_en

        fusionada_en: None | str
        fusionada_en = self.fusionada_en

        url = self.url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "incidencia_id": incidencia_id,
                "numero": numero,
                "titulo": titulo,
                "area": area,
                "estado": estado,
                "nivel": nivel,
                "prioridad": prioridad,
                "origen": origen,
                "referencia_externa": referencia_externa,
                "repeticiones": repeticiones,
                "solucion": solucion,
                "causa": causa,
                "aviso_seguridad": aviso_seguridad,
                "creado_en": creado_en,
                "actualizado_en": actualizado_en,
                "resuelto_en": resuelto_en,
                "cerrado_en": cerrado_en,
                "fusionada_en": fusionada_en,
                "url": url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        incidencia_id = d.pop("incidencia_id")

        numero = d.pop("numero")

        titulo = d.pop("titulo")

        area = d.pop("area")

        estado = d.pop("estado")

        nivel = d.pop("nivel")

        prioridad = d.pop("prioridad")

        origen = d.pop("origen")

        referencia_externa = d.pop("referencia_externa")

        repeticiones = d.pop("repeticiones")

        solucion = d.pop("solucion")

        causa = d.pop("causa")

        aviso_seguridad = d.pop("aviso_seguridad")

        creado_en = datetime.datetime.fromisoformat(d.pop("creado_en"))

        actualizado_en = datetime.datetime.fromisoformat(d.pop("actualizado_en"))

        def _parse_resuelto_en(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                resuelto_en_type_0 = datetime.datetime.fromisoformat(data)

                return resuelto_en_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        resuelto_en = _parse_resuelto_en(d.pop("resuelto_en"))

        def _parse_cerrado_en(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                cerrado_en_type_0 = datetime.datetime.fromisoformat(data)

                return cerrado_en_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        cerrado_en = _parse_cerrado_en(d.pop("cerrado_en"))

        def _parse_fusionada_en(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        fusionada_en = _parse_fusionada_en(d.pop("fusionada_en"))

        url = d.pop("url")

        external_incident_out = cls(
            incidencia_id=incidencia_id,
            numero=numero,
            titulo=titulo,
            area=area,
            estado=estado,
            nivel=nivel,
            prioridad=prioridad,
            origen=origen,
            referencia_externa=referencia_externa,
            repeticiones=repeticiones,
            solucion=solucion,
            causa=causa,
            aviso_seguridad=aviso_seguridad,
            creado_en=creado_en,
            actualizado_en=actualizado_en,
            resuelto_en=resuelto_en,
            cerrado_en=cerrado_en,
            fusionada_en=fusionada_en,
            url=url,
        )

        external_incident_out.additional_properties = d
        return external_incident_out

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
