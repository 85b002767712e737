from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="AttachmentOut")


@_attrs_define
class AttachmentOut:
    """
    Attributes:
        id (str):
        nombre (str):
        tipo (str):
        bytes_ (int):
        sha256 (str):
        interno (bool):
        revision (str): '' | retenido | limpio | infectado
        subido_por (None | str):
        creado_en (datetime.datetime):
        url (str):
    """

    id: str
    nombre: str
    tipo: str
    bytes_: int
    sha256: str
    interno: bool
    revision: str
    subido_por: None | str
    creado_en: datetime.datetime
    url: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        nombre = self.nombre

        tipo = self.tipo

        bytes_ = self.bytes_

        sha256 = self.sha256

        interno = self.interno

        revision = self.revision

        subido_por: None | str
        subido_por = self.subido_por

        creado_en = self.creado_en.isoformat()

        url = self.url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "nombre": nombre,
                "tipo": tipo,
                "bytes": bytes_,
                "sha256": sha256,
                "interno": interno,
                "revision": revision,
                "subido_por": subido_por,
                "creado_en": creado_en,
                "url": url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        id = d.pop("id")

        nombre = d.pop("nombre")

        tipo = d.pop("tipo")

        bytes_ = d.pop("bytes")

        sha256 = d.pop("sha256")

        interno = d.pop("interno")

        revision = d.pop("revision")

        def _parse_subido_por(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        subido_por = _parse_subido_por(d.pop("subido_por"))

        creado_en = datetime.datetime.fromisoformat(d.pop("creado_en"))

        url = d.pop("url")

        attachment_out = cls(
            id=id,
            nombre=nombre,
            tipo=tipo,
            bytes_=bytes_,
            sha256=sha256,
            interno=interno,
            revision=revision,
            subido_por=subido_por,
            creado_en=creado_en,
            url=url,
        )

        attachment_out.additional_properties = d
        return attachment_out

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
