from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.hallado_por_enum import HalladoPorEnum

if TYPE_CHECKING:
    from ..models.usefulness_out import UsefulnessOut


T = TypeVar("T", bound="HitOut")


@_attrs_define
class HitOut:
    """
    Attributes:
        articulo (str):
        version (str):
        titulo (str):
        fragmento (str):
        puntaje (float):
        area (str):
        aviso_seguridad (str): Va antes del fragmento. Vacío donde no hay peligro.
        url (str):
        hallado_por (HalladoPorEnum): * `palabras` - palabras
            * `significado` - significado
            * `ambos` - ambos
        utilidad (None | UsefulnessOut): Nulo cuando nadie dijo nada del artículo.
    """

    articulo: str
    version: str
    titulo: str
    fragmento: str
    puntaje: float
    area: str
    aviso_seguridad: str
    url: str
    hallado_por: HalladoPorEnum
    utilidad: None | UsefulnessOut
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.usefulness_out import UsefulnessOut

        articulo = self.articulo

        version = self.version

        titulo = self.titulo

        fragmento = self.fragmento

        puntaje = self.puntaje

        area = self.area

        aviso_seguridad = self.aviso_seguridad

        url = self.url

        hallado_por = self.hallado_por.value

        utilidad: dict[str, Any] | None
        if isinstance(self.utilidad, UsefulnessOut):
            utilidad = self.utilidad.to_dict()
        else:
            utilidad = self.utilidad

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "articulo": articulo,
                "version": version,
                "titulo": titulo,
                "fragmento": fragmento,
                "puntaje": puntaje,
                "area": area,
                "aviso_seguridad": aviso_seguridad,
                "url": url,
                "hallado_por": hallado_por,
                "utilidad": utilidad,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.usefulness_out import UsefulnessOut

        d = dict(src_dict)
        articulo = d.pop("articulo")

        version = d.pop("version")

        titulo = d.pop("titulo")

        fragmento = d.pop("fragmento")

        puntaje = d.pop("puntaje")

        area = d.pop("area")

        aviso_seguridad = d.pop("aviso_seguridad")

        url = d.pop("url")

        hallado_por = HalladoPorEnum(d.pop("hallado_por"))

        def _parse_utilidad(data: object) -> None | UsefulnessOut:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                utilidad_type_0 = UsefulnessOut.from_dict(data)

                return utilidad_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UsefulnessOut, data)

        utilidad = _parse_utilidad(d.pop("utilidad"))

        hit_out = cls(
            articulo=articulo,
            version=version,
            titulo=titulo,
            fragmento=fragmento,
            puntaje=puntaje,
            area=area,
            aviso_seguridad=aviso_seguridad,
            url=url,
            hallado_por=hallado_por,
            utilidad=utilidad,
        )

        hit_out.additional_properties = d
        return hit_out

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
