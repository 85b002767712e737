from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.edition_out_estado_enum import EditionOutEstadoEnum

if TYPE_CHECKING:
    from ..models.sign_out import SignOut


T = TypeVar("T", bound="EditionOut")


@_attrs_define
class EditionOut:
    """
    Attributes:
        edicion (int):
        estado (EditionOutEstadoEnum): * `pendiente` - pendiente
            * `retenida` - retenida
            * `en_uso` - en_uso
            * `reemplazada` - reemplazada
            * `fallida` - fallida
            * `borrada` - borrada
        motivo (str):
        archivo (str):
        sha256 (str):
        paginas (int):
        partes (int):
        creado_en (datetime.datetime):
        retencion (list[SignOut]): Lo que la retiene; vacía si nada la retiene.
    """

    edicion: int
    estado: EditionOutEstadoEnum
    motivo: str
    archivo: str
    sha256: str
    paginas: int
    partes: int
    creado_en: datetime.datetime
    retencion: list[SignOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        edicion = self.edicion

        estado = self.estado.value

        motivo = self.motivo

        archivo = self.archivo

        sha256 = self.sha256

        paginas = self.paginas

        partes = self.partes

        creado_en = self.creado_en.isoformat()

        retencion = []
        for retencion_item_data in self.retencion:
            retencion_item = retencion_item_data.to_dict()
            retencion.append(retencion_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "edicion": edicion,
                "estado": estado,
                "motivo": motivo,
                "archivo": archivo,
                "sha256": sha256,
                "paginas": paginas,
                "partes": partes,
                "creado_en": creado_en,
                "retencion": retencion,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.sign_out import SignOut

        d = dict(src_dict)
        edicion = d.pop("edicion")

        estado = EditionOutEstadoEnum(d.pop("estado"))

        motivo = d.pop("motivo")

        archivo = d.pop("archivo")

        sha256 = d.pop("sha256")

        paginas = d.pop("paginas")

        partes = d.pop("partes")

        creado_en = datetime.datetime.fromisoformat(d.pop("creado_en"))

        retencion = []
        _retencion = d.pop("retencion")
        for retencion_item_data in _retencion:
            retencion_item = SignOut.from_dict(retencion_item_data)

            retencion.append(retencion_item)

        edition_out = cls(
            edicion=edicion,
            estado=estado,
            motivo=motivo,
            archivo=archivo,
            sha256=sha256,
            paginas=paginas,
            partes=partes,
            creado_en=creado_en,
            retencion=retencion,
        )

        edition_out.additional_properties = d
        return edition_out

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
