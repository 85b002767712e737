from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.external_similar_out import ExternalSimilarOut


T = TypeVar("T", bound="ExternalReportOut")


@_attrs_define
class ExternalReportOut:
    """
    Attributes:
        incidencia_id (str):
        numero (str):
        estado (str):
        nivel (str):
        prioridad (str):
        url (str):
        repeticiones (int): Eventos iguales contados en la incidencia, con el primero.
        silenciada_hasta (datetime.datetime | None): Fin de la ventana de mantenimiento.
        similares (list[ExternalSimilarOut]): Vacía para claves sin `incidencias:read`.
        avisos (list[str] | Unset): Lo que vino en el cuerpo y no se usó: campos que no existen.
    """

    incidencia_id: str
    numero: str
    estado: str
    nivel: str
    prioridad: str
    url: str
    repeticiones: int
    silenciada_hasta: datetime.datetime | None
    similares: list[ExternalSimilarOut]
    avisos: list[str] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        incidencia_id = self.incidencia_id

        numero = self.numero

        estado = self.estado

        nivel = self.nivel

        prioridad = self.prioridad

        url = self.url

        repeticiones = self.repeticiones

        silenciada_hasta: None | str
        if isinstance(self.silenciada_hasta, datetime.datetime):
            silenciada_hasta = self.silenciada_hasta.isoformat()
        else:
            silenciada_hasta = self.silenciada_hasta

        similares = []
        for similares_item_data in self.similares:
            similares_item = similares_item_data.to_dict()
            similares.append(similares_item)

        avisos: list[str] | Unset = UNSET
        if not isinstance(self.avisos, Unset):
            avisos = self.avisos

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "incidencia_id": incidencia_id,
                "numero": numero,
                "estado": estado,
                "nivel": nivel,
                "prioridad": prioridad,
                "url": url,
                "repeticiones": repeticiones,
                "silenciada_hasta": silenciada_hasta,
                "similares": similares,
            }
        )
        if avisos is not UNSET:
            field_dict["avisos"] = avisos

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.external_similar_out import ExternalSimilarOut

        d = dict(src_dict)
        incidencia_id = d.pop("incidencia_id")

        numero = d.pop("numero")

        estado = d.pop("estado")

        nivel = d.pop("nivel")

        prioridad = d.pop("prioridad")

        url = d.pop("url")

        repeticiones = d.pop("repeticiones")

        def _parse_silenciada_hasta(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                silenciada_hasta_type_0 = datetime.datetime.fromisoformat(data)

                return silenciada_hasta_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        silenciada_hasta = _parse_silenciada_hasta(d.pop("silenciada_hasta"))

        similares = []
        _similares = d.pop("similares")
        for similares_item_data in _similares:
            similares_item = ExternalSimilarOut.from_dict(similares_item_data)

            similares.append(similares_item)

        avisos = cast(list[str], d.pop("avisos", UNSET))

        external_report_out = cls(
            incidencia_id=incidencia_id,
            numero=numero,
            estado=estado,
            nivel=nivel,
            prioridad=prioridad,
            url=url,
            repeticiones=repeticiones,
            silenciada_hasta=silenciada_hasta,
            similares=similares,
            avisos=avisos,
        )

        external_report_out.additional_properties = d
        return external_report_out

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
