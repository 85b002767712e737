from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.emergency_out import EmergencyOut
    from ..models.targets_out import TargetsOut


T = TypeVar("T", bound="IncidentOut")


@_attrs_define
class IncidentOut:
    """
    Attributes:
        id (str):
        numero (str):
        titulo (str):
        descripcion (str):
        area (str):
        estado (str):
        nivel (str):
        prioridad (str):
        impacto (int):
        urgencia (int):
        origen (str):
        referencia_externa (str):
        reportado_por (str):
        asignado_a (None | str):
        creado_en (datetime.datetime):
        actualizado_en (datetime.datetime):
        sla (TargetsOut):
        solucion (str):
        causa (str):
        motivo_espera (str):
        fusionada_en (None | str):
        emergencia (EmergencyOut): `motivo`: what tells the danger; `indicaciones`: what the site wants done.
        acciones (list[str]):
        version (int):
    """

    id: str
    numero: str
    titulo: str
    descripcion: str
    area: str
    estado: str
    nivel: str
    prioridad: str
    impacto: int
    urgencia: int
    origen: str
    referencia_externa: str
    reportado_por: str
    asignado_a: None | str
    creado_en: datetime.datetime
    actualizado_en: datetime.datetime
    sla: TargetsOut
    solucion: str
    causa: str
    motivo_espera: str
    fusionada_en: None | str
    emergencia: EmergencyOut
    acciones: list[str]
    version: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        numero = self.numero

        titulo = self.titulo

        descripcion = self.descripcion

        area = self.area

        estado = self.estado

        nivel = self.nivel

        prioridad = self.prioridad

        impacto = self.impacto

        urgencia = self.urgencia

        origen = self.origen

        referencia_externa = self.referencia_externa

        reportado_por = self.reportado_por

        asignado_a: None | str
        asignado_a = self.asignado_a

        creado_en = self.creado_en.isoformat()

        actualizado_en = self.actualizado_en.isoformat()

        sla = self.sla.to_dict()

        solucion = self.solucion

        causa = self.causa

        motivo_espera = self.motivo_espera

        fusionada_en: None | str
        fusionada_en = self.fusionada_en

        emergencia = self.emergencia.to_dict()

        acciones = self.acciones

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "numero": numero,
                "titulo": titulo,
                "descripcion": descripcion,
                "area": area,
                "estado": estado,
                "nivel": nivel,
                "prioridad": prioridad,
                "impacto": impacto,
                "urgencia": urgencia,
                "origen": origen,
                "referencia_externa": referencia_externa,
                "reportado_por": reportado_por,
                "asignado_a": asignado_a,
                "creado_en": creado_en,
                "actualizado_en": actualizado_en,
                "sla": sla,
                "solucion": solucion,
                "causa": causa,
                "motivo_espera": motivo_espera,
                "fusionada_en": fusionada_en,
                "emergencia": emergencia,
                "acciones": acciones,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.emergency_out import EmergencyOut
        from ..models.targets_out import TargetsOut

        d = dict(src_dict)
        id = d.pop("id")

        numero = d.pop("numero")

        titulo = d.pop("titulo")

        descripcion = d.pop("descripcion")

        area = d.pop("area")

        estado = d.pop("estado")

        nivel = d.pop("nivel")

        prioridad = d.pop("prioridad")

        impacto = d.pop("impacto")

        urgencia = d.pop("urgencia")

        origen = d.pop("origen")

        referencia_externa = d.pop("referencia_externa")

        reportado_por = d.pop("reportado_por")

        def _parse_asignado_a(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        asignado_a = _parse_asignado_a(d.pop("asignado_a"))

        creado_en = datetime.datetime.fromisoformat(d.pop("creado_en"))

        actualizado_en = datetime.datetime.fromisoformat(d.pop("actualizado_en"))

        sla = TargetsOut.from_dict(d.pop("sla"))

        solucion = d.pop("solucion")

        causa = d.pop("causa")

        motivo_espera = d.pop("motivo_espera")

        def _parse_fusionada_en(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        fusionada_en = _parse_fusionada_en(d.pop("fusionada_en"))

        emergencia = EmergencyOut.from_dict(d.pop("emergencia"))

        acciones = cast(list[str], d.pop("acciones"))

        version = d.pop("version")

        incident_out = cls(
            id=id,
            numero=numero,
            titulo=titulo,
            descripcion=descripcion,
            area=area,
            estado=estado,
            nivel=nivel,
            prioridad=prioridad,
            impacto=impacto,
            urgencia=urgencia,
            origen=origen,
            referencia_externa=referencia_externa,
            reportado_por=reportado_por,
            asignado_a=asignado_a,
            creado_en=creado_en,
            actualizado_en=actualizado_en,
            sla=sla,
            solucion=solucion,
            causa=causa,
            motivo_espera=motivo_espera,
            fusionada_en=fusionada_en,
            emergencia=emergencia,
            acciones=acciones,
            version=version,
        )

        incident_out.additional_properties = d
        return incident_out

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
