from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.mark_out_que_enum import MarkOutQueEnum

T = TypeVar("T", bound="MarkOut")


@_attrs_define
class MarkOut:
    """
    Attributes:
        que (MarkOutQueEnum): * `aviso` - aviso
            * `vencido` - vencido
            * `regla` - regla
        regla (None | str):
        en (datetime.datetime):
    """

    que: MarkOutQueEnum
    regla: None | str
    en: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        que = self.que.value

        regla: None | str
        regla = self.regla

        en = self.en.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "que": que,
                "regla": regla,
                "en": en,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        que = MarkOutQueEnum(d.pop("que"))

        def _parse_regla(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        regla = _parse_regla(d.pop("regla"))

        en = datetime.datetime.fromisoformat(d.pop("en"))

        mark_out = cls(
            que=que,
            regla=regla,
            en=en,
        )

        mark_out.additional_properties = d
        return mark_out

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
