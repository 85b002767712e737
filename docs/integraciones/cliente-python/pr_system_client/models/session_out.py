from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.session_out_tipo_enum import SessionOutTipoEnum

T = TypeVar("T", bound="SessionOut")


@_attrs_define
class SessionOut:
    """`tipo`: navegador, or api for a sign-in of the API with its renewals.

    Attributes:
        id (str):
        tipo (SessionOutTipoEnum): * `navegador` - navegador
            * `api` - api
        dispositivo (str):
        direccion (None | str):
        desde (datetime.datetime | None):
        vista (datetime.datetime | None):
    """

    id: str
    tipo: SessionOutTipoEnum
    dispositivo: str
    direccion: None | str
    desde: datetime.datetime | None
    vista: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        tipo = self.tipo.value

        dispositivo = self.dispositivo

        direccion: None | str
        direccion = self.direccion

        desde: None | str
        if isinstance(self.desde, datetime.datetime):
            desde = self.desde.isoformat()
        else:
            desde = self.desde

        vista: None | str
        if isinstance(self.vista, datetime.datetime):
            vista = self.vista.isoformat()
        else:
            vista = self.vista

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "tipo": tipo,
                "dispositivo": dispositivo,
                "direccion": direccion,
                "desde": desde,
                "vista": vista,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        id = d.pop("id")

        tipo = SessionOutTipoEnum(d.pop("tipo"))

        dispositivo = d.pop("dispositivo")

        def _parse_direccion(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        direccion = _parse_direccion(d.pop("direccion"))

        def _parse_desde(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                desde_type_0 = datetime.datetime.fromisoformat(data)

                return desde_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        desde = _parse_desde(d.pop("desde"))

        def _parse_vista(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                vista_type_0 = datetime.datetime.fromisoformat(data)

                return vista_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        vista = _parse_vista(d.pop("vista"))

        session_out = cls(
            id=id,
            tipo=tipo,
            dispositivo=dispositivo,
            direccion=direccion,
            desde=desde,
            vista=vista,
        )

        session_out.additional_properties = d
        return session_out

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
