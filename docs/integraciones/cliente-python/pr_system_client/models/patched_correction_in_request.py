from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="PatchedCorrectionInRequest")


@_attrs_define
class PatchedCorrectionInRequest:
    """`version` is the edit counter that the caller saw; another one by now is a 409.

    Attributes:
        version (int | Unset):
        titulo (str | Unset):
        descripcion (str | Unset):
        area (str | Unset):
        prioridad (str | Unset):
        impacto (int | Unset):
        urgencia (int | Unset):
    """

    version: int | Unset = UNSET
    titulo: str | Unset = UNSET
    descripcion: str | Unset = UNSET
    area: str | Unset = UNSET
    prioridad: str | Unset = UNSET
    impacto: int | Unset = UNSET
    urgencia: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        version = self.version

        titulo = self.titulo

        descripcion = self.descripcion

        area = self.area

        prioridad = self.prioridad

        impacto = self.impacto

        urgencia = self.urgencia

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if version is not UNSET:
            field_dict["version"] = version
        if titulo is not UNSET:
            field_dict["titulo"] = titulo
        if descripcion is not UNSET:
            field_dict["descripcion"] = descripcion
        if area is not UNSET:
            field_dict["area"] = area
        if prioridad is not UNSET:
            field_dict["prioridad"] = prioridad
        if impacto is not UNSET:
            field_dict["impacto"] = impacto
        if urgencia is not UNSET:
            field_dict["urgencia"] = urgencia

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        version = d.pop("version", UNSET)

        titulo = d.pop("titulo", UNSET)

        descripcion = d.pop("descripcion", UNSET)

        area = d.pop("area", UNSET)

        prioridad = d.pop("prioridad", UNSET)

        impacto = d.pop("impacto", UNSET)

        urgencia = d.pop("urgencia", UNSET)

        patched_correction_in_request = cls(
            version=version,
            titulo=titulo,
            descripcion=descripcion,
            area=area,
            prioridad=prioridad,
            impacto=impacto,
            urgencia=urgencia,
        )

        patched_correction_in_request.additional_properties = d
        return patched_correction_in_request

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
