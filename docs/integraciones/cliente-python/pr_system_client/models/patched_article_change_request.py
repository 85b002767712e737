from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.visibilidad_enum import VisibilidadEnum
from ..types import UNSET, Unset

T = TypeVar("T", bound="PatchedArticleChangeRequest")


@_attrs_define
class PatchedArticleChangeRequest:
    """`responsable` null: nobody looks after it. `revisar_el` null: a year after its next publication.

    Attributes:
        area (str | Unset):
        revisar_el (datetime.date | None | Unset):
        visibilidad (VisibilidadEnum | Unset): * `todos` - todos
            * `area` - area
            * `soporte` - soporte
        responsable (None | str | Unset):
    """

    area: str | Unset = UNSET
    revisar_el: datetime.date | None | Unset = UNSET
    visibilidad: VisibilidadEnum | Unset = UNSET
    responsable: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        area = self.area

        revisar_el: None | str | Unset
        if isinstance(self.revisar_el, Unset):
            revisar_el = UNSET
        elif isinstance(self.revisar_el, datetime.date):
            revisar_el = self.revisar_el.isoformat()
        else:
            revisar_el = self.revisar_el

        visibilidad: str | Unset = UNSET
        if not isinstance(self.visibilidad, Unset):
            visibilidad = self.visibilidad.value

        responsable: None | str | Unset
        if isinstance(self.responsable, Unset):
            responsable = UNSET
        else:
            responsable = self.responsable

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if area is not UNSET:
            field_dict["area"] = area
        if revisar_el is not UNSET:
            field_dict["revisar_el"] = revisar_el
        if visibilidad is not UNSET:
            field_dict["visibilidad"] = visibilidad
        if responsable is not UNSET:
            field_dict["responsable"] = responsable

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        area = d.pop("area", UNSET)

        def _parse_revisar_el(data: object) -> datetime.date | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                revisar_el_type_0 = datetime.date.fromisoformat(data)

                return revisar_el_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None | Unset, data)

        revisar_el = _parse_revisar_el(d.pop("revisar_el", UNSET))

        _visibilidad = d.pop("visibilidad", UNSET)
        visibilidad: VisibilidadEnum | Unset
        if isinstance(_visibilidad, Unset):
            visibilidad = UNSET
        else:
            visibilidad = VisibilidadEnum(_visibilidad)

        def _parse_responsable(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        responsable = _parse_responsable(d.pop("responsable", UNSET))

        patched_article_change_request = cls(
            area=area,
            revisar_el=revisar_el,
            visibilidad=visibilidad,
            responsable=responsable,
        )

        patched_article_change_request.additional_properties = d
        return patched_article_change_request

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
