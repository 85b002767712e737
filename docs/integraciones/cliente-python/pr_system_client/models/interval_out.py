from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="IntervalOut")


@_attrs_define
class IntervalOut:
    """
    Attributes:
        desde (datetime.datetime):
        hasta (datetime.datetime | None):
        segundos (int): Segundos de tiempo de trabajo.
    """

    desde: datetime.datetime
    hasta: datetime.datetime | None
    segundos: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        desde = self.desde.isoformat()

        hasta: None | str
        if isinstance(self.hasta, datetime.datetime):
            hasta = self.hasta.isoformat()
        else:
            hasta = self.hasta

        segundos = self.segundos

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "desde": desde,
                "hasta": hasta,
                "segundos": segundos,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        desde = datetime.datetime.fromisoformat(d.pop("desde"))

        def _parse_hasta(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                hasta_type_0 = datetime.datetime.fromisoformat(data)

                return hasta_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        hasta = _parse_hasta(d.pop("hasta"))

        segundos = d.pop("segundos")

        interval_out = cls(
            desde=desde,
            hasta=hasta,
            segundos=segundos,
        )

        interval_out.additional_properties = d
        return interval_out

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
